"""What is wrong with an answer, in the officer's words instead of the library's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

from tapal.core.text import Text

_SAID: Final[Mapping[str, Text]] = {
    "missing": Text("wajib diisi", "it is required"),
    "extra_forbidden": Text("bidang ini tidak dikenal", "this field is not known"),
    "string_too_short": Text("wajib diisi", "it is required"),
    "string_too_long": Text("terlalu panjang", "it is too long"),
    "string_pattern_mismatch": Text("bentuknya tidak sesuai", "its form does not fit"),
    "string_type": Text("harus berupa teks", "it must be a text"),
    "list_type": Text("harus berupa daftar", "it must be a list"),
}
_TIME: Final = Text(
    "bukan waktu yang sah (contoh: 2026-03-10 09:30)", "no valid time (such as 2026-03-10 09:30)"
)
_OTHER: Final = Text("nilainya tidak sesuai", "its value does not fit")


def complaint(error: ErrorDetails) -> Text:
    """The error with what was given; for a choice, what may be chosen."""
    given = _given(error.get("input"))
    kind = str(error["type"])
    if kind == "literal_error":
        choices = str((error.get("ctx") or {}).get("expected", "")).replace(" or ", ", ")
        return Text(f"{given} bukan salah satu dari {choices}", f"{given} is none of {choices}")
    said = _TIME if kind.startswith(("date", "time")) else _SAID.get(kind, _OTHER)
    return said if kind == "missing" else Text(f"{given}: {said.id}", f"{given}: {said.en}")


def _given(value: Any) -> str:  # Any: whatever the sender wrote
    return repr(value if isinstance(value, str) else str(value))[:80]
