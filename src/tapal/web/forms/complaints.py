"""What pydantic complains of, in the two languages of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tapal.core.text import Text, same

_WORDS: Mapping[str, Text] = {
    "missing": Text("Wajib diisi.", "Required."),
    "string_too_short": Text("Terlalu pendek.", "Too short."),
    "string_too_long": Text(
        "Terlalu panjang (paling banyak {max_length} huruf).",
        "Too long (at most {max_length} characters).",
    ),
    "string_pattern_mismatch": Text("Bentuknya tidak sesuai.", "Not in the right form."),
    "literal_error": Text("Pilih salah satu yang tersedia.", "Choose one of those offered."),
    "enum": Text("Pilih salah satu yang tersedia.", "Choose one of those offered."),
    "greater_than": Text("Harus lebih dari {gt}.", "Must be more than {gt}."),
    "greater_than_equal": Text("Paling sedikit {ge}.", "At least {ge}."),
    "less_than": Text("Harus kurang dari {lt}.", "Must be less than {lt}."),
    "less_than_equal": Text("Paling banyak {le}.", "At most {le}."),
    "extra_forbidden": Text("Bidang ini tidak dikenal.", "This field is not known."),
}
_DAY = Text("Tulis tanggal seperti 14-02-1988.", "Write the day as in 14-02-1988.")
_NUMBER = Text("Tulis angka.", "Write a number.")
_STARTS = (
    ("date_from", _DAY),
    ("date", _DAY),
    ("int", _NUMBER),
    ("decimal", _NUMBER),
    ("float", _NUMBER),
    ("timezone", _DAY),
)


# Any: pydantic's error details hold whatever the failing check names.
def complaint(error: Mapping[str, Any]) -> Text:
    """One error of pydantic as a sentence; a model's own error may carry a `Text`."""
    context = error.get("ctx") or {}
    raised = context.get("error")
    if isinstance(raised, Exception) and raised.args and isinstance(raised.args[0], Text):
        return raised.args[0]
    if words := _WORDS.get(error["type"]):
        return words.fill(**context)
    for start, words in _STARTS:
        if str(error["type"]).startswith(start):
            return words
    return same(str(error["msg"]).removeprefix("Value error, "))
