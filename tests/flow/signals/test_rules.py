"""The fixed rules read their values from the store: an amended threshold decides from its first day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from tapal.core.actions import Actor
from tapal.flow.law import Amendment, amend
from tapal.store.models import LegalRow
from tapal.web.cli import main

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def told(folder: Path) -> str:
    path = folder / "r.csv"
    counts = enumerate([4, 5, 6, 16])
    rows = [f"pkm1,2026-0{t + 1}-01,{count},acute_diarrhoea" for t, count in counts]
    path.write_text("series,date,observed,stream\n" + "\n".join(rows), encoding="utf-8")
    found = CliRunner().invoke(main, ["signals", "rules", str(path), "--language", "en"])
    assert found.exit_code == 0, found.output
    return found.stdout


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
