"""A draft tried on past alerts: which it would begin, their ways, the tasks and how late; nothing written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied
from tapal.core.marking import Purpose
from tapal.engines import procedures as engine
from tapal.flow import answer, procedures, rehearsal, runs
from tapal.flow.intake import HandIn
from tapal.flow.rehearsal import Assumed, Rehearsal
from tapal.flow.report import hand_in
from tapal.flow.share.door import open_door
from tapal.store.models import Access, Alert, Event, Procedure, Run, Task
from tests.flow.conftest import ALL_POWERS
from tests.flow.parcels import message
from tests.flow.test_link_alert import ROW, lists

OWNER = "DJBC"
pytestmark = pytest.mark.django_db(databases=["default", "access"])
DRAWS = ALL_POWERS | {procedures.EDIT, procedures.SIGN}


def officer(number: str, agency: str = OWNER, powers: frozenset[str] = DRAWS) -> Actor:
    return Actor(number, f"{agency}-{number}", "X", agency, None, powers)


ONE, TWO = officer("1"), officer("2")


@pytest.fixture
def cleared(parcels: Path) -> Run:
    """An alert that two officers cleared by the shipped procedure."""
    lists("sanctions")
    hand_in(message(ROW), HandIn())
    run = Run.objects.get()
    for step, who, said in (
        ("verify", ONE, {"first": "other", "first_why": "x"}),
        ("second", TWO, {"second": "other", "second_why": "x"}),
    ):
        answer.answer(Task.objects.get(run=run, step=step).id, said, actor=who)
    return run


def shipped() -> bytes:
    return procedures.seeds()["watchlist_hit.bpmn"]


def draft(xml: bytes) -> Procedure:
    """A draft of the agency, as if its diagram asked for its signature alone."""
    xml = xml.replace(b'signedBy="IMI"', b'signedBy="DJBC KEMLU"')
    diagram = engine.checked(xml)[0]
    assert diagram is not None
    return procedures._new_version(diagram, xml, ONE.number, OWNER, "")


def tried(row: Procedure, actor: Actor = ONE, assumed: Assumed | None = None) -> Rehearsal:
    door = open_door(actor, Purpose.BORDER_CONTROL)
    return rehearsal.rehearse(row, 30, assumed or Assumed(), door=door)


def ends(told: rehearsal.Told) -> dict[str, int]:
    return {end.en: times for end, _, times in told.ends_told()}


def test_the_same_diagram_comes_to_the_same_end_by_the_recorded_answers(cleared: Run) -> None:
    found = tried(draft(shipped()))
    assert (found.taken, found.whole, found.changed, found.gained) == (1, 1, 0, 0)
    assert ends(found.before) == ends(found.after) == {"Not this person": 1}
    assert found.after.all.recorded == found.after.all.answered == 2


def test_a_draft_that_asks_the_owner_in_any_case_takes_another_way(cleared: Run) -> None:
    xml = shipped().replace(b'first == "other" &amp;&amp; second == "other"', b'first == "nobody"')
    found = tried(draft(xml))
    assert found.changed == 1 and found.examples[0].alert == str(Alert.objects.get().id)
    assert found.after.desks[("KEMLU", "task.do")].tasks == 1  # whose list it is
    assert ("KEMLU", "task.do") not in found.before.desks
    assert found.after.all.recorded == 2 < found.after.all.answered


def test_a_shorter_clock_makes_late_what_was_in_time(cleared: Run) -> None:
    Task.objects.filter(step="second").update(closed_at=timezone.now() + timedelta(minutes=14))
    xml = shipped().replace(b'clock="watchlist_hit.second"', b'clock="minor_at_risk.hurry"')
    found = tried(draft(xml))
    assert (found.before.steps["second"].late, found.after.steps["second"].late) == (0, 1)
    assert found.after.steps["second"].middle_overdue == 4


def test_who_did_the_first_step_is_not_taken_for_the_second(cleared: Run) -> None:
    """The trial is of a version with four eyes where today's has none: one person did both."""
    Task.objects.filter(run=cleared).update(closed_by=ONE.number)
    found = tried(draft(shipped()))
    assert (found.after.all.second, found.after.steps["second"].second) == (1, 1)
    assert (found.after.all.recorded, found.after.all.answered) == (1, 2)
    free = tried(draft(shipped().replace(b'notBy="verify" clock="watchlist_hit.second"', b"")))
    assert (free.after.all.second, free.after.all.recorded) == (0, 2)
    assert free.before.all.second == 1  # what is in force asks for two


def test_reasons_that_it_no_longer_names_are_told_as_lost(cleared: Run) -> None:
    found = tried(draft(shipped().replace(b'"list_match:*"', b'"list_match:tangkal"')))
    # What it leaves the agency falls to nobody: it has left the shipped version of that name.
    assert (found.lost, found.after.cases, found.before.cases) == (1, 0, 1)


def test_declared_assumptions_lead_where_nothing_was_recorded(parcels: Path) -> None:
    lists("sanctions")
    hand_in(message(ROW), HandIn())
    row = draft(shipped())
    plain = tried(row)
    said = rehearsal.assumptions({"verify.first": "other", "second.second": "other", "x": "y"})
    declared = tried(row, assumed=Assumed(said))
    assert ends(plain.after) != ends(declared.after) == {"Not this person": 1}
    assert declared.after.all.recorded == 0


def test_nothing_is_written_but_the_look(cleared: Run) -> None:
    row = draft(shipped())
    before = (Run.objects.count(), Task.objects.count(), Event.objects.count())
    looks = Access.objects.count()
    tried(row)
    assert before == (Run.objects.count(), Task.objects.count(), Event.objects.count())
    assert Access.objects.count() == looks + 1


def test_a_stranger_sees_nothing_of_it(cleared: Run) -> None:
    row = draft(shipped())
    assert tried(row, officer("7", "BARANTIN")).whole == 0
    with pytest.raises(Denied):
        tried(row, officer("8", powers=ALL_POWERS - {procedures.EDIT, procedures.SIGN}))


def test_who_reads_nothing_withheld_is_told_nothing_of_withheld_runs(cleared: Run) -> None:
    record = cleared.record
    assert record is not None
    run = runs.begin_by_act(record, "receive_fear", ONE.number)
    assert run is not None
    row = Procedure.objects.get(name="asylum_request")
    reads = officer("4", powers=DRAWS | {"confidential.read", "protection.read"})
    assert (tried(row).after.cases, tried(row, reads).after.cases) == (0, 1)
