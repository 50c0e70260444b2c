"""The rooms of the desk: one line each; the views lie in `pages/`, one file per room."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tapal.core.text import Text


@dataclass(frozen=True, slots=True)
class Room:
    """A room. `name` is its first page's URL name; any one of `powers` opens it, none means all."""

    name: str
    label: Text
    icon: str
    powers: frozenset[str] = frozenset()

    def open_to(self, powers: Collection[str]) -> bool:
        """True for somebody who holds one of the powers that the room asks for."""
        return not self.powers or not self.powers.isdisjoint(powers)


def _room(name: str, label: Text, icon: str, *powers: str) -> Room:
    return Room(name, label, icon, frozenset(powers))


ROOMS: tuple[Room, ...] = (
    _room("queue", Text("Pos saya", "My post"), "home"),
    _room("counter", Text("Loket", "Counter"), "scan", "counter.decide"),
    _room("alerts", Text("Peringatan", "Alerts"), "bell", "record.read", "alert.read"),
    _room("tasks", Text("Tugas", "Tasks"), "list-check", "task.do"),
    _room("cases", Text("Perkara", "Cases"), "folder", "case.read"),
    _room("map", Text("Peta", "Map"), "map-pin", "record.read", "oversight.read"),
    _room("search", Text("Cari", "Search"), "search", "record.read"),
    _room(
        "figures",
        Text("Angka", "Figures"),
        "chart-bar",
        "statistics.read",
        "oversight.read",
    ),
    _room(
        "signals",
        Text("Peringatan dini", "Early warning"),
        "radar",
        "statistics.read",
        "oversight.read",
        "alert.read",
        "profile.approve",
    ),
    _room("intake", Text("Kiriman", "Hand in"), "upload", "record.write"),
    _room("rejects", Text("Kiriman ditolak", "Rejects"), "file-alert", "reject.read"),
    _room("quality", Text("Mutu kiriman", "Quality"), "checkup-list", "reject.read"),
    _room(
        "mappings",
        Text("Pemetaan", "Mappings"),
        "table",
        "mapping.edit",
        "mapping.approve",
    ),
    _room("shift", Text("Serah terima", "Hand-over"), "switch-horizontal", "shift.hand_over"),
    _room("lists", Text("Daftar", "Lists"), "flag", "listing.edit", "listing.approve"),
    _room(
        "procedures",
        Text("Prosedur", "Procedures"),
        "route",
        "task.do",
        "procedure.edit",
        "procedure.sign",
    ),
    _room(
        "profiles",
        Text("Profil risiko", "Risk profiles"),
        "shield-check",
        "profile.edit",
        "profile.approve",
    ),
    _room("law", Text("Aturan", "Legal values"), "scale", "legal_row.edit", "record.write"),
    _room(
        "sharing",
        Text("Berbagi", "Sharing"),
        "arrows-exchange",
        "agreement.edit",
        "agreement.read",
        "access.read",
    ),
    _room(
        "people",
        Text("Pos dan orang", "Posts and people"),
        "users",
        "mandate.edit",
        "officer.edit",
        "place.edit",
    ),
    _room("programs", Text("Kunci program", "Program keys"), "key", "program.edit"),
    _room("outbox", Text("Pemberitahuan", "Notices"), "send", "program.edit"),
    _room("machine", Text("Mesin", "Machine"), "device-desktop", "machine.read"),
)

ROOM = {room.name: room for room in ROOMS}
