"""Each procedure that ships is walked to each of its ends, by who may do its steps and nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Rejected
from tapal.core.marking import Sensitivity
from tapal.engines import procedures as engine
from tapal.flow import answer, procedures, runs
from tapal.flow.intake import HandIn
from tapal.flow.reference import legal_book
from tapal.flow.report import hand_in
from tapal.store.models import Alert, Link, Procedure, Record, Run, Task
from tests.flow.conftest import ALL_POWERS
from tests.flow.parcels import message
from tests.flow.test_link_alert import ROW, lists

POWERS = ALL_POWERS | {"task.assign", "degraded.declare"}
WARD = frozenset(
    {"record.read", "confidential.read", "protection.read", "task.do"}
    | {"fear_of_return.read", "fear_of_return.write"}
)


def officer(number: str, agency: str, powers: frozenset[str] = POWERS) -> Actor:
    return Actor(number, f"{agency}-{number}", "X", agency, None, powers)


def run_of(name: str, reason: str, owner: str) -> Run:
    """A run that an alert of this reason and owner began."""
    lists("sanctions")
    hand_in(message(ROW), HandIn())
    Task.objects.all().delete()
    Run.objects.all().delete()
    held = Alert.objects.get()
    held.reason, held.owner = reason, owner
    held.save()
    runs.begin(held, [reason])
    found = Run.objects.get()
    assert (found.procedure.name, found.status) == (name, "running"), found.trouble
    return found


def walk(run: Run, *steps: tuple[str, Actor, Mapping[str, Any]]) -> Run:
    """Answer these steps in turn."""
    for step, who, answers in steps:
        task = Task.objects.get(run=run, step=step, state="open")
        answer.answer(task.id, answers, actor=who)
    run.refresh_from_db()
    return run


def waits(run: Run) -> set[str]:
    return {t.step for t in Task.objects.filter(run=run, state="open")}


def later(monkeypatch: pytest.MonkeyPatch, **more: float) -> None:
    moment = datetime.now(UTC) + timedelta(**more)
    monkeypatch.setattr(timezone, "now", lambda: moment)


A, B, C = (officer(n, "IMI") for n in "123")
SOCIAL = officer("9", "KEMSOS")
EXAMINED = {"seen": "doubtful", "seen_why": "hologram"}


def test_every_step_has_a_clock_whose_row_cites(home: Path) -> None:
    for xml in procedures.seeds().values():
        diagram, faults = engine.checked(xml)
        assert diagram is not None and faults == ()
        clocks = procedures.clocks_of(diagram)
        assert clocks.keys() == diagram.steps.keys(), diagram.id
        for step in diagram.steps.values():
            assert step.text.id and step.text.id != step.text.en and step.label.id != step.label.en
            settled = legal_book().settle("task.minutes", timezone.localdate(), task=step.clock)
            assert settled and settled.rows[0].citation and settled.rows[0].confidence


@pytest.mark.parametrize(("seen", "end"), [("misread", "false"), ("explained", "explained")])
def test_a_document_that_was_misread_or_explained(parcels: Path, seen: str, end: str) -> None:
    run = run_of("document_irregularity", "document_expired", "IMI")
    walk(run, ("examine", A, {"seen": seen, "seen_why": "typed wrong"}))
    assert (run.status, Alert.objects.get().outcome) == ("done", end)


def test_a_doubtful_document_takes_two_and_its_issuer(
    parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of("document_irregularity", "check_digit_wrong", "IMI")
    walk(run, ("examine", A, EXAMINED))
    second = {"sound": "forged", "sound_why": "reprinted"}
    with pytest.raises(Rejected):
        walk(run, ("second", A, second))
    walk(run, ("second", B, second))
    assert waits(run) == {"issuer"}
    later(monkeypatch, hours=5)
    answer.wake_due()
    assert waits(run) == {"decide"}
    walk(run, ("decide", C, {"measure": "police", "ground": "UU 6/2011"}))
    assert Alert.objects.get().outcome == "referred"


def test_a_minor_with_evidence_goes_on(parcels: Path) -> None:
    run = run_of("minor_at_risk", "minor_without_guardian_evidence", "IMI")
    evidence = {"evidence": "complete", "danger": "no", "evidence_what": "akta"}
    walk(run, ("evidence", A, evidence))
    assert Alert.objects.get().outcome == "explained"


def test_a_minor_at_risk_is_accompanied_and_met_the_same_day(
    parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of("minor_at_risk", "minor_without_guardian_evidence", "IMI")
    walk(run, ("evidence", A, {"evidence": "complete", "danger": "yes", "evidence_what": "takut"}))
    assert waits(run) == {"company", "family", "worker"}
    asked = Task.objects.get(run=run, step="worker")
    assert asked.owner == "KEMSOS" and asked.due_at is not None
    assert asked.due_at - asked.opened_at < timedelta(hours=12)
    with pytest.raises(Denied):
        walk(run, ("worker", A, {"worker_says": "shelter", "worker_why": "x"}))
    later(monkeypatch, hours=7)
    answer.wake_due()
    assert "call" in waits(run)
    walk(
        run,
        ("company", A, {"where": "ruang ramah anak"}),
        ("family", B, {"traced": "not_reached", "traced_how": "telepon"}),
        ("worker", SOCIAL, {"worker_says": "shelter", "worker_why": "takut"}),
        ("best", C, {"best": "shelter", "best_why": "anak meminta"}),
    )
    assert (run.outcome, waits(run), Alert.objects.get().outcome) == ("sheltered", set(), "true")


def test_no_step_for_a_minor_offers_detention() -> None:
    diagram, _ = engine.checked(procedures.seeds()["minor_at_risk.bpmn"])
    assert diagram is not None
    offered = {o.value for s in diagram.steps.values() for f in s.form for o in f.options}
    assert not {o for o in offered if "detain" in o or "hold" in o}


Q1, Q2 = officer("1", "BARANTIN"), officer("2", "BARANTIN")


def inspected(result: str) -> tuple[str, Actor, Mapping[str, Any]]:
    return ("inspect", Q1, {"inspected": result, "inspect_no": "T-1"})


def quarantined() -> Run:
    return run_of("plant_quarantine", "listed_pest_found", "BARANTIN")


def test_plants_that_fit_are_released(parcels: Path) -> None:
    run = walk(quarantined(), inspected("fits"), ("release", Q1, {"release_no": "T-2"}))
    assert (run.outcome, Alert.objects.get().outcome) == ("released", "explained")


def test_a_group_two_pest_is_treated_and_the_goods_released(parcels: Path) -> None:
    run = walk(
        quarantined(),
        inspected("suspect"),
        ("isolate", Q1, {"observed": "pest", "isolate_no": "T-2"}),
        ("treatable", Q1, {"treatable": "group_two", "list_edition": "2023"}),
        ("treat", Q1, {"treated": "free", "treat_no": "T-3"}),
        ("release", Q1, {"release_no": "T-4"}),
    )
    assert (run.outcome, Alert.objects.get().outcome) == ("treated_out", "true")


def test_papers_that_do_not_come_end_in_refusal_then_destruction(
    parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = walk(quarantined(), inspected("papers"), ("hold", Q1, {"hold_no": "T-2"}))
    later(monkeypatch, days=8)
    answer.wake_due()
    assert waits(run) == {"refuse"}
    refusal = {"refuse_no": "T-3", "refuse_ground": "UU 21/2019"}
    with pytest.raises(Rejected):
        walk(run, ("refuse", Q1, refusal))
    walk(run, ("refuse", Q2, refusal), ("gone", Q1, {"gone": "no"}))
    walk(run, ("destroy", Q2, {"destroy_no": "T-4", "witness": "pemilik"}))
    assert (run.outcome, Alert.objects.get().outcome) == ("destroyed", "true")


def test_a_group_one_pest_goes_out(parcels: Path) -> None:
    run = walk(
        quarantined(),
        inspected("pest"),
        ("treatable", Q1, {"treatable": "group_one", "list_edition": "2023"}),
        ("refuse", Q2, {"refuse_no": "T-3", "refuse_ground": "UU 21/2019"}),
        ("gone", Q1, {"gone": "yes"}),
    )
    assert run.outcome == "refused"


def outage(who: Actor) -> Run:
    row = Procedure.objects.get(name="list_outage", state="in_force")
    return runs.begin_by_hand(row.id, actor=who)


def test_an_outage_is_declared_by_who_may_once_and_caught_up(home: Path) -> None:
    with pytest.raises(Denied):
        outage(officer("5", "IMI", ALL_POWERS))
    run = outage(A)
    with pytest.raises(Rejected):
        outage(B)
    walk(
        run,
        ("declare", A, {"out": "lists", "open": "yes", "declared_why": "08.40"}),
        ("forms", B, {"forms_used": "31", "form_numbers": "1-31"}),
        ("tell", B, {"told_who": "pusat"}),
        ("restore", A, {"restored_note": "10.00"}),
        ("catch_up", B, {"entered": "30", "hits": "0"}),
    )
    with pytest.raises(Rejected):
        walk(run, ("check", B, {"agrees": "yes"}))
    walk(run, ("check", C, {"agrees": "yes"}))
    assert waits(run) == {"catch_up"}  # thirty of thirty-one
    walk(run, ("catch_up", B, {"entered": "31", "hits": "1"}), ("check", C, {"agrees": "yes"}))
    assert (run.status, run.outcome) == ("done", "ended")
    assert outage(A).status == "running"


D1, D2 = officer("31", "IMI", WARD), officer("32", "IMI", WARD)
HEARD = (
    ("hear", D1, {"interpreter": "yes", "vulnerable": "none"}),
    ("care", D1, {"place_found": "yes"}),
)


def asylum(parcels: Path) -> Run:
    hand_in(message(ROW), HandIn())
    record = Record.objects.get()
    Record.objects.update(owner="IMI")
    record.refresh_from_db()
    run = runs.begin_by_act(record, "receive_fear", D1.number)
    assert run is not None and run.status == "running", run and run.trouble
    return run


def test_an_asylum_request_is_withheld_in_every_row(parcels: Path) -> None:
    run = walk(asylum(parcels), *HEARD, ("unhcr", D1, {"unhcr_on": "2026-03-02"}))
    assert run.sensitivity == run.scope.sensitivity == Sensitivity.WITHHELD
    rows = Task.objects.filter(run=run)
    assert {t.sensitivity for t in rows} == {run.sensitivity}
    assert {t.power for t in rows} == {"fear_of_return.write"}
    with pytest.raises(Denied):
        walk(run, ("answer", A, {"unhcr_says": "registered"}))


def test_a_withdrawal_is_made_sure_of_by_another_and_waits_on_in_doubt(
    parcels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = walk(asylum(parcels), *HEARD, ("unhcr", D1, {"unhcr_on": "2026-03-02"}))
    walk(run, ("answer", D1, {"unhcr_says": "withdrawn"}))
    with pytest.raises(Rejected):
        walk(run, ("sure", D1, {"free": "yes"}))
    walk(run, ("sure", D2, {"free": "no"}))
    assert waits(run) == set() and run.due_at is not None
    later(monkeypatch, days=8)
    answer.wake_due()
    walk(run, ("answer", D2, {"unhcr_says": "registered"}), ("finish", D2, {"finished": "yes"}))
    assert (run.status, run.outcome, Link.objects.filter(verdict=-1).count()) == (
        "done",
        "ended",
        0,
    )
