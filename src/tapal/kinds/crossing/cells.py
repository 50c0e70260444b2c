"""The cells of one flat row: each read as text, code, date or number, and noted where it cannot be.

Codes may be written as code or as word, in either language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from tapal.core.finding import Weight
from tapal.core.text import Text
from tapal.formats.table_dates import Order, serial_time, table_date
from tapal.kinds.crossing import codes
from tapal.kinds.crossing.codes import plain
from tapal.kinds.crossing.reading import Notes, clean

_SYNONYMS = {
    "direction": {"in": "entry", "out": "exit", "arrival": "entry", "departure": "exit", "m": "entry",
                  "k": "exit", "kedatangan": "entry", "keberangkatan": "exit", "i": "entry",
                  "o": "exit", "datang": "entry", "berangkat": "exit"},
    "sex": {"l": "M", "p": "F", "pria": "M", "wanita": "F", "x": "X", "u": "X", "lk": "M",
            "pr": "F", "lelaki": "M"},
    "document_class": {"plb": "border_pass", "p": "passport", "tbc card": "border_pass",
                       "border crossing card": "border_pass", "ktp": "identity_card",
                       "splp": "laissez_passer", "surat perjalanan laksana paspor": "laissez_passer",
                       "emergency travel document": "laissez_passer"},
}  # fmt: skip

LABELS = {
    "direction": Text("Arah", "Direction"),
    "sex": Text("Jenis kelamin", "Sex"),
    "birth_date": Text("Tanggal lahir", "Date of birth"),
    "issued": Text("Tanggal terbit", "Date of issue"),
    "expires": Text("Masa berlaku", "Date of expiry"),
    "permitted_until": Text("Batas tinggal", "Permitted until"),
    "extensions": Text("Jumlah perpanjangan", "Number of extensions"),
    "permitted_days": Text("Lama tinggal", "Permitted days"),
    "time": Text("Waktu lintas", "Time of crossing"),
    "post": Text("Pos", "Post"),
    "mode": Text("Moda", "Mode"),
    "role": Text("Peran", "Role"),
    "document_class": Text("Jenis dokumen", "Document"),
    "stay_basis": Text("Dasar tinggal", "Basis of stay"),
}

# Where a field's value stands in the body, for what could not be read.
_PATHS = {
    "sex": "person.sex",
    "birth_date": "person.birth_date",
    "issued": "document.issued",
    "expires": "document.expires",
    "document_class": "document.document_class",
    "permitted_days": "stay.permitted_days",
    "permitted_until": "stay.permitted_until",
    "stay_basis": "stay.basis",
    "time": "local_time",
}
_LISTS: Mapping[str, Mapping[str, Text]] = {
    "direction": codes.DIRECTIONS,
    "sex": codes.SEXES,
    "mode": codes.MODES,
    "role": codes.ROLES,
    "document_class": codes.DOCUMENT_CLASSES,
    "stay_basis": codes.STAY_BASES,
    "purpose": codes.PURPOSES,
    "evidence": codes.EVIDENCE,
}
CODED = frozenset(_LISTS)
"""Fields whose words stand in a list."""


@dataclass(slots=True)
class Cells:
    """Flat values with what was noted while they were used."""

    # Any: JSON values; a table's are text.
    values: Mapping[str, Any]
    notes: Notes = field(default_factory=Notes)
    orders: Mapping[str, Order] = field(default_factory=dict)  # of dates, by field

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or isinstance(value, (list, dict)):
            return None
        return clean(str(value)) or None

    def code(self, name: str) -> str | None:
        given = self.text(name)
        if given is None:
            return None
        found = coded(name, given)
        if found is None:
            self._unread(name, given)
        return found

    def date(self, name: str) -> str | None:
        given = self.text(name)
        try:
            return table_date(given, self.order(name)) if given else None
        except ValueError:
            serial = serial_time(given or "")
            if serial is None:
                self._unread(name, given or "")
                return None
            self.tell_serial(name, given or "")
            return serial.date().isoformat()

    def order(self, name: str) -> Order:
        """What stands first in the dates of a field."""
        return self.orders.get(name, "day")

    def tell_serial(self, name: str, given: str) -> None:
        """Say that a spreadsheet's day number was read as the day it stands for."""
        text = Text(
            "{label_id} dikirim sebagai nomor hari lembar kerja ({given}) dan dibaca dari situ.",
            "{label_en} came as a spreadsheet's day number ({given}) and was read from that.",
        )
        label, path = LABELS[name], _PATHS.get(name, name)
        said = text.fill(label_id=label.id, label_en=label.en, given=given)
        self.notes.note("date_from_day_number", said, path, weight=Weight.LOOK, about=path)

    def number(self, name: str) -> int | None:
        given = self.text(name)
        if given is None:
            return None
        if given.isascii() and given.isdigit() and len(given) < 6:
            return int(given)
        self._unread(name, given)
        return None

    def state(self, name: str) -> str | None:
        given = self.text(name)
        return codes.state_code(given) if given else None

    def many(self, name: str) -> list[str]:
        """A list, or a text with semicolons."""
        value = self.values.get(name)
        parts = value if isinstance(value, list) else str(value or "").replace(",", ";").split(";")
        return [clean(str(part)) for part in parts if clean(str(part))]

    def _unread(self, name: str, given: str) -> None:
        self.notes.cannot_read(_PATHS.get(name, name), given, LABELS[name])


@lru_cache(maxsize=4096)
def coded(name: str, given: str) -> str | None:
    """The code that a text means in a list: the code itself, its word, or a usual synonym."""
    words = _LISTS[name]
    key = plain(given)
    for code, label in words.items():
        if key in (plain(code), plain(label.id), plain(label.en)):
            return code
    return _SYNONYMS.get(name, {}).get(key)
