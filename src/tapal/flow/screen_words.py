"""What a hit on a list says: which entry of which list, and what such a hit is and is not.

Each list has a second sentence of its own (data/lists.csv): a red notice is a request, a yellow one
means protection, a lost document tells nothing of its holder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from tapal.core.text import Text
from tapal.data import table
from tapal.engines.screening import Band


@dataclass(frozen=True, slots=True)
class Named:
    """An entry as a sentence names it; `roll` is the list's code."""

    roll: str
    label: Text
    number: str
    authority: str
    valid_until: date | None


_SAID = {
    Band.ALERT: Text("Cocok dengan {entry}.", "Matches {entry}."),
    Band.LOOK: Text(
        "Mirip dengan {entry}; sebagian datanya berbeda.",
        "Resembles {entry}; some details differ.",
    ),
    Band.TIE: Text(
        "Bernama sama dengan {entry}, tetapi data daftar terlalu sedikit untuk membedakan orangnya.",
        "Has the same name as {entry}, but the list says too little to tell people apart.",
    ),
}
_ENTRY = Text(
    "entri {number} pada {roll} ({authority}{until})",
    "entry {number} on the {roll} ({authority}{until})",
)
_LEAD = Text(
    "Ini petunjuk, bukan putusan: periksa sebelum bertindak.",
    "A lead, not a verdict: verify before acting.",
)
PERHAPS_CITIZEN = Text(
    "Kewarganegaraannya belum pasti: bagi warga negara entri ini tidak berlaku.",
    "The nationality is not certain: for a citizen this entry does not hold.",
)
_LATER = Text(
    "Retrospektif: entri ini baru berlaku di sini sejak {day}, setelah catatan ini.",
    "Retrospective: this entry has been in force here only since {day}, after this record.",
)


def retrospective(since: date) -> Text:
    """That an entry came in force only after the record was made."""
    return _LATER.fill(day=f"{since:%d-%m-%Y}")


@cache
def _advice() -> Mapping[str, Text]:
    """What each list is and is not, and who confirms a hit, by the list's code."""
    return {
        row["code"]: Text(row["advice_id"], row["advice_en"])
        for row in table("lists.csv")
        if row["advice_id"]
    }


def _inside(label: str) -> str:
    """A label within a sentence: without its capital, unless that is a name's or an abbreviation's."""
    plain = label[1:2].islower() and not label.startswith("Interpol")
    return label[:1].lower() + label[1:] if plain else label


def sentence(band: Band, entry: Named) -> Text:
    """Which entry of which list, whose it is and until when; then what such a hit means."""
    said, until = _SAID[band], entry.valid_until
    named = (_ENTRY.id, entry.label.id, "berlaku sampai"), (_ENTRY.en, entry.label.en, "until")
    entries = [
        form.format(
            number=entry.number,
            roll=_inside(label),
            authority=entry.authority or "-",
            until=f", {word} {until:%d-%m-%Y}" if until else "",
        )
        for form, label, word in named
    ]
    advice = _advice().get(entry.roll, _LEAD)
    return Text(
        f"{said.id.format(entry=entries[0])} {advice.id}",
        f"{said.en.format(entry=entries[1])} {advice.en}",
    )
