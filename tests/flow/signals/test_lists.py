"""A surge becomes one alert, told in both languages, joined while it lasts, and leaks nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Missing
from tapal.core.kind import Period
from tapal.core.marking import Purpose
from tapal.flow import alert, lake, officers
from tapal.flow.share.door import open_door
from tapal.flow.signals import counts, lists
from tapal.store.models import Agreement, Alert, Finding, Officer, SignalList
from tests.flow.signals.conftest import SURGE, crossings, hand

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def officer(username: str, post: str | None = None) -> Actor:
    return officers.actor_of(Officer.objects.get(username=username), post)


def daily() -> SignalList:
    return SignalList.objects.get(owner="IMI", period="day")


def signal_alerts() -> list[Alert]:
    return list(Alert.objects.filter(reason__startswith="signal:"))


def test_a_day_without_any_report_is_missing_and_no_zero(surge: date) -> None:
    held = counts.read("IMI", Period.DAY)
    assert held is not None and held.until == surge
    (line,) = [n for n, x in enumerate(held.lines) if x.signal == "entries"]
    row = held.counts.watch.counts[line]
    assert row[-1] == SURGE and np.isnan(row[-41]) and row[-2] == 5
    assert np.isnan(row).sum() == 1


def test_a_surge_is_one_alert_with_its_reasons_in_both_languages(surge: date) -> None:
    lists.make()
    (one,) = signal_alerts()
    assert (one.owner, one.place, one.reason) == ("IMI", "PLBN-11", "signal:entries")
    (finding,) = Finding.objects.filter(alert=one)
    for language, words in (
        ("id", ("Orang masuk", "batas", "diharapkan")),
        ("en", ("Entries", "bound")),
    ):
        text = finding.text[language]
        assert str(SURGE) in text and "Motaain" in text and all(w in text for w in words)
    (told,) = [a for a in daily().alarms if a["alert"]]
    assert told["alert"] == str(one.id) and told["series"][0]["came"] == SURGE
    assert told["series"][0]["observed"][-1] == SURGE


def test_made_again_the_list_opens_nothing_more(surge: date) -> None:
    lists.make()
    lists.make()
    (one,) = signal_alerts()
    assert one.count == 1 and SignalList.objects.filter(period="day", owner="IMI").count() == 1


def test_while_it_lasts_it_joins(surge: date) -> None:
    before = surge - timedelta(days=1)
    hand(crossings(before, 30, start=30))
    lake.build()
    lists.make(until=before)
    (first,) = signal_alerts()
    lists.make()
    (joined,) = signal_alerts()
    assert joined.id == first.id and joined.count == 2


def test_a_lost_list_opens_no_second_alert_for_its_day(surge: date) -> None:
    lists.make()
    SignalList.objects.all().delete()
    lists.make()
    (one,) = signal_alerts()
    assert one.count == 1 and daily().alarms[0]["alert"] == str(one.id)


def test_a_closed_alarm_that_persists_opens_nothing(surge: date) -> None:
    lists.make()
    (first,) = signal_alerts()
    kepala = officer("imi.motaain.kepala", "PLBN-11")
    alert.close_alert(first.id, alert.Outcome.EXPLAINED, "pasar tahunan", actor=kepala)
    SignalList.objects.filter(period="day").update(until=surge - timedelta(days=1))
    lists.make()
    assert len(signal_alerts()) == 1


def test_a_stranger_finds_no_alert_and_no_finding(surge: date) -> None:
    lists.make()
    (one,) = signal_alerts()
    door = open_door(officer("psdkp.asing"), Purpose.BORDER_CONTROL)
    assert door.alerts().rows == ()
    with pytest.raises(Missing):
        door.alert(one.id)


def test_customs_sees_it_only_while_a_clause_opens_all_that_was_counted(surge: date) -> None:
    lists.make()
    (one,) = signal_alerts()
    agreement = Agreement.objects.get(code="DEMO-IMI-DJBC")

    def ask() -> list[str]:
        actor = officer("beacukai.motaain", "PLBN-11")
        return [a.id for a in open_door(actor, Purpose.BORDER_CONTROL).alerts().rows]

    # `capture` is what tells a crossing from an announcement: the clause does not give it.
    assert ask() == []
    clause = agreement.clauses[0]
    agreement.clauses = [{**clause, "fields": [*clause["fields"], "capture"]}]
    agreement.save()
    assert ask() == [str(one.id)]
    later = (timezone.now() - timedelta(days=10)).isoformat()
    agreement.clauses = [{**agreement.clauses[0], "occurred_after": later}]
    agreement.save()
    assert ask() == []


def test_the_record_judged_anew_keeps_the_finding(surge: date) -> None:
    from tapal.flow.work import work_all

    lists.make()
    work_all()
    (finding,) = Finding.objects.filter(rule="signal")
    assert finding.withdrawn_at is None and finding.alert_id is not None


def test_two_makers_at_once_make_one_list(surge: date) -> None:
    with lists._alone() as mine:
        assert mine and lists.make() is None


def test_late_reports_do_not_look_like_silence(home: Path, yesterday: date) -> None:
    hand(crossings(yesterday, 3))
    lake.build()
    held = counts.read("IMI", Period.DAY)
    assert held is not None and held.counts.watch.exposure is not None
    assert held.counts.watch.exposure[0, -1] == 1.0, "nothing learned: all counts as reported"
