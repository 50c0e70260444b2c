"""One lorry in two agencies' statements within a week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.record import Key, RecordView
from tapal.core.rules import Context, History, rule
from tapal.core.text import Text

CARRIERS = {
    "vehicle": Text("kendaraan", "vehicle"),
    "plate": Text("nomor polisi", "registration"),
    "container": Text("nomor kontainer", "container"),
    "vessel": Text("kapal", "vessel"),
}
WINDOW_DAYS = 7


@rule(
    Text("Alat angkut masih diproses meja lain", "Vehicle in process at another desk"),
    history=History(keys=tuple(CARRIERS), days=WINDOW_DAYS, same_kind=False, limit=20),
)
def vehicle_of_troubled_consignment(record: RecordView, context: Context) -> Iterable[Finding]:
    """The same vehicle, container or vessel stands, within seven days, in a record of another kind
    that holds an alert.

    Told so that the desk that sees the lorry second speaks with the other; what that desk found, and
    that it was an alert, is not told: others see “in process”. Own practice: the window is the project's, not a law's.
    """
    carriers = {key for key in record.keys if key.type in CARRIERS}
    return _told(record, context, carriers)


def _told(record: RecordView, context: Context, carriers: set[Key]) -> Iterator[Finding]:
    for other in context.history:
        shared = carriers.intersection(other.keys)
        if other.kind == record.kind or other.weight < Weight.ALERT or not shared:
            continue
        key = min(shared, key=lambda k: (k.type, k.value))
        yield Finding(
            rule="vehicle_of_troubled_consignment",
            weight=Weight.LOOK,
            text=Text(
                "{what} juga tercatat pada meja lain dalam {days} hari ini dan di sana masih dalam "
                "proses. Hubungi meja itu sebelum kendaraan atau barangnya dilepas; orangnya tidak "
                "ditahan karena itu.",
                "{what} also stands in another desk's record within these {days} days and is in process "
                "there. Speak with that desk before the vehicle or goods are released; nobody is held "
                "for it.",
            ).fill(what=key.value, days=WINDOW_DAYS),
            compared=(Compared(CARRIERS[key.type], key.value, key.value, agree=True),),
            rests_on=(other.id,),
            about=other.id,
        )
