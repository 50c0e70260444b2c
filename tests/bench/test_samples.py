"""The samples' bench is strict: whatever did not come out at its place is lost."""

from __future__ import annotations

import pytest

from bench.samples import certificates_of_ephyto, fate, persons_of_mrz, persons_of_paxlst
from tapal.flow.intake import Taken

PAXLST = b"UNA:+.? 'NAD+MS+++DESK'NAD+FL+++DOE:JANE'NAD+FM+++ROE?'NAD+FL:RICHARD'UNT+9+1'"


def came(*items: tuple[str, str]) -> list[Taken]:
    return [Taken(place, status) for place, status in items]


def test_persons_are_counted_at_their_places() -> None:
    assert persons_of_paxlst(PAXLST) == ["NAD 2", "NAD 3"]
    assert persons_of_mrz(b"\n".join([b"<" * 30] * 3 + [b"<" * 44] * 2)) == ["MRZ 1", "MRZ 2"]
    assert len(certificates_of_ephyto(b"<x:SPSExchangedDocument><x:ID/>")) == 1


def test_a_traveller_of_an_unknown_function_stops_the_count() -> None:
    with pytest.raises(SystemExit, match="ZZZ"):
        persons_of_paxlst(b"NAD+ZZZ+++DOE:JANE'")


def test_a_record_or_a_reject_at_the_place_is_no_loss() -> None:
    assert fate(["NAD 2", "NAD 3"], came(("NAD 2", "record"), ("NAD 3", "reject"))).lost == 0


@pytest.mark.parametrize(
    "items",
    [
        [("NAD 2", "record")],
        [("NAD 2", "record"), ("NAD 3", "known")],
        # A reject of the whole message, one without a place, and one twice at a place tell of no person.
        [("NAD 2", "record"), ("BGM 1", "reject")],
        [("NAD 2", "record"), ("", "reject")],
        [("NAD 2", "reject"), ("NAD 2", "reject")],
    ],
)
def test_what_did_not_come_out_at_its_place_is_lost(items: list[tuple[str, str]]) -> None:
    assert fate(["NAD 2", "NAD 3"], came(*items)).lost == 1


def test_a_record_twice_at_one_place_hides_no_loss() -> None:
    with pytest.raises(SystemExit, match="uncounted"):
        fate(["NAD 2", "NAD 3"], came(("NAD 2", "record"), ("NAD 2", "record")))


def test_a_file_of_nobody_must_say_so() -> None:
    assert fate([], []).lost == 1
    assert fate([], came(("BGM 1", "reject"))).lost == 0
    assert fate([], came(("", "reject"))).lost == 1
