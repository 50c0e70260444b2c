"""What the rules ask of a record and its context: days, ages, distances, and what the law says."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tapal.core.country import HOME
from tapal.core.finding import Weight
from tapal.core.legal import CONFIDENCE_LABELS, LegalRow, Settled
from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.core.text import Text
from tapal.kinds.crossing.citizenship import is_citizen


def moment_of(record: RecordView) -> datetime:
    """When it happened, or was received where that is not known."""
    return record.occurred_at or record.received_at


def day_of(record: RecordView, context: Context) -> date:
    """The day of the crossing at its post, whatever zone the sender wrote its time in.

    A day without an hour is the day; a carrier's list keeps the day of its port.
    """
    text = str(record.get("local_time") or "")
    place = context.places.get(record.place or "")
    zone = ZoneInfo(place.zone) if place and place.zone else None
    whole = len(text) > len("2026-01-01") and record.get("capture") != "carrier_list"
    if record.occurred_at is not None and zone and whole:
        return record.occurred_at.astimezone(zone).date()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:  # no time was given, or an older writer's text: the instant says it as well
        return moment_of(record).astimezone(zone or UTC).date()


def place_name(place_id: str | None, context: Context) -> str:
    """The name of a post, its id where it has none."""
    place = context.places.get(place_id or "")
    return place.name if place else (place_id or "-")


def holder_state(record: RecordView) -> str:
    """The State at which the holder is at home: for a border pass its issuer's."""
    if record.get("document.document_class") == "border_pass":
        return str(record.get("document.issuing_state") or record.get("person.nationality") or "")
    return HOME if is_citizen(record) else str(record.get("person.nationality") or "")


def goes_home(record: RecordView) -> bool:
    """True on the way back: a resident's entry, another's exit."""
    way = "entry" if holder_state(record) == HOME else "exit"
    return bool(record.get("direction") == way)


def last_day(partial: str) -> date:
    """The last day that a partial date may mean."""
    year, month, day = (*map(int, partial.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def first_day(partial: str) -> date:
    """The first day that a partial date may mean."""
    year, month, day = (*map(int, partial.split("-")), 0, 0)[:3]
    return date(year, month or 1, day or 1)


def shown(day: date) -> str:
    """A day as people of the region write it."""
    return day.strftime("%d-%m-%Y")


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the month's last day where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def anniversary(day: date, months: int) -> date:
    """The same day so many months later; where the month has none such, the first of the next.

    So counts what runs for a person: a child of 29 February comes of age on 1 March.
    """
    same = months_after(day, months)
    return same if same.day == day.day else same + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """A legal upper limit: its values, from the strictest to the widest, and their rows."""

    values: tuple[float, ...]
    rows: tuple[LegalRow, ...]
    certain: bool
    disputed: bool

    def weight(self, value: float) -> Weight | None:
        """How a value above the limit is told: None within it.

        Above every value of law that was read it is an alert; where sources differ and the widest
        still allows it, or the value itself is unchecked, it is a look and the officer decides.
        """
        if value <= self.values[0]:
            return None
        if value > self.values[-1] and (self.certain or self.disputed):
            return Weight.ALERT
        return Weight.LOOK

    @property
    def text(self) -> str:
        """The values side by side, for a table."""
        return " / ".join(f"{value:g}" for value in self.values)

    @property
    def said(self) -> Text:
        """The values in a sentence; two that dispute each other are both said."""
        shown_ = [f"{value:g}" for value in self.values]
        return Text(" atau ".join(shown_), " or ".join(shown_))


def limit(settled: Settled) -> Limit | None:
    """The limit that rows of numbers set; None when there is none, or none was found (null)."""
    values = sorted({float(v) for v in settled.values if isinstance(v, (int, float))})
    if not values:
        return None
    return Limit(tuple(values), settled.rows, settled.certain, settled.disputed)


def unsure(rows: Sequence[LegalRow]) -> Text:
    """A last sentence where the law that was used is disputed or unread; empty where it was read.

    The citations stand beside the sentence (`Finding.cites`), never in it.
    """
    topics = {row.topic for row in rows}
    differ = any(len({str(r.value) for r in rows if r.topic == topic}) > 1 for topic in topics)
    if differ or any(row.confidence == "disputed" for row in rows):
        return Text(
            " Sumber berbeda: petugas memutuskan dan menandatangani.",
            " Sources differ: the officer decides and signs.",
        )
    if any(row.confidence != "checked" for row in rows):
        return Text(
            " Aturannya belum diverifikasi: petugas memutuskan dan menandatangani.",
            " The rule is unchecked: the officer decides and signs.",
        )
    return Text("", "")


def cited(rows: Sequence[LegalRow]) -> Text:
    """The citations with their confidence, for a paper that the traveller takes away."""
    told = list(dict.fromkeys(map(_cited, rows)))
    return Text("; ".join(each.id for each in told), "; ".join(each.en for each in told))


def _cited(row: LegalRow) -> Text:
    if row.confidence == "checked":
        return Text(row.citation, row.citation)
    label = CONFIDENCE_LABELS[row.confidence]
    return Text(f"{row.citation} ({label.id})", f"{row.citation} ({label.en})")
