"""Two officers at one alert: who holds it closes it, or the leader does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tapal.core.actions import Actor
from tapal.core.errors import Missing, Rejected
from tapal.flow.alert import Outcome, close_alert, take_alert
from tapal.store.models import Alert

pytestmark = pytest.mark.django_db(databases=["default", "access"])
FIRST = Actor("1", "IMI-1", "First", "IMI", "PLBN-11", frozenset({"alert.triage"}))
SECOND = replace(FIRST, id="2", number="IMI-2", name="Second")
LEADER = replace(SECOND, powers=frozenset({"alert.triage", "alert.close"}))


def test_nobody_closes_what_another_holds(alert: Alert) -> None:
    take_alert(alert.id, actor=FIRST)
    with pytest.raises(Rejected, match="IMI-1"):
        close_alert(alert.id, Outcome.FALSE, "seen", actor=SECOND)
    alert.refresh_from_db()
    assert (alert.state, alert.taken_by) == ("open", "IMI-1")
    assert close_alert(alert.id, Outcome.FALSE, "seen", actor=FIRST).closed_by == "IMI-1"


def test_the_leader_may(alert: Alert) -> None:
    take_alert(alert.id, actor=FIRST)
    assert close_alert(alert.id, Outcome.FALSE, "seen", actor=LEADER).closed_by == "IMI-2"


def test_the_second_of_two_closings_finds_it_closed(alert: Alert) -> None:
    close_alert(alert.id, Outcome.TRUE, "seen", actor=FIRST)
    with pytest.raises(Missing):
        close_alert(alert.id, Outcome.FALSE, "seen", actor=SECOND)


def test_an_act_that_decides_the_record_is_not_held_up(alert: Alert) -> None:
    take_alert(alert.id, actor=FIRST)
    close_alert(alert.id, Outcome.TRUE, "refused", actor=SECOND, by_act=True)
    alert.refresh_from_db()
    assert alert.state == "closed"
