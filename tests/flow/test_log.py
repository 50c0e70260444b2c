"""The log: numbered after commit, verifiable after erasure, and enough to make the records again."""

from __future__ import annotations

import random
from pathlib import Path

from tapal.core.actions import Actor
from tapal.flow import decide, events, replay
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.flow.sequence import number_all, number_events
from tapal.flow.undo import undo
from tapal.store.models import Event, EventContent, Record
from tests.flow.parcels import message

ROWS = [f"P{n},{n}000,NAME {n},,TLS:A{n},,entry" for n in range(1, 15)]


def test_numbers_have_no_gap_and_no_repeat(parcels: Path) -> None:
    hand_in(message(*ROWS), HandIn())
    assert number_events(limit=5) == 5
    number_all()
    numbers = Event.objects.order_by("seq").values_list("seq", flat=True)
    assert list(numbers) == list(range(1, Event.objects.count() + 1))
    assert number_events() == 0


def test_what_is_not_numbered_is_not_read(parcels: Path) -> None:
    hand_in(message(*ROWS), HandIn())
    assert list(replay.log_of()) == []


def test_the_log_makes_the_records_again_in_any_order(parcels: Path, owner: Actor) -> None:
    items = hand_in(message(*ROWS), HandIn()).items
    seen = {"state": [str(Record.objects.get(pk=items[0].id).first_revision)]}
    decide.act(items[0].id, "hold", {"ground": "art. 44"}, actor=owner, saw=seen)
    decide.act(items[0].id, "release", actor=owner, saw=seen)
    decide.act(items[1].id, "release", actor=owner)
    undo(items[1].id, actor=owner)
    number_all()
    log = list(replay.log_of())
    for order in range(20):
        random.Random(order).shuffle(log)
        made = replay.rebuild(log)
        for row in Record.objects.all():
            again = made[str(row.id)]
            assert again.body == row.body
            assert again.registers == row.registers
            assert again.conflicting == row.conflicting
            assert again.header["owner"] == row.owner


def test_content_can_be_erased_and_the_rest_verifies(parcels: Path) -> None:
    hand_in(message(*ROWS), HandIn())
    content = EventContent.objects.select_related("event").first()
    assert content is not None
    assert events.verify(content.event, content)
    content.content += " "
    assert not events.verify(content.event, content)
    EventContent.objects.filter(pk=content.pk).delete()
    assert Event.objects.filter(pk=content.pk).exists()


def test_two_contents_alike_have_different_commitments(parcels: Path) -> None:
    events.record_event("task.reopened", "x", {"a": 1})
    events.record_event("task.reopened", "x", {"a": 1})
    one, two = Event.objects.filter(subject="x")
    assert bytes(one.commitment) != bytes(two.commitment)
