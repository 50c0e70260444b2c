"""Claims, leases and fences; what breaks is set aside and stops nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tapal.flow import work
from tapal.flow.intake import HandIn, take_and_read
from tapal.store.models import Alert, Finding, Record, Task, Work
from tests.flow.parcels import message

HEAVY = "P1,20000,MARIA BERE,1990-01-02,TLS:A1,,entry"


def test_a_batch_is_claimed_once(parcels: Path) -> None:
    take_and_read(message(HEAVY), HandIn())
    assert work.claim("one") is not None
    assert work.claim("two") is None


def test_who_outlives_his_lease_writes_nothing(parcels: Path) -> None:
    take_and_read(message(HEAVY), HandIn())
    slow = work.claim("slow")
    assert slow is not None
    Work.objects.update(lease_until=time.time() - 1)
    quick = work.claim("quick")
    assert quick is not None and quick.attempt == 2
    assert work.work(quick).alerts == 1
    with pytest.raises(work.Fenced):
        work.work(slow)
    assert (Finding.objects.count(), Alert.objects.count()) == (1, 1)


def test_the_same_worker_claiming_twice_is_fenced_by_the_attempt(parcels: Path) -> None:
    take_and_read(message(HEAVY), HandIn())
    first = work.claim("same")
    Work.objects.update(lease_until=time.time() - 1)
    second = work.claim("same")
    assert first is not None and second is not None
    with pytest.raises(work.Fenced):
        work.work(first)
    assert work.work(second).records == 1


def test_a_clock_set_back_frees_the_lease(parcels: Path) -> None:
    take_and_read(message(HEAVY), HandIn())
    assert work.claim("one") is not None
    Work.objects.update(lease_until=time.time() + 86_400)
    assert work.claim("two") is not None


def test_a_record_that_breaks_the_road_is_set_aside_and_stops_no_other(
    parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [HEAVY, "P2,30000,JOSE,1990-01-03,TLS:A2,,entry"]
    take_and_read(message(*rows), HandIn())
    real = work.judge
    poison = str(Record.objects.get(keys__value="P2").id)

    def judge(ids: list[str]) -> work.Judged:
        if poison in ids:
            raise RuntimeError("poison")
        return real(ids)

    monkeypatch.setattr(work, "judge", judge)
    for _ in range(12):
        Work.objects.update(lease_until=0)
        work.work_one("w")
    assert not Work.objects.exists()
    assert Task.objects.get().name == "record_not_worked"
    assert str(Task.objects.get().record_id) == poison
    assert Alert.objects.get().record == Record.objects.get(keys__value="P1")


def test_urgent_work_comes_first(parcels: Path) -> None:
    take_and_read(message(HEAVY, number="1"), HandIn())
    urgent = take_and_read(message(HEAVY, number="2"), HandIn(urgent=True))
    held = work.claim("w")
    assert held is not None and held.records == (urgent.items[0].id,)
