"""Sentences for what is wrong with an interchange's syntax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.text import Text
from tapal.formats.edifact import Problem
from tapal.kinds.crossing.reading import clean

_COUNT = Text(
    "{place}: jumlah yang disebut {found}, yang ada {expected}.",
    "{place}: the count says {found}, there are {expected}.",
)
_REFERENCE = Text(
    "{place}: acuan {found} tidak sama dengan {expected} di pembukanya.",
    "{place}: the reference {found} is not {expected} of its opening.",
)
_MISSING = Text("{expected} tidak ada (setelah {place}).", "{expected} is missing (after {place}).")

_WORDS: Mapping[str, Text] = {
    "unt_count": _COUNT,
    "une_count": _COUNT,
    "unz_count": _COUNT,
    "unt_reference": _REFERENCE,
    "une_reference": _REFERENCE,
    "unz_reference": _REFERENCE,
    "unt_missing": _MISSING,
    "une_missing": _MISSING,
    "unz_missing": _MISSING,
    "unh_missing": Text(
        "{place} berdiri di luar pesan (UNH).", "{place} stands outside a message (UNH)."
    ),
    "ung_missing": Text("{place} tanpa UNG.", "{place} without UNG."),
    "unb_missing": Text("Pembuka UNB tidak ada.", "The opening UNB is missing."),
    "una_short": Text("UNA kehilangan satu karakter.", "UNA has lost one character."),
    "una_unusable": Text(
        "UNA menyebut pemisah yang sama dua kali; pemisah baku dipakai.",
        "UNA names one separator twice; the standard ones are used.",
    ),
    "separators_inferred": Text(
        "Pemisah disimpulkan dari isinya, tanpa UNA.",
        "The separators were worked out from the content, without UNA.",
    ),
    "separators_unclear": Text(
        "Pemisah tidak jelas; pemisah baku dipakai.",
        "The separators are unclear; the standard ones are used.",
    ),
    "text_before_interchange": Text(
        "Ada teks sebelum pesan (kepala teleks): {found}.",
        "There is text before the interchange (telex header): {found}.",
    ),
    "text_after_interchange": Text(
        "Ada teks sesudah pesan: {found}.", "There is text after the interchange: {found}."
    ),
    "not_a_segment": Text("Bukan segmen: {found}.", "Not a segment: {found}."),
    "not_edifact": Text("Bukan EDIFACT: {found}.", "Not EDIFACT: {found}."),
    "line_break_in_segment": Text(
        "{place}: ganti baris di tengah segmen dihapus.",
        "{place}: a line break inside the segment was taken out.",
    ),
    "terminator_missing": Text(
        "{place}: penutup segmen tidak ada.", "{place}: the segment's terminator is missing."
    ),
    "segment_too_long": Text(
        "{place}: segmen {found} bita dipotong setelah {expected}.",
        "{place}: a segment of {found} bytes was cut after {expected}.",
    ),
    "lower_case": Text(
        "Pesan dikirim dengan huruf kecil; dibaca sebagai huruf besar.",
        "The message was sent in lower case; it was read as capitals.",
    ),
    "charset": Text(
        "{place}: huruf di luar {expected}; dibaca sebagai {found}.",
        "{place}: letters outside {expected}; read as {found}.",
    ),
}
_LOST = frozenset(
    {"not_a_segment", "not_edifact", "segment_too_long", "unt_missing", "terminator_missing"}
)
"""Problems after which something may be missing: they are looked at, the others only noted."""


MOST_OF_A_SORT = 5
"""Faults of one sort in one message that are told one by one; a count stands for the rest."""
_MORE = Text(
    "Kesalahan yang sama masih {n} kali lagi dalam pesan ini, terakhir di {place}.",
    "The same fault stands {n} times more in this message, last at {place}.",
)


def said_of_all(problems: Sequence[Problem]) -> list[Finding]:
    """The findings of a message's faults in order; a fault in every segment is not told each time."""
    by_code: dict[str, list[Problem]] = {}
    for problem in problems:
        by_code.setdefault(problem.code, []).append(problem)
    told = [problem for each in by_code.values() for problem in each[:MOST_OF_A_SORT]]
    told.sort(key=lambda problem: problem.place.position)
    rest = [each for each in by_code.values() if len(each) > MOST_OF_A_SORT]
    return [*map(said_of, told), *(_more(each) for each in rest)]


def _more(problems: Sequence[Problem]) -> Finding:
    last = said_of(problems[-1])
    count = len(problems) - MOST_OF_A_SORT
    text = _MORE.fill(n=count, place=problems[-1].place)
    return replace(last, text=text, data={**last.data, "count": count})


def said_of(problem: Problem) -> Finding:
    """The finding that tells of a fault of syntax."""
    text = _WORDS[problem.code].fill(
        place=problem.place, expected=problem.expected, found=clean(problem.found) or "-"
    )
    compared: tuple[Compared, ...] = ()
    if problem.code.endswith(("_count", "_reference")):
        label = Text("jumlah atau acuan", "count or reference")
        compared = (Compared(label, clean(problem.found), clean(problem.expected), agree=False),)
    return Finding(
        f"edifact_{problem.code}",
        Weight.LOOK if problem.code in _LOST else Weight.NOTE,
        text,
        compared=compared,
        about=f"{problem.place}, line {problem.place.line}",
        data={"place": str(problem.place), "line": problem.place.line},
    )
