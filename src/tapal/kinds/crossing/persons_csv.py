"""Read and write crossings as a table: one person a row, headings in Indonesian or English."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from tapal.core.finding import Finding, Weight
from tapal.core.reading import Header, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.formats import delimited, table_words
from tapal.formats.copies import Copies
from tapal.formats.table_dates import Order, Shown
from tapal.kinds.crossing import codes
from tapal.kinds.crossing.flat import COLUMNS, flat
from tapal.kinds.crossing.table_cells import field_name, says_month_first, values_of
from tapal.kinds.crossing.typed import draft_of, said_by

_NAMED = {"name", "primary_identifier", "mrz"}
_KNOWN_BY = {"document_number", "birth_date", "birth_place_date", "nationality", "mrz"}
_MOVED = {"direction", "time", "clock", "post"}
_TOTALS = frozenset({"total", "jumlah", "subtotal", "grand total", "jumlah total", "total jumlah"})
_DATES = ("birth_date", "issued", "expires", "permitted_until", "time")


def sniff(head: bytes) -> int:
    """Sure when the headings name a person, something to know him by, and a movement."""
    names = set(map(field_name, delimited.headings(head, _is_heading)))
    if not _is_heading(tuple(names)):
        return 0
    return 80 if names & _MOVED or "mrz" in names else 35


def _is_heading(cells: Sequence[str]) -> bool:
    names = set(map(field_name, cells))
    return bool(names & _NAMED and names & _KNOWN_BY) and "schema" not in names


def read(data: bytes, context: ReadContext) -> Iterator[Item]:
    """Yield a record for each row, rejects by row number, and what is wrong with the whole table.

    The table is gone through twice, for how it writes its dates; a long one is never held as rows.
    """
    shown = {name: Shown() for name in _DATES}
    for heading in delimited.headings(data, _is_heading):
        if says_month_first(heading) and field_name(heading) in shown:
            shown[field_name(heading)].month += 1
    whole: list[delimited.Problem] = []
    items = delimited.read(data, _is_heading)
    held = list(islice(items, _HELD))
    for item in chain(held, items):
        if isinstance(item, delimited.Row):
            for heading, cell in item.cells.items():
                if (name := field_name(heading)) in shown:
                    shown[name].add(cell)
        elif item.code in table_words.TABLE and len(whole) < _MOST_TOLD:
            whole.append(item)
    orders = _orders(shown)
    findings = [*map(table_words.finding, whole), *_told_orders(orders)]
    if findings:
        yield Header(findings=tuple(findings))
    copies = Copies("table_row_repeated")
    for item in held if len(held) < _HELD else delimited.read(data, _is_heading):
        if isinstance(item, delimited.Row):
            values = values_of(item)
            yield copies.marked(_one(item, values, orders, context), said_by(values))
        elif item.code not in table_words.TABLE:
            yield table_words.rejection(item)


def _one(
    row: delimited.Row, values: Mapping[str, str], orders: Mapping[str, Order], context: ReadContext
) -> Item:
    raw = "; ".join(cell for cell in row.cells.values() if cell)
    if codes.plain(values.get("name") or values.get("primary_identifier") or "") in _TOTALS:
        known = values.keys() & _KNOWN_BY
        if not known:
            return Rejection(str(row.place), *_TOTAL, raw)
    return draft_of(values, context, place=str(row.place), capture="table", raw=raw, orders=orders)


def _orders(shown: Mapping[str, Shown]) -> dict[str, Order]:
    """What stands first in the dates of each column, where that is not the day.

    Columns that show nothing go by the others: one program wrote them all.
    """
    orders = {name: each.order for name, each in shown.items() if each.dates}
    said = set(filter(None, orders.values()))
    if not said - {"day"}:
        return {}
    default: Order = "month" if said == {"month"} else "unclear"
    settled = {name: order or default for name, order in orders.items()}
    return {name: order for name, order in settled.items() if order != "day"}


def _told_orders(orders: Mapping[str, Order]) -> Iterator[Finding]:
    for order, text in _ORDERS.items():
        names = [name for name in orders if orders[name] == order]
        if names:
            weight = Weight.NOTE if order == "month" else Weight.LOOK
            said = text.fill(names=", ".join(names))
            yield Finding(f"table_order_{order}", weight, said, about=",".join(names))


_MOST_TOLD = 5
_HELD = 2000
"""A table of fewer rows is held while it is read: to go through its text again costs more."""
_ORDERS: Mapping[Order, Text] = {
    "month": Text(
        "Tanggal dalam tabel ini ditulis bulan dahulu ({names}) dan dibaca demikian.",
        "The dates of this table have the month first ({names}) and were read so.",
    ),
    "unclear": Text(
        "Tanggal dalam tabel ini ditulis dengan dua urutan ({names}): yang dapat berarti dua hari"
        " tidak dibaca.",
        "The dates of this table are written in two orders ({names}): those that could mean two"
        " days were not read.",
    ),
}
_TOTAL = (
    Text("Baris ini jumlah, bukan orang.", "This row is a total, no person."),
    Text("Hapus baris jumlah dari tabel.", "Take the total out of the table."),
)


# Any: bodies are JSON.
def write(bodies: Sequence[Mapping[str, Any]]) -> bytes:
    """A table of bodies in UTF-8 with English headings; lists are joined by semicolons."""
    text = io.StringIO()
    rows = [flat(body) for body in bodies]
    others = sorted({name for row in rows for name in row} - set(COLUMNS))
    writer = csv.DictWriter(text, [*COLUMNS, *others], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
