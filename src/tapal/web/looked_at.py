"""What a look was about where it was no record: the lists and pages of the desk in words."""

from __future__ import annotations

from tapal.core.text import Text

LOOKED_AT = {
    "alerts": Text("daftar peringatan", "list of alerts"),
    "case": Text("perkara", "a case"),
    "cases": Text("daftar perkara", "list of cases"),
    "changes": Text("daftar perubahan", "list of changes"),
    "figures": Text("angka", "figures"),
    "lists": Text("entri daftar pencekalan dan perhatian", "entries of watch lists"),
    "map": Text("peta", "the map"),
    "messages": Text("daftar kiriman", "list of messages"),
    "purpose": Text("keperluan", "purpose"),
    "quality": Text("mutu kiriman", "quality of messages"),
    "rejects": Text("daftar kiriman ditolak", "list of rejects"),
    "runs": Text("prosedur yang berjalan", "running procedures"),
    "tasks": Text("daftar tugas", "list of tasks"),
}
