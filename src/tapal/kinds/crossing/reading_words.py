"""What an officer reads for a finding that a reader of messages makes, not a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tapal.core.text import Text

READING_LABELS: Final[Mapping[str, Text]] = {
    "control_total": Text("Jumlah orang tidak cocok", "Number of persons does not fit"),
    "date_from_day_number": Text("Tanggal dari nomor hari", "Date from a day number"),
    "direction_unknown": Text("Arah tidak diketahui", "Direction not known"),
    "document_type_missing": Text("Jenis dokumen tidak disebut", "Document type not stated"),
    "edifact": Text("Susunan pesan menyimpang", "Message syntax departs"),
    "item_repeated": Text("Sama dengan yang sebelumnya", "The same as one before"),
    "list_type_unknown": Text("Jenis daftar tidak dikenal", "Unknown type of list"),
    "mrz": Text("Zona baca mesin menyimpang", "Machine readable zone departs"),
    "not_on_board": Text("Terdaftar, tidak naik", "Listed, not on board"),
    "person_listed_twice": Text("Terdaftar dua kali", "Listed twice"),
    "table": Text("Susunan tabel menyimpang", "Table departs"),
    "time_is_a_day": Text("Jam tidak disebut", "Hour not stated"),
    "value_given_twice": Text("Isian disebut dua kali", "Value given twice"),
    "value_unreadable": Text("Isian tidak terbaca", "Value not readable"),
    "zone_differs": Text("Zona baca mesin berbeda dari isian", "Zone differs from what was typed"),
    "zone_unknown": Text("Zona waktu tidak diketahui", "Time zone not known"),
}
"""By name; a name stands for all that begin with it and a low line."""
