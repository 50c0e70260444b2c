"""`tapal signals run` and `backtest` over the lake, in an officer's name: workload, false alarms, finds."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tapal.flow.signals.settings import Setting
from tapal.store.models import Access, SignalSetting
from tapal.web.cli import main

pytestmark = pytest.mark.django_db(databases=["default", "access"])

DAILY = ("--officer", "imi.analis", "--period", "day", "--language", "en")


def signals(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["signals", *arguments])


def test_run_over_the_lake_tells_the_surge(surge: date, tmp_path: Path) -> None:
    told = signals("run", *DAILY, "--plots", str(tmp_path), "--out", str(tmp_path / "list.csv"))
    assert told.exit_code == 0, told.output
    for words in (
        "1 alarm of 1 unit (",
        "at most 10% false alarms",
        "1. PLBN Motaain: 30 since",
        "bound",
    ):
        assert words in told.stdout
    (picture,) = tmp_path.glob("*.svg")
    assert "Entries" in picture.read_text(encoding="utf-8")
    assert ",30," in (tmp_path / "list.csv").read_text(encoding="utf-8")
    assert Access.objects.filter(subject="signals", act="export").exists()


def test_run_takes_the_agencys_setting_where_none_is_given(surge: date) -> None:
    SignalSetting.objects.create(
        owner_id="IMI", version=1, state="in_force", level=0.03, within=60.0, reason="x",
        proposed_by="IMI-0001", proposed_at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    assert "at most 3% false alarms" in signals("run", *DAILY).stdout
    assert "at most 20% false alarms" in signals("run", *DAILY, "--level", "0.2").stdout
    assert Setting().level == 0.1


def test_backtest_over_the_lake_holds_the_lists_against_known_outbreaks(
    surge: date, tmp_path: Path
) -> None:
    known = tmp_path / "known.csv"
    known.write_text(f"since,until,place,signal\n{surge},{surge},PLBN-11,entries\n")
    told = signals(
        "backtest", *DAILY, "--weeks", "6", "--plant", "3", "--size", "12",
        "--outbreaks", str(known), "--json",
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    history = found["history"]
    assert (history["outbreaks"], history["found"], history["delay"]) == (1, 1.0, 0.0)
    assert history["weeks"] == 6 and history["false_alarms"] == 0.0
    assert found["planted"]["outbreaks"] >= 2 and found["planted"]["found"] > 0
    other = f"since,until,place\n{surge - timedelta(days=3)},{surge - timedelta(days=2)},PLBN-11\n"
    known.write_text(other)
    told = signals("backtest", *DAILY, "--weeks", "6", "--outbreaks", str(known), "--json")
    assert json.loads(told.stdout)["history"]["found"] == 0.0
    assert json.loads(told.stdout)["history"]["false_alarms"] > 0


def test_backtest_says_what_is_simulated(surge: date) -> None:
    told = signals("backtest", *DAILY, "--weeks", "4", "--plant", "2")
    assert "Workload: 0.25 alarms a list; of them at most 0.25 false." in told.stdout
    assert "2 simulated outbreaks of 5 standard deviations." in told.stdout
    told = signals("backtest", *DAILY[:-1], "id", "--weeks", "4", "--plant", "2")
    assert "Beban kerja: 0,25 alarm" in told.stdout and "wabah tiruan" in told.stdout


def test_one_declared_signal_alone(surge: date) -> None:
    assert signals("run", *DAILY, "--signal", "entries").exit_code == 0
    none = signals("backtest", *DAILY, "--signal", "exits")
    assert none.exit_code == 2 and "holds no signal exits of IMI by the day" in none.output


@pytest.mark.parametrize("username", ["imi.motaain", "psdkp.asing", "nobody"])
def test_who_may_not_count_all_posts_is_refused(surge: date, username: str) -> None:
    for command in ("run", "backtest"):
        told = signals(command, "--officer", username, "--period", "day")
        assert told.exit_code == 2 and "Motaain" not in told.output
        assert "may not ask for figures of all posts" in told.output


def test_another_agencys_analyst_counts_none_of_these(surge: date) -> None:
    for command in ("run", "backtest"):
        told = signals(command, "--officer", "karantina.analis", "--period", "day")
        assert told.exit_code == 2 and "the lake holds no signal of BARANTIN" in told.output
