"""Two messages that say something under one number at the same moment: each is taken once, in turn."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tapal.flow.intake import HandIn, take_and_read
from tapal.store.models import Event, Record, Reject, SentNumber
from tests.flow.test_locks import at_once
from tests.flow.test_mappings import ROWS, live, table_of

pytestmark = [
    pytest.mark.pg,
    pytest.mark.django_db(transaction=True, databases=["default", "access"]),
]


def hand_in(row: str, source: str) -> object:
    return take_and_read(table_of(row), HandIn(source=source, format="map:simkim"))


def test_two_corrections_at_once(home: Path) -> None:
    live()
    for number in range(6):
        row = ROWS[0].replace("R-1", f"R-{number}").replace("C0123456", f"C{number}")
        hand_in(row, f"{number}.csv")
        record = Record.objects.get(pk=SentNumber.objects.latest("id").record_id)
        others = [row.replace("1988", year) for year in ("1989", "1990")]
        at_once(*(partial(hand_in, each, f"{number} {n}") for n, each in enumerate(others)))
        record.refresh_from_db()
        revised = Event.objects.filter(type="record.revised", subject=str(record.pk)).count()
        # Who came later by the clock but was written first leaves the other one refused.
        refused = Reject.objects.filter(message__source__startswith=f"{number} ").count()
        assert revised + refused == 2 and revised >= 1
        assert not record.conflicting
        assert record.body["person"]["birth_date"][:4] in ("1989", "1990")
        # The number's digest is that of what the record says: handed in once more it is known.
        year = record.body["person"]["birth_date"][:4]
        again = hand_in(row.replace("1988", year), "once more")
        assert (
            Event.objects.filter(type="record.revised", subject=str(record.pk)).count() == revised
        )
        assert [i.status for i in again.items] == ["known"]  # type: ignore[attr-defined]


def test_a_new_number_twice_at_once_makes_one_record(home: Path) -> None:
    live()
    others = [ROWS[0], ROWS[0].replace("1988", "1989")]
    at_once(*(partial(hand_in, each, str(n)) for n, each in enumerate(others)))
    assert Record.objects.count() == SentNumber.objects.count() == 1
    revised = Event.objects.filter(type="record.revised").count()
    assert revised + Reject.objects.count() == 1
