"""Dates, documents and countries compared."""

import pytest

from tapal.engines.screening import evidence
from tapal.engines.screening.countries import alpha3


@pytest.mark.parametrize(
    ("ours", "theirs", "how"),
    [
        ("1980-07-04", "1980-07-04", "same_day"),
        ("1980-01-01", "1980-01-01", "same_placeholder"),
        ("1980-07-04", "1980-04-07", "day_month_swapped"),
        ("1980-07-04", "1980", "same_year"),
        ("1980-07-04", "1980-01-01", "same_year"),
        ("1980-07-04", "1980-07", "same_month"),
        ("1980-07-04", "1980-08", "same_year_other_day"),
        ("1980-07-04", "1980-00-00", "same_year"),
        ("1980-07-04", "1980-07-05", "one_digit"),
        ("1980-07-12", "1980-07-21", "one_digit"),
        ("1980-07-04", "1990-07-04", "one_digit"),
        ("1980-07-04", "1979", "year_beside"),
        ("1980-07-04", "1972", "other_day"),
        ("1980-07-04", "1980-11-23", "same_year_other_day"),
        ("1980-07-04", "1961-11-23", "other_day"),
        ("", "1961-11-23", "unknown"),
        ("1980-07-04", "sometime", "unknown"),
    ],
)
def test_birth_dates(ours: str, theirs: str, how: str) -> None:
    a, b = evidence.day(ours), evidence.day(theirs)
    assert evidence.birth_dates(a, b).how == how
    assert evidence.birth_dates(b, a).how == how


@pytest.mark.parametrize(
    ("ours", "theirs", "how"),
    [
        (("C1234567", "IDN"), ("C1234567", "IDN"), "same_document"),
        (("C1234567", ""), ("C1234567", "IDN"), "same_document"),
        (("C1234567", "MYS"), ("C1234567", "IDN"), "same_number_other_issuer"),
        (("C12O4567", "IDN"), ("C1204567", "IDN"), "same_document"),
        (("C1234567", "IDN"), ("C1234568", "IDN"), "like_document"),
        (("C1234567", "IDN"), ("X7654321", "IDN"), "other_document"),
    ],
)
def test_documents(ours: evidence.Document, theirs: evidence.Document, how: str) -> None:
    assert evidence.documents((ours,), (theirs,)).how == how


def test_what_is_unknown_weighs_nothing() -> None:
    assert evidence.documents((), (("C1234567", ""),)).nats == 0
    assert evidence.countries(frozenset(), frozenset({"IDN"})).nats == 0
    assert evidence.genders("X", "F").nats == 0


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ID", "IDN"),
        ("idn", "IDN"),
        ("D<<", "DEU"),
        ("TP", "TLS"),
        ("Indonesia", "IDN"),
        ("", ""),
        ("Atlantis", "ATLANTIS"),
    ],
)
def test_countries(written: str, code: str) -> None:
    assert alpha3(written) == code
