"""Profiles tried on history: counted in parts, cut off and gone on with, waiting for whoever is at the counter."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Rejected
from tapal.core.profiles import Row, Table, Verdict
from tapal.core.text import same
from tapal.flow import alert, profiles
from tapal.flow.profiles import tally
from tapal.flow.worker import Worker
from tapal.store.models import Alert, DryRun, Finding, Profile, Record, Work
from tests.flow.test_profiles import ANALYST, HEAVY, SECOND, given, send, tried


@pytest.fixture(autouse=True)
def house(parcels: Path) -> Path:
    return parcels


def test_a_dry_run_counts_what_it_would_have_hit_and_what_people_found(owner: Actor) -> None:
    rows = [f"N{n},{20_000 if n < 4 else 6000},P{n},,,,entry" for n in range(8)]
    ids = send(*rows, "X,6000,OUT,,,,exit", "L,10,LOW,,,,entry")
    move_to_now()
    for n, outcome in enumerate((alert.Outcome.TRUE, alert.Outcome.FALSE, alert.Outcome.REFERRED)):
        opened = Alert.objects.get(record_id=ids[n])
        alert.close_alert(opened.pk, outcome, "seen", actor=owner)
    row = profiles.draft(given(), actor=ANALYST)
    run = tried(row)
    assert (run.state, run.tally["seen"], run.tally["hits"]) == ("done", 10, 8)
    assert run.tally["outcomes"] == {"right": 2, "wrong": 1, "open": 1, "none": 4}
    told = tally.precision(run.tally["outcomes"])
    assert (told.part, told.whole) == (2, 3)
    low, high = told.interval or (0, 0)
    assert round(low, 3) == 0.208 and round(high, 3) == 0.939
    assert {each[0] for each in run.tally["newest"]} == set(ids[:8])
    assert all(each[3] == 1 for each in run.tally["newest"])
    assert Finding.objects.filter(rule="profile_hit").count() == 0


def move_to_now() -> None:
    Record.objects.update(occurred_at=timezone.now() - timedelta(days=1))


def test_fairness_is_counted_by_nationality(owner: Actor) -> None:
    send(*[f"N{n},6000,P{n},,{'TLS' if n < 3 else 'MYS'}:X{n},,entry" for n in range(5)],
         "L,10,LOW,,TLS:X9,,entry")  # fmt: skip
    move_to_now()
    run = tried(profiles.draft(given(), actor=ANALYST))
    assert run.tally["nationality"] == {"TLS": [4, 3, 0, 0], "MYS": [2, 2, 0, 0]}
    assert run.tally["sex"] == {"-": [6, 5, 0, 0]}


def test_a_dry_run_goes_on_where_it_was_cut_and_counts_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tapal.flow.profiles import dry_run

    monkeypatch.setattr(dry_run, "AT_ONCE", 3)
    send(*[f"N{n},6000,P{n},,,,entry" for n in range(10)])
    move_to_now()
    run = profiles.ask(profiles.draft(given(), actor=ANALYST).pk, 30, actor=ANALYST)
    assert profiles.count(run)
    rival = DryRun.objects.get(pk=run.pk)
    stale = DryRun.objects.get(pk=run.pk)
    assert profiles.count(rival)
    assert not profiles.count(stale)  # the fence: the other was first
    rival.refresh_from_db()
    assert rival.tally["seen"] == 6
    while profiles.count(rival):
        pass
    rival.refresh_from_db()
    assert (rival.state, rival.tally["seen"], rival.tally["hits"]) == ("done", 10, 10)
    assert len({each[0] for each in rival.tally["newest"]}) == 10


def test_a_dry_run_waits_while_any_batch_waits() -> None:
    ids = send("A,6000,ANA,,,,entry")
    move_to_now()
    run = profiles.ask(profiles.draft(given(), actor=ANALYST).pk, 30, actor=ANALYST)
    waits = Work.objects.create(records=ids, at=timezone.now(), lease_until=9e12)
    assert not profiles.step()
    waits.delete()
    assert profiles.step()
    run.refresh_from_db()
    assert run.state in ("running", "done")


def test_the_worker_counts_it_in_its_round() -> None:
    send("A,6000,ANA,,,,entry")
    move_to_now()
    run = profiles.ask(profiles.draft(given(), actor=ANALYST).pk, 30, actor=ANALYST)
    worker = Worker(lambda: False)
    for _ in range(6):
        worker.step()
    run.refresh_from_db()
    assert (run.state, run.tally["hits"]) == ("done", 1)


def test_a_dry_run_of_what_changed_meanwhile_stops() -> None:
    row = profiles.draft(given(), actor=ANALYST)
    run = profiles.ask(row.pk, 30, actor=ANALYST)
    assert profiles.ask(row.pk, 30, actor=SECOND).pk == run.pk
    other = Table(HEAVY, (Row((("1",), None), Verdict.LOOK),))
    profiles.save_draft(row.pk, given(table=other), row.edition, actor=ANALYST)
    run.refresh_from_db()
    assert not profiles.count(run)
    run.refresh_from_db()
    assert run.state == "stopped" and not profiles.tried(Profile.objects.get(pk=row.pk))
    with pytest.raises(Rejected):
        profiles.ask(row.pk, 5000, actor=ANALYST)


def test_a_dry_run_that_breaks_says_so() -> None:
    row = profiles.draft(given(), actor=ANALYST)
    send("A,6000,ANA,,,,entry")
    move_to_now()
    Profile.objects.filter(pk=row.pk).update(table={"columns": [["gone", "any_of"]], "rows": []})
    run = profiles.ask(row.pk, 30, actor=ANALYST)
    assert profiles.step()
    run.refresh_from_db()
    assert run.state == "broken" and "gone" in run.trouble


def test_why_is_told_row_by_row() -> None:
    row = profiles.draft(given(), actor=ANALYST)
    (record,) = send("A,6000,ANA,,,,entry")
    told = profiles.why(row, record, actor=ANALYST)
    assert told is not None
    assert [(e.fits, e.decides) for e in told] == [(False, False), (True, True)]
    assert [c.fits for c in told[0].cells] == [True, False]
    elsewhere = profiles.draft(given(place="PLBN-16", label=same("There")), actor=ANALYST)
    assert profiles.why(elsewhere, record, actor=ANALYST) is None
