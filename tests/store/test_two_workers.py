"""Two workers with one document in hand: who comes second judges again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection

from tapal.flow import link, records, work
from tapal.flow.intake import HandIn, take_and_read
from tapal.store.models import Alert, Identity, Link, Record, Task, Work
from tests.flow.parcels import message

HEAVY = "P1,20000,MARIA BERE,1990-01-02,TLS:A1,,entry"


def overtake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers claim a batch each; the quick one writes while the slow one has only judged."""
    slow, quick = work.claim("slow"), work.claim("quick")
    assert slow is not None and quick is not None
    real, waiting = work.judge, [quick]

    def judge(ids: tuple[str, ...]) -> work.Judged:
        judged = real(ids)
        if waiting:
            work.work(waiting.pop())
        return judged

    monkeypatch.setattr(work, "judge", judge)
    work.work(slow)


def test_one_bearer_in_two_hands_is_one_identity(
    parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_and_read(message(HEAVY, number="1"), HandIn())
    take_and_read(message(HEAVY, number="2"), HandIn())
    overtake(monkeypatch)
    assert Identity.objects.count() == 1
    assert Link.objects.count() == Record.objects.filter(worked=True).count() == 2
    assert Alert.objects.get().count == 2


def test_one_record_in_two_batches_is_linked_and_named_once(
    parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its bearer is known: no new identity tells the second worker that he is the second.
    take_and_read(message(HEAVY, number="1"), HandIn())
    work.work_all()
    take_and_read(message(HEAVY, number="2"), HandIn())
    fresh = Record.objects.get(worked=False)
    records.enqueue([fresh.id], urgent=False)
    overtake(monkeypatch)
    assert not Work.objects.exists()
    assert Link.objects.filter(record=fresh).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_name")
        assert cursor.fetchone() == (2,)
    assert Alert.objects.get().count == 2


def test_who_meets_others_again_and_again_gives_the_batch_back(
    parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_and_read(message(HEAVY), HandIn())

    def overlap(linked: link.Linked) -> None:
        raise link.Overlapping

    with monkeypatch.context() as met:
        met.setattr(link, "make_sure", overlap)
        assert work.work_one("w") == work.Done()
    left = Work.objects.get()
    assert left.attempt == 1 and left.trouble.startswith("Overlapping")
    assert not Identity.objects.exists()


def test_a_clash_of_keys_is_judged_again(parcels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take_and_read(message(HEAVY), HandIn())
    real, clashes = link.make_sure, [1, 2]

    def clash(linked: link.Linked) -> None:
        real(linked)
        if clashes:
            clashes.pop()
            raise IntegrityError("open_key")

    monkeypatch.setattr(link, "make_sure", clash)
    assert work.work_one("w") == work.Done(records=1, findings=1, alerts=1)


def test_a_trouble_of_the_database_sets_no_record_aside(
    parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_and_read(message(HEAVY), HandIn())

    def away(ids: tuple[str, ...]) -> work.Judged:
        raise OperationalError("the server is away")

    with monkeypatch.context() as broken:
        broken.setattr(work, "judge", away)
        for _ in range(6):
            Work.objects.update(lease_until=0)
            work.work_one("w")
    assert not Task.objects.exists()
    Work.objects.update(lease_until=0)
    assert work.work_one("w") == work.Done(records=1, findings=1, alerts=1)
