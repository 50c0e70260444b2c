"""What must hold of a store after any number of kills; each broken promise is told in a sentence."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from tapal.core.entity import Entity
from tapal.core.finding import Weight
from tapal.core.reading import Draft, Header, Item
from tapal.core.registers import Edit, State, apply, resolve
from tapal.engines import procedures as engine
from tapal.flow import intake, raw
from tapal.flow.events import verify
from tapal.flow.procedures import xml_of
from tapal.flow.records import told
from tapal.flow.runs import SUSPENDED, WITHDRAWN
from tapal.kinds import KINDS
from tapal.store.models import (
    Alert,
    Cursor,
    Event,
    EventContent,
    Finding,
    Identity,
    Key,
    Link,
    Message,
    Record,
    Reject,
    Run,
    Task,
    Work,
)
from tapal.store.queries.names import fold

# Any in this file: JSON, or a row of the driver's.


def problems(files: Sequence[tuple[str, str, Path]]) -> list[str]:
    """Everything that is wrong with the store in which these messages were handed in."""
    return [
        f"{check.__name__.strip('_')}: {problem}"
        for check in (
            _messages,
            _left_over,
            _keys,
            _findings,
            _links,
            _alerts,
            _events,
            _bodies,
            _tasks,
            _runs,
            _tally,
            _names,
        )
        for problem in check(files)
    ]


def _messages(files: Sequence[tuple[str, str, Path]]) -> Iterator[str]:
    """Each message once, whole, with just the records and rejects that its reader makes of it."""
    stored = Counter(m.source for m in Message.objects.all())
    wanted = Counter(path.name for _, _, path in files)
    if stored != wanted:
        yield f"lost {wanted - stored}, more than once {stored - wanted}"
    for message in Message.objects.all():
        data = raw.fetch(message.sha256)
        if hashlib.sha256(data).hexdigest() != message.sha256:
            yield f"{message.source}: other bytes"
        drafts, rejects = _read(message, data)
        bodies = Counter(_text(r.base or r.body) for r in Record.objects.filter(message=message))
        if bodies != drafts:
            lost, more = drafts - bodies, bodies - drafts
            yield f"{message.source}: {lost.total()} records lost, {more.total()} too many"
        if (
            Counter(Reject.objects.filter(message=message).values_list("place", flat=True))
            != rejects
        ):
            yield f"{message.source}: rejects differ"
        if (message.records, message.rejects) != (bodies.total(), rejects.total()):
            yield f"{message.source}: counts differ"


def _read(message: Message, data: bytes) -> tuple[Counter[str], Counter[str]]:
    drafts: Counter[str] = Counter()
    rejects: Counter[str] = Counter()
    items: Iterator[Item] = iter(())
    for kind in KINDS.values():
        if form := kind.format(message.format):
            items = form.read(data, intake._context(message))
    for item in items:
        if isinstance(item, Draft):
            drafts[_text(item.body.model_dump(mode="json", exclude_none=True))] += 1
        elif not isinstance(item, Header):
            rejects[item.place[:200]] += 1
    return drafts, rejects if message.format else Counter({"byte 0": 1})


def _text(body: Any) -> str:
    return json.dumps(body, sort_keys=True)


def _left_over(files: object) -> Iterator[str]:
    """Nothing half done: no message unread, no batch unworked, no record outside the road."""
    if left := Message.objects.exclude(state="done").count():
        yield f"{left} messages not read"
    if left := Work.objects.count():
        yield f"{left} batches not worked"
    if left := Record.objects.filter(worked=False).count():
        yield f"{left} records not worked"
    if Task.objects.filter(name="record_not_worked").exists():
        yield "a record was set aside"


def _keys(files: object) -> Iterator[str]:
    held: dict[uuid.UUID, list[tuple[str, str]]] = defaultdict(list)
    for record_id, type_, value in Key.objects.values_list("record_id", "type", "value"):
        held[record_id].append((type_, value))
    for record in Record.objects.all():
        fresh = sorted((k.type, k.value[:80]) for k in KINDS[record.kind].keys(record.body))
        if sorted(held.pop(record.id, [])) != fresh:
            yield f"keys of {record.id} differ"
    if held:
        yield f"keys of {len(held)} unknown records"


def _findings(files: object) -> Iterator[str]:
    heaviest: Counter[uuid.UUID] = Counter()
    pairs = Counter(Finding.objects.values_list("record_id", "rule", "about"))
    if pairs and max(pairs.values()) > 1:
        yield "a finding twice"
    for row in Finding.objects.filter(withdrawn_at__isnull=True):
        heaviest[row.record_id] = max(heaviest[row.record_id], row.weight)
        if row.weight >= Weight.ALERT and row.alert_id is None:
            yield f"{row.rule} on {row.record_id} alerts nobody"
    for record in Record.objects.only("id", "weight"):
        if record.weight != heaviest[record.id]:
            yield f"weight of {record.id} is {record.weight}, not {heaviest[record.id]}"


def _links(files: object) -> Iterator[str]:
    """One bearer one identity, one record one link, none to somebody with another document."""
    bearers = Counter(
        Identity.objects.values_list("anchor_type", "anchor_value", "name", "birth_date")
    )
    for named, times in bearers.items():
        if times > 1:
            yield f"{named} is {times} identities"
    links: dict[uuid.UUID | None, list[Link]] = defaultdict(list)
    for link in Link.objects.filter(verdict=1, undone_at__isnull=True).select_related("identity"):
        links[link.record_id].append(link)
    for record in Record.objects.all():
        bearer = next((e for e in _entities(record) if e.anchors), None)
        held = [(i.identity.anchor_type, i.identity.anchor_value) for i in links[record.id]]
        wanted = [(bearer.anchors[0].type, bearer.anchors[0].value[:80])] if bearer else []
        if held != wanted:
            yield f"{record.id} is linked by {held}, not {wanted}"


def _entities(record: Record) -> list[Entity]:
    return list(KINDS[record.kind].entities(record.body))


def _alerts(files: object) -> Iterator[str]:
    """Each alert opened once, counted once for each record that joined it, never beside its like."""
    told_of: dict[str, Counter[str]] = defaultdict(Counter)
    for type_, subject in Event.objects.filter(type__startswith="alert.").values_list(
        "type", "subject"
    ):
        told_of[subject][type_] += 1
    alike: Counter[tuple[str, str, str]] = Counter()
    closed: Counter[tuple[str, str, str]] = Counter()
    for alert in Alert.objects.all():
        told = told_of.pop(str(alert.id), Counter())
        if told["alert.opened"] != 1:
            yield f"alert {alert.id} was opened {told['alert.opened']} times"
        if alert.count != 1 + told["alert.joined"]:
            yield f"alert {alert.id} counts {alert.count}, joined by {told['alert.joined']}"
        key = (alert.reason, alert.subject, alert.owner)
        alike[key] += 1
        closed[key] += told["alert.closed"]
        if not alert.findings.exists():
            yield f"alert {alert.id} carries no finding"
    for key, times in alike.items():
        if times > 1 + closed[key]:
            yield f"{key} is {times} alerts"
    if told_of:
        yield f"{len(told_of)} alerts are told of and not there"


def _events(files: object) -> Iterator[str]:
    """Numbered from one without gap or repeat; each tells what its header committed to."""
    numbers = sorted(n or 0 for n in Event.objects.values_list("seq", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"numbers run from {numbers[:1]} to {numbers[-1:]} over {len(numbers)} events"
    if Cursor.objects.get(name="sequencer").position != len(numbers):
        yield "the cursor stands elsewhere"
    contents = {row.event_id: row for row in EventContent.objects.all()}
    for event in Event.objects.all():
        if not verify(event, contents[event.id]):
            yield f"event {event.seq} says something else"
    for type_, rows in (
        ("message.received", Message.objects),
        ("message.read", Message.objects),
        ("record.received", Record.objects),
        ("reject.made", Reject.objects),
        ("alert.opened", Alert.objects),
        ("task.opened", Task.objects),
    ):
        subjects = Counter(Event.objects.filter(type=type_).values_list("subject", flat=True))
        if subjects != Counter(str(pk) for pk in rows.values_list("pk", flat=True)):
            yield f"{type_} is not told once of each"


def _bodies(files: object) -> Iterator[str]:
    """Stale state plus events equals fresh state."""
    history: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = EventContent.objects.filter(event__type__startswith="record.").order_by("event__id")
    for subject, content in rows.values_list("event__subject", "content"):
        history[subject].append(told(content))
    for record in Record.objects.all():
        first, *edits = history[str(record.id)]
        base, state = first["body"], State()
        for each in edits:
            saw = {path: tuple(revisions) for path, revisions in each["saw"].items()}
            edit = Edit(each["revision"], each["values"], saw)
            state = apply(state, edit, str(record.first_revision), base)
        if resolve(base, state) != record.body:
            yield f"{record.id} is not what its {len(edits) + 1} events say"


def _tasks(files: object) -> Iterator[str]:
    told_of: dict[str, Counter[str]] = defaultdict(Counter)
    for type_, subject in Event.objects.filter(type__startswith="task.").values_list(
        "type", "subject"
    ):
        told_of[subject][type_] += 1
    for task in Task.objects.all():
        told = told_of[str(task.id)]
        is_open = told["task.closed"] == told["task.reopened"]
        if is_open != (task.state == "open"):
            yield f"task {task.id} is {task.state} after {dict(told)}"


def _runs(files: object) -> Iterator[str]:
    """No step lost or doubled, no timer missed or fired twice."""
    told_of: dict[str, Counter[str]] = defaultdict(Counter)
    rows = Event.objects.filter(type__startswith="run.").values_list("type", "subject")
    for type_, subject in rows:
        told_of[subject][type_] += 1
    for run in Run.objects.select_related("procedure"):
        told = told_of.pop(str(run.id), Counter())
        if told["run.started"] != 1 or run.moves != _moves(told):
            yield f"run {run.id} made {run.moves} moves, told {dict(told)}"
        waits = {r.key for r in engine.waiting(xml_of(run.procedure), run.state)}
        tasks = list(run.tasks.all())
        held = {t.step_key for t in tasks if t.state == "open"}
        if held != (waits if run.status == "running" else set()):
            yield f"run {run.id} is {run.status} and waits for {waits}, its tasks are {held}"
        if run.status == "running" and run.due_at is not None and run.due_at <= timezone.now():
            yield f"run {run.id} has missed its timer"
        if (stands := _answers_that_stand(run)) != (held_now := _answered(tasks)):
            yield f"run {run.id} was answered {dict(held_now)}, told {dict(stands)}"
        # What was taken away with an answer that was taken back is opened anew in another version.
        passings = Counter(t.step for t in tasks if t.answer != WITHDRAWN)
        for step, times in passings.items():
            if times > 1:
                yield f"step {step} of run {run.id} was opened {times} times"
    if told_of:
        yield f"{len(told_of)} runs are told of and not there"


def _answers_that_stand(run: Run) -> Counter[str]:
    """How often each step was answered by the log, without what was taken back."""
    rows = EventContent.objects.filter(event__subject=str(run.id))
    stands: Counter[str] = Counter()
    for type_, content in rows.values_list("event__type", "content"):
        step = told(content).get("step", "")
        if step and type_ in ("run.moved", "run.taken_back"):
            stands[step] += 1 if type_ == "run.moved" else -1
    return +stands


def _answered(tasks: Sequence[Task]) -> Counter[str]:
    """The same by the tasks."""
    apart = (WITHDRAWN, SUSPENDED)
    return Counter(t.step for t in tasks if t.state == "done" and t.answer not in apart)


def _moves(told: Counter[str]) -> int:
    after = ("run.moved", "run.resumed", "run.taken_back", "run.migrated")
    return 1 + sum(told[each] for each in after)


def _tally(files: object) -> Iterator[str]:
    """The counts that triggers keep are those of a fresh count."""
    by_place: Counter[tuple[object, ...]] = Counter()
    by_month: Counter[tuple[object, ...]] = Counter()
    for record in Record.objects.only("scope_id", "place", "occurred_at"):
        by_place[record.scope_id, record.place] += 1
        month = record.occurred_at.year * 12 + record.occurred_at.month - 1
        by_month[record.scope_id, month] += 1
    for table, name, fresh in (
        ("store_tally", "place", by_place),
        ("store_tally_month", "period", by_month),
    ):
        rows = _rows(f"SELECT scope_id, {name}, sum(n) FROM {table} GROUP BY 1, 2")
        held = Counter({row[:2]: int(row[2]) for row in rows})
        if +held != fresh:
            yield f"{table}: more {held - fresh}, less {fresh - held}"


def _names(files: object) -> Iterator[str]:
    held = Counter(
        (str(r), s, n) for r, s, n in _rows("SELECT record_id, scope_id, name FROM store_name")
    )
    plain = Counter({(i.replace("-", ""), s, n): times for (i, s, n), times in held.items()})
    fresh: Counter[tuple[str, int, str]] = Counter()
    for record in Record.objects.all():
        for entity in _entities(record):
            for name in entity.properties.get("name", ()):
                if folded := fold(name)[:200]:
                    fresh[record.id.hex, record.scope_id, folded] += 1
    if plain != fresh:
        yield f"{(plain - fresh).total()} too many, {(fresh - plain).total()} lost"
    if connection.vendor == "sqlite":
        _rows("INSERT INTO store_name_fts (store_name_fts) VALUES ('integrity-check')")


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []
