"""The fixed rules read their values from the store: an amended threshold decides from its first day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tapal.core.actions import Actor
from tapal.flow.law import Amendment, amend
from tapal.store.models import LegalRow
from tapal.web.cli import main

MONTH = 30

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def counted(folder: Path, counts: Sequence[float], *, step: int = 7, head: str = "stream") -> Path:
    """One series of acute diarrhoea that ends with the week of 26 April 2026, or in its month."""
    path, last = folder / "r.csv", date(2026, 4, 26)
    days = [last - timedelta(days=step * back) for back in range(len(counts))][::-1]
    if step == MONTH:
        days = [date(2026 - (7 + b) // 12, 12 - (7 + b) % 12, 1) for b in range(len(counts))][::-1]
    rows = [f"pkm1,{d},{n},acute_diarrhoea" for d, n in zip(days, counts, strict=True)]
    path.write_text(f"series,date,observed,{head}\n" + "\n".join(rows), encoding="utf-8")
    return path


def told(folder: Path) -> str:
    path = counted(folder, [4, 5, 6, 16])
    found = CliRunner().invoke(main, ["signals", "rules", str(path), "--language", "en"])
    assert found.exit_code == 0, found.output
    return found.stdout


def test_run_over_a_file_tells_the_rules_of_the_conditions_it_names(
    home: Path, tmp_path: Path
) -> None:
    path = counted(tmp_path, [4, 5] * 40 + [16], head="condition")
    given = ["signals", "run", str(path), "--language", "en"]
    said = CliRunner().invoke(main, given).stdout
    assert "1 alarm of 1 unit (" in said and "pkm1: 16 since 2026-04-26" in said
    assert "! pkm1: 16 cases in a week, the threshold is 15" in said and "(checked)" in said
    assert "3.2 times (criterion 2 times)" in said
    rules = json.loads(CliRunner().invoke(main, [*given, "--json"]).stdout)["rules"]
    assert {row["rule"]: row["alarm"] for row in rules} == {
        "skdr.threshold": True,
        "klb.new_disease": False,
        "klb.rising_periods": False,
        "klb.period_ratio": True,
    }
    # Without the column no rule is asked, and nothing stands beside the list.
    path = counted(tmp_path, [4, 5] * 40 + [16])
    assert "threshold" not in CliRunner().invoke(main, ["signals", "run", str(path)]).stdout


def test_months_are_held_against_last_years(home: Path, tmp_path: Path) -> None:
    path = counted(tmp_path, [4] * 12 + [3, 3, 3, 3, 9], step=MONTH)
    said = CliRunner().invoke(main, ["signals", "rules", str(path), "--language", "en"]).stdout
    assert "? pkm1: Cannot be judged: its threshold is for counts of a week." in said
    assert "! pkm1: This month and last year's mean month: 9 against 4, 2.25 times" in said


def test_rules_speak_of_the_last_period(home: Path, tmp_path: Path) -> None:
    said = told(tmp_path)
    assert "! pkm1: 16 cases in a week, the threshold is 15" in said
    assert "? pkm1: Cannot be judged: the past is too short." in said


@pytest.mark.parametrize(("start", "reached"), [("2026-02-01", False), ("2026-06-01", True)])
def test_a_districts_amendment_decides_from_its_day(
    home: Path, tmp_path: Path, start: str, reached: bool
) -> None:
    steward = Actor("1", "IMI-0032", "Steward", "IMI", None, frozenset({"legal_row.edit"}))
    row = LegalRow.objects.get(pk="skdr.threshold:acute_diarrhoea")
    to = Amendment("20", "Dinkes Belu 2026", "checked", date.fromisoformat(start))
    amend(row.id, to, actor=steward)
    assert ("the threshold is 15" in told(tmp_path)) is reached
