"""The cells of a list of inspection results: dates as the region writes them, countries and results by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.text import Text, same
from tapal.data.states import state_meant
from tapal.formats.table_dates import Order, Shown, table_date, table_time
from tapal.kinds.phyto import words

Row = dict[str, str]
DIFFER: Final = "inspection_rows_differ"
WRITTEN: Final = "inspected_at as written"
_YES: Final = frozenset({"ya", "y", "yes", "true", "1", "hidup"})
_NO: Final = frozenset({"tidak", "t", "no", "n", "false", "0", "mati"})
_RESULTS: Final = {
    said.casefold(): code for code, label in words.RESULTS.items() for said in (label.id, label.en)
} | {"bebas": "free", "bebas opt": "free", "ditemukan optk": "pest_found"}
_PEST: Final = ("eppo_code", "stage", "alive", "category", "group", "item", "found")
_SAID_OTHERWISE: Final = Text(
    "Baris-baris pemeriksaan ini berbeda pada {name}: “{one}” dan “{other}”.",
    "The rows of this inspection differ in {name}: “{one}” and “{other}”.",
)


def order_of(rows: Iterable[Row]) -> Order:
    """What stands first in the list's dates: the day, where they do not show otherwise."""
    shown = Shown()
    for row in rows:
        for name in ("inspected_at", "found"):
            shown.add(row.get(name, ""))
    return shown.order or "day"


def cleaned(row: Row, order: Order) -> Row:
    """The row with what can be read put into the house's form; the rest stays as it came."""
    clean = dict(row)
    country, result = row.get("issuing_country", ""), row.get("result", "")
    clean["issuing_country"] = state_meant(country) or country
    clean["result"] = _RESULTS.get(result.casefold(), result)
    clean[WRITTEN] = row.get("inspected_at", "")
    clean["inspected_at"] = _moment(clean[WRITTEN], order)
    if found := row.get("found"):
        clean["found"] = _day(found, order)
    for name in ("category", "group", "eppo_code"):
        if name in row:
            clean[name] = row[name].upper()
    return {name: cell for name, cell in clean.items() if cell}


def _moment(text: str, order: Order) -> str:
    """An ISO time, or an ISO day where no hour was written; what is neither stays as it came."""
    try:
        at, clock = table_time(text, order)
    except ValueError:
        return text
    return at.isoformat() if clock else at.date().isoformat()


def _day(text: str, order: Order) -> str:
    try:
        return table_date(text, order)
    except ValueError:
        return text


def pests_of(rows: Iterable[Row]) -> list[dict[str, object]]:
    """The pests that the rows name, each once."""
    pests: list[dict[str, object]] = []
    for row in rows:
        if (row.get("pest") or row.get("eppo_code")) and (pest := _pest(row)) not in pests:
            pests.append(pest)
    return pests


def _pest(row: Row) -> dict[str, object]:
    found: dict[str, object] = {name: row[name] for name in _PEST if row.get(name)}
    if row.get("pest"):
        found["scientific_name"] = row["pest"]
    alive = row.get("alive", "").casefold()
    if alive in _YES or alive in _NO:
        found["alive"] = alive in _YES
    return found


def merged(
    rows: Sequence[tuple[str, Row]], names: Sequence[str], labels: Mapping[str, Text]
) -> tuple[Row, tuple[Finding, ...]]:
    """What the rows of one inspection say of it, each value told that stands against another.

    The first value counts, but of two results the one that found a pest.
    """
    head: Row = {}
    findings = []
    for name in names:
        said = list(dict.fromkeys(row[name] for _, row in rows if row.get(name)))
        if name == "result" and "pest_found" in said:
            said.sort(key=lambda value: value != "pest_found")
        if said:
            head[name] = said[0]
        if len(said) > 1:
            label = labels.get(name, same(name))
            findings.append(_differ(name, label, (said[0], said[1]), rows[0][0]))
    return head, tuple(findings)


def _differ(name: str, label: Text, values: tuple[str, str], place: str) -> Finding:
    said, against = (words.RESULTS.get(each, same(each[:60])) for each in values)
    text = _SAID_OTHERWISE.fill(name=label, one=said, other=against)
    compared = (Compared(label, said, against, agree=False),)
    fields = (f"inspection.{name}",)
    return Finding(DIFFER, Weight.LOOK, text, fields, compared, about=f"{place} {name}")
