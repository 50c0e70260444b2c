"""Two makers of the same night, each on a machine of its own: one list, one alert, whoever is first."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from tapal.core.kind import Period
from tapal.flow.signals import counts, judging, lists, ruling, settings
from tapal.store.models import Alert, Event, Finding, SignalList
from tests.flow.signals.conftest import FLY, hand_inspections, inspected
from tests.flow.test_locks import at_once

pytestmark = [
    pytest.mark.pg,
    pytest.mark.django_db(transaction=True, databases=["default", "access"]),
]
ROUNDS = 4


def judged(owner: str, period: Period) -> Any:
    held = counts.read(owner, period)
    assert held is not None
    setting = settings.Setting()
    return ruling.ruled(judging.judge(held, setting), setting), setting


def test_one_night_made_by_two_opens_each_alert_once(surge: date) -> None:
    from tapal.flow import lake

    hand_inspections(inspected(counts.last_period(timezone.now(), Period.WEEK), 1, FLY))
    lake.build()
    for owner, period in (("IMI", Period.DAY), ("BARANTIN", Period.WEEK)):
        for _ in range(ROUNDS):
            Alert.objects.filter(owner=owner).update(open_key=None, state="closed")
            SignalList.objects.filter(owner=owner).delete()
            Finding.objects.filter(rule="signal", alert__owner=owner).delete()
            before = Alert.objects.filter(owner=owner).count()
            made = [judged(owner, period) for _ in range(3)]
            at_once(*(partial(lists.store, *each) for each in made))
            row = SignalList.objects.get(owner=owner, period=period)
            told = {alarm["alert"] for alarm in row.alarms}
            fresh = Alert.objects.filter(owner=owner, state="open")
            assert told == {str(each.id) for each in fresh} and None not in told
            assert all(each.count == 1 for each in fresh)
            assert Alert.objects.filter(owner=owner).count() == before + len(row.alarms)
            found = Finding.objects.filter(rule="signal", alert__in=fresh)
            assert found.count() == len(row.alarms) == len(told) > 0
            opened = Event.objects.filter(type="alert.opened", subject__in=told)
            assert opened.count() == len(told)
