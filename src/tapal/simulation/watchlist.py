"""The watch list of a simulation: entries of planted people among many that nobody matches."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from random import Random

from tapal.simulation.names import make_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One listing: what `tapal screen` takes, then its list, direction, legal basis and dates."""

    id: str
    schema: str = "Person"
    name: str
    aliases: str = ""
    dob: str = ""
    nationality: str = ""
    doc_number: str = ""
    gender: str = ""
    culture: str = ""
    list: str
    direction: str = ""
    authority: str = ""
    number: str = ""
    legal_basis: str = ""
    valid_from: str = ""
    valid_until: str = ""
    reason: str = ""


COLUMNS = tuple(field.name for field in fields(Entry))

# What an entry of each list carries besides the person: direction, authority, basis, term in days.
_LISTS = {
    "cegah": ("exit", "IMI", "UU 6/2011 art. 91; UU 63/2024", 182),
    "tangkal": ("entry", "IMI", "UU 6/2011 art. 98; UU 63/2024", 3652),
    "lost_documents": ("both", "IMI", "laporan kehilangan", 1826),
    "sanctions": ("both", "KEMLU", "daftar sanksi", 0),
    "interpol_red": ("both", "HUBINTER", "permintaan, bukan surat perintah", 1826),
    "interpol_yellow": ("both", "HUBINTER", "orang hilang", 1826),
    "dpo": ("both", "POLRI", "KUHAP", 1826),
    "local_watch": ("both", "IMI", "perintah kepala pos", 90),
}


def listed(
    entry_id: str,
    list_code: str,
    name: str,
    on: date,
    *,
    expired: bool = False,
    **known: str,
) -> Entry:
    """An entry in force on a day (or run out a week before); `known` are further columns."""
    direction, authority, basis, term = _LISTS[list_code]
    start = on - timedelta(days=min(term, 40) or 400)
    until = start + timedelta(days=term) if term else None
    if expired:
        until = on - timedelta(days=7)
        start = until - timedelta(days=term or 365)
    return Entry(
        id=entry_id,
        name=name,
        list=list_code,
        direction=direction,
        authority=authority,
        number=f"{authority}/{list_code.upper()}/{entry_id.rpartition('-')[2]}/{start.year}",
        legal_basis=basis,
        valid_from=start.isoformat(),
        valid_until=until.isoformat() if until else "",
        **known,
    )


_BYSTANDERS = (
    ("cegah", "IDN", ("timor", "java", "dayak", "chindo", "malay", "papua"), 40),
    ("tangkal", "TLS", ("tetun",), 20),
    ("tangkal", "MYS", ("iban", "malay"), 20),
    ("tangkal", "PNG", ("png",), 15),
    ("tangkal", "PHL", ("philippines",), 15),
    ("dpo", "IDN", ("timor", "java", "papua", "malay"), 30),
    ("sanctions", "", ("malay", "philippines", "java"), 40),
    ("interpol_red", "", ("philippines", "singapore", "malay"), 15),
    ("local_watch", "TLS", ("tetun",), 10),
)


def bystanders(rng: Random, on: date) -> list[Entry]:
    """Entries of people who cross nowhere in the simulation."""
    made: list[Entry] = []
    for list_code, nationality, cultures, count in _BYSTANDERS:
        for _ in range(count):
            culture, sex = rng.choice(cultures), rng.choice("FMMM")
            born = on - timedelta(days=rng.randrange(20 * 365, 70 * 365))
            made.append(
                listed(
                    f"WL-{len(made) + 1:04d}",
                    list_code,
                    make_name(rng, culture, sex).full,
                    on,
                    dob=born.isoformat() if rng.random() < 0.8 else str(born.year),
                    nationality=nationality,
                    gender=sex,
                    culture=culture,
                )
            )
    return made


def write_watchlist(entries: list[Entry]) -> bytes:
    """The list as CSV, a column for each field of an entry."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(entry) for entry in entries)
    return text.getvalue().encode()
