"""A record that comes late but happened earlier: what was judged without it is judged again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tapal.flow import work
from tapal.flow.intake import HandIn, take_and_read
from tapal.store.models import Alert, Finding, Record, Work

HEAD = (
    "name,nationality,birth_date,document_type,document_number,issuing_state,permitted_days,"
    "direction,time"
)
TRAVELLER = "MARIA BERE,USA,1990-01-02,P,A12345678,USA,30"


def tell(*movements: str) -> None:
    """Hand in movements of one traveller, each `direction,time`, and work them."""
    rows = "\n".join(f"{TRAVELLER},{movement}" for movement in movements)
    take_and_read(f"{HEAD}\n{rows}\n".encode(), HandIn(agency="IMI", post="PLBN-01"))
    work.work_all()


def overstays() -> list[str]:
    rows = Finding.objects.filter(rule="overstay", withdrawn_at=None)
    return [str(row.record_id) for row in rows]


def test_an_overstay_ends_when_the_journey_between_is_told_late(home: Path) -> None:
    tell("entry,2026-01-01T10:00")
    tell("exit,2026-04-20T10:00")
    (long,) = overstays()
    tell("exit,2026-01-10T10:00", "entry,2026-04-10T10:00")
    assert overstays() == []
    # The alert is a person's to close: it stays, and tells that its ground has gone.
    assert str(Alert.objects.get(reason="overstay").record_id) == long


def test_an_overstay_is_told_when_the_entry_comes_after_the_exit(home: Path) -> None:
    tell("exit,2026-04-20T10:00")
    assert overstays() == []
    tell("entry,2026-01-01T10:00")
    exit_ = Record.objects.get(body__direction="exit")
    assert overstays() == [str(exit_.id)]
    assert Alert.objects.filter(reason="overstay", record=exit_).count() == 1


def test_judging_again_sets_no_chain_going(home: Path) -> None:
    for day in range(20, 10, -1):
        tell(f"{'entry' if day % 2 else 'exit'},2026-01-{day}T10:00")
    assert not Work.objects.exists()


def test_records_in_their_order_are_judged_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    real = work.judge

    def judge(ids: list[str]) -> work.Judged:
        judged.extend(ids)
        return real(ids)

    monkeypatch.setattr(work, "judge", judge)
    for day in range(11, 17):
        tell(f"{'entry' if day % 2 else 'exit'},2026-01-{day}T10:00")
    assert len(judged) == len(set(judged)) == 6
