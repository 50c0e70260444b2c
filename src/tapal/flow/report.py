"""What an intake did, told item by item: the shape that the command and the API give."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tapal.core.finding import Weight
from tapal.flow.intake import HandIn, Overtaken, Reading, Taken, take_and_read
from tapal.flow.work import claimant_name, work_all
from tapal.store.models import Finding, Record

# How long to wait for another worker that has our batch in hand.
PATIENCE_SECONDS = 120
CHUNK = 500


def hand_in(data: bytes, given: HandIn) -> Reading:
    """Take and read one message and work what it gave, waiting where another worker has it in hand."""
    try:
        reading = take_and_read(data, given)
    except Overtaken:
        time.sleep(1.0)
        reading = take_and_read(data, given)
    work_all(claimant_name())
    _wait_for([i.id for i in reading.items if i.status == "record"])
    return reading


def hand_in_all(messages: Iterable[tuple[HandIn, bytes]], language: str) -> dict[str, Any]:
    """Hand messages in one after the other and report on all of them together."""
    total: dict[str, Any] = {
        "records": 0,
        "rejects": 0,
        "known": 0,
        "findings": 0,
        "alerts": 0,
        "items": [],
    }
    for given, data in messages:
        one = report(hand_in(data, given), given.source, language)
        for name, value in one.items():
            total[name] += value
    return total


def report(reading: Reading, source: str, language: str) -> dict[str, Any]:
    """Counts, and each item with its place, what became of it, and the sentences of its findings."""
    ids = [i.id for i in reading.items if i.status == "record"]
    found = findings_of(ids)
    status = [i.status for i in reading.items]
    alerts = {f.alert_id for each in found.values() for f in each if f.alert_id}
    return {
        "records": status.count("record"),
        "rejects": status.count("reject"),
        "known": status.count("known"),
        "findings": sum(len(each) for each in found.values()),
        "alerts": len(alerts),
        "items": [_item(i, source, found.get(i.id, ()), language) for i in reading.items],
    }


def _item(item: Taken, source: str, found: Sequence[Finding], language: str) -> Mapping[str, Any]:
    reason = " ".join(t.say(language) for t in (item.reason, item.mend) if t) or None
    return {
        "source": source,
        "place": item.place,
        "status": item.status,
        "kind": item.kind or None,
        "id": item.id or None,
        "reason": reason,
        "findings": [
            {
                "rule": row.rule,
                "text": row.text[language],
                "weight": Weight(row.weight).name.lower(),
                "disputed": row.data["disputed"],
            }
            for row in found
        ],
    }


def findings_of(ids: Sequence[str]) -> dict[str, list[Finding]]:
    """The findings that hold for these records, heaviest first."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for start in range(0, len(ids), CHUNK):
        rows = Finding.objects.filter(
            record_id__in=ids[start : start + CHUNK], withdrawn_at__isnull=True
        )
        for row in rows.order_by("-weight", "rule", "about"):
            found[str(row.record_id)].append(row)
    return found


def _wait_for(ids: Sequence[str]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        while Record.objects.filter(pk__in=part, worked=False).exists() and time.monotonic() < end:
            time.sleep(0.2)
            work_all(claimant_name())
