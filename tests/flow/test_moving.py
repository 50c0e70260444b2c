"""Running cases moved to a newer version by choice: what can move, what stays and why, and the trace."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.ids import uuid7
from tapal.flow import answer, moving, procedures, takeback
from tapal.flow.reference import bump
from tapal.store.models import Alert, EventContent, Procedure, Run, Task
from tests.flow.test_rehearsal import draft, shipped
from tests.flow.test_runs import CHIEF, ONE, TWO, go, hit, officer, waiting

__all__ = ["hit"]
pytestmark = pytest.mark.django_db(databases=["default", "access"])


def newer(xml: bytes) -> Procedure:
    """A version in force that the agency signed."""
    row = draft(xml)
    row.signatures = [{"agency": code, "officer": "X"} for code in row.signers]
    row.state, row.in_force_at = "in_force", timezone.now()
    row.save()
    bump(procedures.CURSOR)
    return row


def why(row: Procedure) -> str:
    (found,) = moving.preview(row, actor=CHIEF)
    return found.why.en if found.why else ""


def test_a_case_goes_on_in_the_newer_version_where_it_stood(hit: Run) -> None:
    go(hit, "verify", ONE, first="same", first_why="x")
    Task.objects.filter(step="second").update(assigned_to=TWO.number)
    row = newer(shipped().replace(b'second == "other"', b'second != "same"'))
    (found,) = moving.preview(row, actor=CHIEF)
    assert (found.waits, [s.id for s in found.would], found.why) == (("second",), ["second"], None)
    assert Run.objects.get().procedure_id != row.pk  # a preview moves nothing
    moving.move(hit.id, row, actor=CHIEF)
    run, task = Run.objects.get(), waiting(hit)["second"]
    assert (run.procedure_id, run.moves, task.assigned_to) == (row.pk, 3, TWO.number)
    assert Task.objects.filter(run=run, step="second").count() == 1
    content = EventContent.objects.get(event__type="run.migrated", event__actor=CHIEF.number)
    assert json.loads(content.content)["to"]["version"] == row.version
    go(hit, "second", TWO, second="unsure", second_why="x")
    assert moving.preview(row, actor=CHIEF) == [] and set(waiting(hit)) == {"refer"}


def test_a_case_stays_where_the_newer_version_asks_something_else(hit: Run) -> None:
    go(hit, "verify", ONE, first="unsure", first_why="x")
    row = newer(
        shipped().replace(
            b'<tapal:option value="unsure" label="Belum dapat dipastikan" labelEn="Cannot be told yet" />',
            b"",
            1,
        )
    )
    assert "no longer fits" in why(row)
    with pytest.raises(Rejected):
        moving.move(hit.id, row, actor=CHIEF)
    assert Run.objects.get().procedure_id == hit.procedure_id and set(waiting(hit)) == {"second"}


def test_a_case_stays_where_a_step_was_renamed_or_it_would_have_ended(hit: Run) -> None:
    go(hit, "verify", ONE, first="same", first_why="x")
    go(hit, "second", TWO, second="same", second_why="x")
    renamed = newer(shipped().replace(b'"second"', b'"zweite"').replace(b"second ==", b"zweite =="))
    assert "Step second was answered" in why(renamed)
    Procedure.objects.filter(pk=renamed.pk).update(state="followed")
    ends = newer(
        shipped().replace(b'first == "other" &amp;&amp; second == "other"', b'first == "same"')
    )
    assert "would have ended" in why(ends)
    assert Alert.objects.get().state == "open"


def test_timers_and_what_was_taken_back_are_walked_again(
    hit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(hit, "verify", ONE, first="other", first_why="x")
    takeback.take_back(Task.objects.get(run=hit, step="verify").id, actor=ONE)
    moment = datetime.now(UTC) + timedelta(minutes=31)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    answer.wake_due()
    assert set(waiting(hit)) == {"verify", "hurry"}
    row = newer(shipped().replace(b'labelEn="The same person?"', b'labelEn="Same?"', 1))
    moving.move(hit.id, row, actor=CHIEF)
    assert set(waiting(hit)) == {"verify", "hurry"}


def test_strangers_move_nothing_and_a_version_that_is_not_theirs_takes_nothing(hit: Run) -> None:
    row = newer(shipped().replace(b'"list_match:*"', b'"list_match:tangkal"'))
    assert "does not begin" in why(row)
    stranger = officer("7", "BARANTIN")
    assert moving.preview(row, actor=stranger) == []
    with pytest.raises(Missing):
        moving.move(hit.id, row, actor=stranger)
    plain = type(ONE)(ONE.id, ONE.number, "X", ONE.agency, None, ONE.powers - {"task.assign"})
    with pytest.raises(Denied):
        moving.preview(row, actor=plain)


def test_older_cases_of_other_posts_take_no_room_from_a_posts_own(
    hit: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = newer(shipped().replace(b'labelEn="The same person?"', b'labelEn="Same?"', 1))
    monkeypatch.setattr(moving, "MOST", 1)
    elsewhere = Run.objects.get(pk=hit.pk)
    elsewhere.pk, elsewhere.alert = uuid7(), None
    elsewhere.place, elsewhere.started_at = "PLBN-ELSE", hit.started_at - timedelta(days=1)
    elsewhere.save(force_insert=True)
    leader = replace(CHIEF, post=hit.place)
    assert [each.run.pk for each in moving.preview(row, actor=leader)] == [hit.pk]
