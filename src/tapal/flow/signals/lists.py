"""Lists of alarms: made each night and on demand, stored with the alerts that they open.

An alarm that stays on the list joins the alert it opened; when a person has closed that, it opens
none until the alarm has been off the list once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from tapal.core.finding import Finding as Said
from tapal.core.finding import Weight
from tapal.core.kind import ANY_VALUE, PLACE, Kind, Period, Signal
from tapal.core.lake import LAKE_LEVEL
from tapal.core.legal import LegalRow
from tapal.core.marking import Sensitivity
from tapal.core.record import RecordView
from tapal.core.redaction import value_at
from tapal.core.text import Text
from tapal.engines.lake import disk
from tapal.flow import alert, lake, reference
from tapal.flow.bulk import insert_objects
from tapal.flow.events import record_event
from tapal.flow.finding_words import SIGNAL as RULE
from tapal.flow.findings import finding_row
from tapal.flow.lake_rows import CAPITAL
from tapal.flow.reference import scope_number
from tapal.flow.share.export import values
from tapal.flow.signals import counts, settings
from tapal.flow.signals.judging import Judged, judge
from tapal.flow.signals.ruling import ruled
from tapal.kinds import KINDS
from tapal.store.models import Agency, Alert, Cursor, Finding, Record, SignalList

CURSOR = "signals"
"""Whose row says when all lists were last made."""
_SEARCHED = 2_000
"""Records of a window that are looked through for one of an alarm's series, newest first."""


def made_since(moment: datetime) -> bool:
    """Whether all lists were made at or after a moment."""
    row = Cursor.objects.filter(name=CURSOR).first()
    return row is not None and datetime.fromisoformat(row.data["at"]) >= moment


def make(
    *, until: date | None = None, tell: Callable[[int, int], None] = lambda done, of: None
) -> list[SignalList] | None:
    """Make every agency's lists anew and open their alerts; None while another process is at it.

    Each list is stored with its alerts in one transaction: a maker that is killed leaves whole lists.
    Raises FileNotFoundError without a lake.
    """
    with _alone() as mine:
        if not mine:
            return None
        wanted = [(owner, period) for owner in counts.owners() for period in Period]
        made = []
        for number, (owner, period) in enumerate(wanted):
            tell(number, len(wanted))
            held = counts.read(owner, period, until=until)
            if held is not None:
                setting = settings.in_force(owner)
                made.append(store(ruled(judge(held, setting), setting), setting))
        tell(len(wanted), len(wanted))
        at = {"at": timezone.now().isoformat()}
        Cursor.objects.update_or_create(name=CURSOR, defaults={"data": at})
        return made


@contextmanager
def _alone() -> Iterator[bool]:
    lake.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with disk.only_one(lake.folder() / "signals.lock") as mine:
        yield mine


def store(judged: Judged, setting: settings.Setting) -> SignalList:
    """Store a list in the place of the one made before, and open or join its alerts."""
    held = judged.held
    for alarm in judged.alarms:
        for part in alarm["counted"]["parts"]:
            for level in Sensitivity:  # before the transaction: a rollback keeps the scopes
                scope_number(held.owner, part["kind"], int(level))
    with transaction.atomic():
        # Makers on several machines come one after the other: who is second finds the first one's alerts.
        Agency.objects.select_for_update(no_key=True).get(pk=held.owner)
        before = _with_alerts(held.owner, held.period, held.until - _step(held.period))
        today = _with_alerts(held.owner, held.period, held.until)
        for each in judged.alarms:
            each["alert"] = _alert_for(judged, each, before, today)
        SignalList.objects.filter(owner=held.owner, period=held.period, until=held.until).delete()
        row = SignalList.objects.create(
            owner_id=held.owner,
            period=str(held.period),
            until=held.until,
            made_at=timezone.now(),
            position=held.position,
            setting=setting.json(),
            units=judged.units,
            series=judged.series,
            unjudged=judged.unjudged,
            ruled=judged.ruled,
            alarms=judged.alarms,
        )
        told = {"owner": held.owner, "period": str(held.period), "until": held.until.isoformat()}
        record_event("signal_list.made", str(row.id), {**told, "alarms": len(judged.alarms)})
    return row


def _step(period: Period) -> timedelta:
    return timedelta(days=counts.STEP[period])


# Any: a stored alarm's JSON.
Alarms = Mapping[str, Mapping[str, Any]]


def _with_alerts(owner: str, period: Period, until: date) -> Alarms:
    """The alarms of a stored list that have an alert, by their subject."""
    row = SignalList.objects.filter(owner=owner, period=period, until=until).first()
    return {alarm["subject"]: alarm for alarm in row.alarms if alarm["alert"]} if row else {}


def _alert_for(judged: Judged, alarm: dict[str, Any], before: Alarms, today: Alarms) -> str | None:
    """The alert of an alarm: today's again, the one it persists under, or a new one.

    What the law calls an alert is one anew each period, and on the day when its rule first speaks; a
    chance that lasts was judged by a person.
    """
    subject, by_rule = alarm["subject"], "rules" in alarm
    if subject in today and ("rules" in today[subject] or not by_rule):
        return str(today[subject]["alert"])
    if not by_rule and subject in before:
        last = str(before[subject]["alert"])
        if not Alert.objects.filter(pk=last, state="open").exists():
            return last
    found = _record_of(judged, alarm)
    if found is None:
        return None
    record, member = found
    row = _finding(judged, alarm, record, member)
    told = Finding.objects.filter(record=record.id, rule=RULE, about=row.about).first()
    if told is not None:  # its list was lost: the day's alarm has its alert
        return str(told.alert_id)
    alert.open_alerts([alert.Raised(_view(record), subject, row.reason, [row])])
    insert_objects([row])
    return str(row.alert_id)


def _finding(
    judged: Judged, alarm: dict[str, Any], record: Record, member: dict[str, Any]
) -> Finding:
    kind = KINDS[record.kind]
    texts = [Text.of(text) for text in alarm["text"]]
    fields = {f for part in alarm["counted"]["parts"] for f in part["fields"]}
    said = Said(
        RULE,
        Weight.ALERT,
        Text(" ".join(t.id for t in texts), " ".join(t.en for t in texts)),
        fields=tuple(sorted(fields & set(kind.fields))),
        reason=f"{RULE}:{member['signal']}"[:60],
        cites=_cited(alarm),
        about=f"{alarm['subject']}:{judged.held.until}" + (":fixed" if "rules" in alarm else ""),
        data={"counted": alarm["counted"], "subject": alarm["subject"]},
    )
    # No rule says it again when the record is judged anew: it stays.
    row = finding_row(record.id, said, kind, timezone.now(), reading=True)
    highest = max(part["level"] for part in alarm["counted"]["parts"])
    row.sensitivity = max(row.sensitivity, highest)
    return row


def _cited(alarm: Mapping[str, Any]) -> tuple[LegalRow, ...]:
    """The legal rows that a fixed rule's alarm rests on."""
    book = reference.legal_book()
    named = [row for rule in alarm.get("rules", ()) for row in rule["rows"]]
    return tuple(row for row in map(book.row, dict.fromkeys(named)) if row is not None)


def _record_of(judged: Judged, alarm: dict[str, Any]) -> tuple[Record, dict[str, Any]] | None:
    """The newest record that an alarm counted, with the series it belongs to."""
    until = judged.held.until + _step(judged.held.period)
    for member in alarm["series"]:
        kind = KINDS[member["kind"]]
        signal = kind.signal(member["signal"])
        since = date.fromisoformat(alarm["since"])
        rows = Record.objects.filter(
            kind=kind.name,
            owner=judged.held.owner,
            place=member["place"],
            sensitivity__lte=LAKE_LEVEL,
            occurred_at__gte=midnight(since - timedelta(days=1)),
            occurred_at__lt=midnight(until + timedelta(days=1)),
        ).order_by("-occurred_at", "-id")
        for row in rows[:_SEARCHED]:
            day = local_day(row.occurred_at, row.place)
            if since <= day < until and signal and fits(kind, signal, member["split"], row.body):
                return row, member
    return None


def fits(kind: Kind, signal: Signal, split: list[str], body: Mapping[str, Any]) -> bool:
    """Whether a record with such a body is counted in a series of the signal."""
    by = [path for path in signal.by if path != PLACE]
    if any(not _has(body, path, value) for path, value in zip(by, split, strict=True)):
        return False
    for path, value in signal.where.items():
        there = value_at(body, path)
        if (there in (None, "")) if value == ANY_VALUE else (str(there or "") != value):
            return False
    return all(value_at(body, path) != value for path, value in signal.unless.items())


def _has(body: Mapping[str, Any], path: str, value: str) -> bool:
    """Whether a body has such a value at a path of which it may have several."""
    there = [str(each) for each in values(body, path.split(".")) if each not in (None, "")]
    return value in (there or [""])


def local_day(at: datetime, place: str) -> date:
    """The day of a moment by the post's own calendar, as the lake counts it."""
    return at.astimezone(_zone(place)).date()


def midnight(day: date, place: str = "") -> datetime:
    """A day's first moment at the post, in the capital where none is named."""
    return datetime(day.year, day.month, day.day, tzinfo=_zone(place))


def _zone(place: str) -> ZoneInfo:
    known = reference.places().get(place)
    return ZoneInfo(known.zone if known and known.zone else CAPITAL)


def _view(record: Record) -> RecordView:
    return RecordView(
        id=str(record.id),
        kind=record.kind,
        owner=record.owner,
        place=record.place or None,
        occurred_at=record.occurred_at,
        received_at=record.received_at,
        sensitivity=Sensitivity(record.sensitivity),
        body=record.body,
    )


def newest(owner: str) -> list[SignalList]:
    """The newest list of each period of an agency."""
    rows = SignalList.objects.filter(owner=owner)
    found = (rows.filter(period=period).order_by("-until").first() for period in Period)
    return [row for row in found if row is not None]


def of_id(list_id: uuid.UUID | str) -> SignalList | None:
    """A list by its id."""
    return SignalList.objects.filter(pk=list_id).first()
