"""What a camera may have misread in a machine readable zone. Suggestions only.

Source: ICAO Doc 9303 part 3 lists the OCR-B shapes; the pairs are those that readers confuse.
"""

from __future__ import annotations

from itertools import combinations, product

from tapal.formats.mrz_layout import check_digit

TO_DIGIT = {
    "O": "0",
    "Q": "0",
    "D": "0",
    "I": "1",
    "L": "1",
    "Z": "2",
    "S": "5",
    "G": "6",
    "B": "8",
}
TO_LETTER = {"0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}
MOST_CHANGES = 2
"""More exchanged characters than this explain too much to be worth a suggestion."""


def suggest_digits(text: str) -> str:
    """The digits that letters in a numeric field stand for, "" when not all are explained."""
    changed = "".join(TO_DIGIT.get(c, c) for c in text)
    return changed if all(c.isdigit() or c == "<" for c in changed) else ""


def suggest_alpha(text: str) -> str:
    """The letters that digits in an alphabetic field stand for, "" when not all are explained."""
    changed = "".join(TO_LETTER.get(c, c) for c in text)
    return "" if any(c.isdigit() for c in changed) else changed


def suggest_checked(text: str, digit: str) -> str:
    """The one nearest reading of `text` whose check digit is `digit`.

    Returns "" when none, or more than one at the same distance, would explain it. A digit that was
    itself misread is read as its digit first.
    """
    wanted = TO_DIGIT.get(digit, digit)
    if check_digit(text) == wanted:
        return text if wanted != digit else ""
    spots = [i for i, c in enumerate(text) if _others(c)]
    for count in range(1, MOST_CHANGES + 1):
        found = {
            changed
            for chosen in combinations(spots, count)
            for changed in _variants(text, chosen)
            if check_digit(changed) == wanted
        }
        if len(found) == 1:
            return found.pop()
        if found:
            return ""
    return ""


def _others(character: str) -> list[str]:
    others = [TO_DIGIT[character]] if character in TO_DIGIT else []
    if character in TO_LETTER:
        others.append(TO_LETTER[character])
    return others


def _variants(text: str, spots: tuple[int, ...]) -> list[str]:
    choices = product(*(_others(text[i]) for i in spots))
    return [_put(text, spots, choice) for choice in choices]


def _put(text: str, spots: tuple[int, ...], choice: tuple[str, ...]) -> str:
    characters = list(text)
    for spot, character in zip(spots, choice, strict=True):
        characters[spot] = character
    return "".join(characters)
