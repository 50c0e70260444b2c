"""What an intake did, told item by item: the shape that the command and the API give."""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.clauses import Reach
from tapal.core.errors import Denied
from tapal.core.finding import Weight
from tapal.core.marking import Purpose
from tapal.flow.finding_words import label_of
from tapal.flow.intake import HandIn, Overtaken, Reading, Taken, take_and_read
from tapal.flow.share import access
from tapal.flow.share.compile import reach_of
from tapal.flow.share.purposes import must_cover, purposes_of
from tapal.flow.share.rows import fetch, open_records, visible_findings
from tapal.flow.unscreened import among
from tapal.flow.work import claimant_name, work_all
from tapal.store.models import Finding, Message, Record, Work

# How long to wait for another worker that has our batch in hand.
PATIENCE_SECONDS = 120.0
# A desk has few threads: it waits no longer than somebody looks at a page.
DESK_PATIENCE_SECONDS = 20.0
# A reading that has not moved for so long may have lost its reader: another goes on with it.
STANDS_STILL_SECONDS = 5.0
CHUNK = 500
POWER = "record.write"


def hand_in_as(
    data: bytes,
    source: str,
    format: str | None,
    *,
    actor: Actor,
    language: str,
    purpose: Purpose | None = None,
) -> dict[str, Any]:
    """Hand one message in as an officer at his post and report what he may see of it.

    Raises Denied without the power or for a purpose that is not his, BadHandIn for a kind that
    his agency does not keep.
    """
    return hand_in_again(
        data, source, format, actor=actor, language=language, purpose=purpose, as_first=False
    )[0]


def hand_in_again(
    data: bytes,
    source: str,
    format: str | None,
    *,
    actor: Actor,
    language: str,
    purpose: Purpose | None,
    as_first: bool,
) -> tuple[dict[str, Any], bool]:
    """As `hand_in_as`; the second value is true for a message that was read before.

    `as_first` tells of such a message's records as the first time. Raises the same.
    """
    if POWER not in actor.powers:
        raise Denied
    why = purpose or purposes_of(actor)[0]
    must_cover(actor, why)
    given = HandIn(source, actor.agency, actor.post, format, actor.number, own_kinds=True)
    reading = hand_in(data, given, patience=DESK_PATIENCE_SECONDS)
    known = reading.known
    if known and as_first:
        reading = _first_told(reading)
    told = report(reading, source, language, reach=reach_of(actor, why, timezone.now()))
    access.note(
        actor, why, access.LIST, subject=f"message {reading.message.id}", count=len(told["items"])
    )
    return told, known


def _first_told(reading: Reading) -> Reading:
    """A reading again of a message told as its first: what it gave then are its records."""
    items = [
        replace(i, status="record") if i.status == "known" and i.id else i for i in reading.items
    ]
    return Reading(reading.message, items=items)


def hand_in(data: bytes, given: HandIn, *, patience: float = PATIENCE_SECONDS) -> Reading:
    """Take and read one message and work what it gave, waiting where another worker has it in hand."""
    try:
        reading = take_and_read(data, given)
    except Overtaken as lost:
        _wait_while_read(str(lost), patience)
        reading = take_and_read(data, given)
        # What a reader that died had stored before is told with the rest.
        reading = reading if reading.known else take_and_read(data, given)
    work_all(claimant_name())
    _wait_for([i.id for i in reading.items if i.status == "record"], patience)
    return reading


def hand_in_all(messages: Iterable[tuple[HandIn, bytes]], language: str) -> dict[str, Any]:
    """Hand messages in one after the other and report on all of them together."""
    total: dict[str, Any] = {
        "records": 0,
        "rejects": 0,
        "known": 0,
        "findings": 0,
        "alerts": 0,
        "unscreened": 0,
        "items": [],
    }
    for given, data in messages:
        one = report(hand_in(data, given), given.source, language)
        for name, value in one.items():
            total[name] += value
    return total


def report(
    reading: Reading, source: str, language: str, *, reach: Reach | None = None
) -> dict[str, Any]:
    """Counts, and each item with its place, what became of it, and the sentences of its findings.

    A record that is not screened yet says so: that it has no findings would mean nothing. What is
    wrong with the whole message stands with its first item.

    `reach` is that of the officer who is told: only what he may see is told and counted. Without
    it all is told, to whoever runs the machine.
    """
    ids = [i.id for i in reading.items if i.status == "record"]
    found = findings_of(ids, reach)
    of_all = () if reading.known else _of_message(reading, language)
    waiting = among(ids)
    status = [i.status for i in reading.items]
    alerts = {f.alert_id for each in found.values() for f in each if f.alert_id}
    return {
        "records": status.count("record"),
        "rejects": status.count("reject"),
        "known": status.count("known"),
        "findings": sum(len(each) for each in found.values()) + len(of_all),
        "alerts": len(alerts),
        "unscreened": len(waiting),
        "items": [
            _item(
                item,
                source,
                [*(of_all if first else ()), *_said(found.get(item.id, ()), language)],
                language,
                screened=item.id not in waiting,
            )
            for first, item in zip(chain((True,), repeat(False)), reading.items, strict=False)
        ],
    }


def _item(
    item: Taken,
    source: str,
    told: Sequence[Mapping[str, Any]],
    language: str,
    *,
    screened: bool,
) -> Mapping[str, Any]:
    reason = " ".join(t.say(language) for t in (item.reason, item.mend) if t) or None
    return {
        "source": source,
        "place": item.place,
        "status": item.status,
        "kind": item.kind or None,
        "id": item.id or None,
        "reason": reason,
        "screened": screened if item.status == "record" else None,
        "findings": list(told),
    }


def _said(found: Iterable[Finding], language: str) -> list[Mapping[str, Any]]:
    return [
        {
            "rule": row.rule,
            "label": label_of(row.reason).say(language),
            "text": row.text[language],
            "weight": Weight(row.weight).name.lower(),
            "disputed": row.data["disputed"],
        }
        for row in found
    ]


def _of_message(reading: Reading, language: str) -> list[Mapping[str, Any]]:
    """What is wrong with the whole message; its sentences name their place in it."""
    held = Message.objects.filter(pk=reading.message.pk).values_list("findings", flat=True)
    return [
        {
            "rule": one["rule"],
            "label": label_of(one["rule"]).say(language),
            "text": one["text"][language],
            "weight": Weight(one["weight"]).name.lower(),
            "disputed": one["data"]["disputed"],
        }
        for findings in held
        for one in findings
    ]


def findings_of(ids: Sequence[str], reach: Reach | None = None) -> dict[str, list[Finding]]:
    """The findings that hold for these records and may be seen, heaviest first."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = Finding.objects.filter(record_id__in=part, withdrawn_at__isnull=True)
        if reach is not None:
            opened = open_records(reach, fetch([uuid.UUID(i) for i in part]))
            rows = rows.filter(pk__in=[seen.id for seen in visible_findings(reach, opened)])
        for row in rows.order_by("-weight", "rule", "about"):
            found[str(row.record_id)].append(row)
    return found


def _wait_while_read(message: str, patience: float) -> None:
    """Wait while another process reads a message, as long as it moves on."""
    end, position, moved = time.monotonic() + patience, -1, time.monotonic()
    while time.monotonic() < end:
        state, now_at = Message.objects.values_list("state", "position").get(pk=message)
        if now_at != position:
            position, moved = now_at, time.monotonic()
        if state == "done" or time.monotonic() - moved > STANDS_STILL_SECONDS:
            return
        time.sleep(0.2)


def _wait_for(ids: Sequence[str], patience: float) -> None:
    end = time.monotonic() + patience
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        while _under_way(part) and time.monotonic() < end:
            time.sleep(0.2)
            work_all(claimant_name())


def _under_way(ids: Sequence[str]) -> bool:
    """True while some of the records wait in batches that have not broken on anything yet."""
    waiting = Record.objects.filter(pk__in=ids, worked=False).values_list("pk", flat=True)
    wanted = {str(i) for i in waiting}
    if not wanted:
        return False
    batches = Work.objects.filter(trouble="").values_list("records", flat=True)
    return any(wanted.intersection(records) for records in batches)
