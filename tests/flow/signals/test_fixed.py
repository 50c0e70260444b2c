"""Fixed rules at night: a regulated pest is an alert by the law's own row, each week anew, and leaks nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Missing
from tapal.core.kind import Period
from tapal.core.marking import Purpose
from tapal.flow import alert, lake, officers
from tapal.flow.demo_officers import make_demo_officers
from tapal.flow.law import Amendment, amend
from tapal.flow.share.door import open_door
from tapal.flow.signals import counts, lists
from tapal.kinds import KINDS
from tapal.store.models import Alert, Finding, LegalRow, Officer, SignalList
from tapal.web.cli import main
from tests.flow.signals.conftest import FLY, NEMATODE, crossings, inspected
from tests.flow.signals.conftest import hand as hand_crossings
from tests.flow.signals.conftest import hand_inspections as hand

pytestmark = pytest.mark.django_db(databases=["default", "access"])


@pytest.fixture
def week(home: Path) -> date:
    """The last week's first day; a year of inspections lies before, with one find long ago."""
    make_demo_officers()
    first = last_week()
    text = "".join(inspected(first - timedelta(days=7 * back), back) for back in range(2, 40))
    hand(text + inspected(first - timedelta(days=7 * 30), 99, NEMATODE))
    return first


def last_week() -> date:
    return counts.last_period(timezone.now(), Period.WEEK)


def made() -> SignalList:
    lake.build()
    lists.make()
    return SignalList.objects.filter(owner="BARANTIN", period="week").order_by("-until")[0]


def fixed(row: SignalList) -> list[dict[str, Any]]:  # Any: JSON
    return [told for told in row.alarms if "rules" in told]


def pest_alerts() -> list[Alert]:
    return list(Alert.objects.filter(reason="signal:phyto_pests").order_by("opened_at"))


def officer(username: str, post: str | None = None) -> Actor:
    return officers.actor_of(Officer.objects.get(username=username), post)


def test_one_regulated_pest_is_an_alert_with_its_citation(week: date) -> None:
    hand(inspected(week, 1, FLY))
    row = made()
    (told,) = fixed(row)
    # The list by chance names the series too: one matter, one alarm, one alert.
    assert told["p"] is not None and told["places"] == ["PLBN-11"]
    (one,) = pest_alerts()
    assert (one.owner, one.place, str(one.id)) == ("BARANTIN", "PLBN-11", told["alert"])
    finding = Finding.objects.get(alert=one, rule="signal")
    assert "1 temuan dalam sepekan, ambang 1. ISPM 13" in finding.text["id"]
    assert "(belum diverifikasi)" in finding.text["id"] and "CERTCA" in finding.text["id"]
    assert "the threshold is 1. ISPM 13" in finding.text["en"]
    assert "(unchecked)" in finding.text["en"]
    assert "quarantine.threshold:optk_A1" in json.dumps(finding.data)


def test_a_rule_alone_is_an_alarm_without_a_chance(week: date) -> None:
    hand(inspected(week, 1, FLY), "PLBN-12")  # a post without any past
    (told,) = fixed(made())
    assert (told["p"], told["q"], told["places"]) == (None, None, ["PLBN-12"])
    (series,) = told["series"]
    assert series["came"] == series["bound"] == 1 and series["due"] is None
    (one,) = pest_alerts()
    assert str(one.id) == told["alert"]


def test_a_pest_that_no_list_names_and_a_free_consignment_are_none(week: date) -> None:
    hand(inspected(week, 1, "Bactrocera sp.;") + inspected(week, 2, "Aphis gossypii;APHIGO"))
    hand(inspected(week, 3))
    assert fixed(made()) == [], "what stands out may be told by chance, never as the law's alert"


def test_several_pests_of_one_inspection_count_once_each(week: date) -> None:
    hand(inspected(week, 1, FLY, FLY, NEMATODE))
    rows = [rule["rows"] for told in fixed(made()) for rule in told["rules"]]
    assert sorted(rows) == [["quarantine.threshold:optk_A1"], ["quarantine.threshold:optk_A2"]]
    held = counts.read("BARANTIN", Period.WEEK)
    assert held is not None
    (at,) = [n for n, line in enumerate(held.lines) if line.split == ("HETDRO",)]
    row = held.counts.watch.counts[at]
    assert row[-1] == 1 and np.nansum(row) == 2, "this week's, and the one long ago"


def test_made_twice_it_opens_one_and_a_new_week_opens_its_own(week: date) -> None:
    before = week - timedelta(days=7)
    hand(inspected(before, 1, FLY) + inspected(week, 2, FLY))
    lake.build()
    for _ in range(2):
        lists.make(until=before)
    (first,) = pest_alerts()
    assert first.count == 1
    kepala = officer("karantina.analis.kepala")
    alert.close_alert(first.id, alert.Outcome.TRUE, "dimusnahkan", actor=kepala)
    for _ in range(2):
        lists.make()
    again, second = pest_alerts()
    assert again.id == first.id and second.state == "open" and second.count == 1


def test_a_rule_that_speaks_later_in_the_week_is_an_alert_although_the_chance_was_closed(
    week: date,
) -> None:
    """A weekly list is made anew each night: late reports bring the threshold, the law is not put off."""
    threshold("3", "Keputusan 9/2026")
    hand(inspected(week, 1, FLY) + inspected(week + timedelta(days=1), 2, FLY))
    assert fixed(made()) == []
    (first,) = pest_alerts()
    kepala = officer("karantina.analis.kepala")
    alert.close_alert(first.id, alert.Outcome.EXPLAINED, "sudah diketahui", actor=kepala)
    assert fixed(made()) == [] and len(pest_alerts()) == 1, "closed stays closed by chance alone"
    hand(inspected(week + timedelta(days=2), 3, FLY))
    for _ in range(2):
        (told,) = fixed(made())
    _, second = pest_alerts()
    assert (str(second.id), second.state, second.count) == (told["alert"], "open", 1)


def threshold(value: str, citation: str) -> None:
    """A steward sets another threshold for pests of category A1, long in force."""
    row = LegalRow.objects.get(pk="quarantine.threshold:optk_A1")
    steward = Actor("1", "IMI-0032", "Steward", "IMI", None, frozenset({"legal_row.edit"}))
    amend(row.id, Amendment(value, citation, "checked", date(2020, 1, 1)), actor=steward)


def test_an_amended_threshold_decides(week: date) -> None:
    hand(inspected(week, 1, FLY))
    threshold("2", "Keputusan 9/2026")
    assert fixed(made()) == []
    hand(inspected(week + timedelta(days=1), 2, FLY))
    (told,) = fixed(made())
    assert "ambang 2. Keputusan 9/2026 (terverifikasi)" in json.dumps(told["text"])


def test_what_cannot_be_judged_is_counted(week: date) -> None:
    """The second post tells nothing this week: its pest's series is neither silence nor an alarm."""
    hand(inspected(week - timedelta(days=14), 1, FLY), "PLBN-12")
    hand(inspected(week, 1, FLY))
    row = made()
    assert len(fixed(row)) == 1 and row.ruled == {"answers": 3, "unknown": 1}


def test_another_agency_sees_neither_the_alarm_nor_its_alert(week: date) -> None:
    from tapal.flow.signals.seen import open_signals

    hand(inspected(week, 1, FLY))
    row = made()
    (told,) = fixed(row)
    for username, post in (("psdkp.asing", None), ("imi.motaain", "PLBN-11")):
        door = open_door(officer(username, post), Purpose.BORDER_CONTROL)
        assert [row for row in door.alerts().rows if row.reason.startswith("signal:")] == []
        with pytest.raises(Missing):
            door.alert(pest_alerts()[0].id)
    theirs = open_signals(officer("imi.analis"), Purpose.BORDER_CONTROL)
    assert [each.owner for each in theirs.lists()] in ([], ["IMI"])
    with pytest.raises(Missing):
        theirs.alarm(row.id, str(told["subject"]))


def test_run_over_the_lake_tells_the_fixed_rules_too(week: date) -> None:
    hand(inspected(week, 1, FLY))
    lake.build()
    given = ["signals", "run", "--officer", "karantina.analis", "--language", "en"]
    told = CliRunner().invoke(main, given)
    assert told.exit_code == 0, told.output
    assert "! Pests found, by species, PLBN Motaain, CERTCA: 1 interceptions" in told.stdout
    assert "ISPM 13" in told.stdout and "klb" not in told.stdout.casefold()
    found = json.loads(CliRunner().invoke(main, [*given, "--json"]).stdout)
    (rule,) = [row for row in found["rules"] if row["alarm"]]
    assert rule["rule"] == "quarantine.threshold"
    assert rule["rows"][0]["confidence"] == "unchecked"


def test_a_disease_that_a_kind_counts_is_held_against_thresholds_and_outbreak_criteria(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No kind counts a disease yet: what one would declare is put in the place of a count that is there."""
    crossing = KINDS["crossing"]
    signals = tuple(
        replace(s, condition="acute_diarrhoea") if s.name == "crossings" else s
        for s in crossing.signals
    )
    monkeypatch.setitem(KINDS, "crossing", replace(crossing, signals=signals))
    make_demo_officers()
    first = last_week()
    weeks = ((first - timedelta(days=7 * back), 4) for back in range(1, 4))
    hand_crossings("".join(crossings(day, count) for day, count in weeks))
    hand_crossings(crossings(first, 16))
    lake.build()
    lists.make()
    (told,) = SignalList.objects.get(owner="IMI", period="week").alarms
    assert [rule["rule"] for rule in told["rules"]] == ["skdr.threshold", "klb.period_ratio"]
    said = " ".join(text["en"] for text in told["text"])
    assert "Crossings, PLBN Motaain: 16 cases in a week, the threshold is 15. SKDR" in said
    assert "16 against 4, 4 times (criterion 2 times). Permenkes 1501/2010" in said
    (one,) = Alert.objects.filter(reason="signal:crossings")
    assert str(one.id) == told["alert"] and one.place == "PLBN-11"


def test_one_agencys_list_does_not_rest_on_anothers_counts(week: date) -> None:
    hand(inspected(week, 1, FLY))
    alone = made().alarms
    for back in range(30):
        hand_crossings(crossings(week - timedelta(days=7 * back), 30 if back == 0 else 3))
    again = made().alarms
    assert again == alone and {told["counted"]["owner"] for told in again} == {"BARANTIN"}
