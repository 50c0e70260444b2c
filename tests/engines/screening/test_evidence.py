"""Dates, documents and countries compared."""

import pytest

from tapal.engines.screening import Index, Listed, Query, evidence
from tapal.engines.screening import features as f
from tapal.engines.screening.countries import alpha3
from tapal.engines.screening.weights import shipped


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
    for x, y in ((a, b), (b, a)):
        assert f.LEVELS["date"][f.compare_days(x, y)] == how


def test_a_day_reads_back() -> None:
    for text in ("1980-07-04", "1980-07", "1980"):
        assert evidence.written(evidence.day(text)) == text
    assert evidence.written(evidence.day("sometime")) == ""


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
def test_documents(ours: tuple[str, str], theirs: tuple[str, str], how: str) -> None:
    index = Index.build([Listed("a", names=("Yusri Latupono",), documents=(theirs,))])
    hit = index.match(Query(names=("Yusri Latupono",), documents=(ours,)))[0]
    said = [r.en for r in hit.reasons if r.en.startswith("Document numbers")]
    assert len(said) == 1
    assert SAID[how] in said[0]


SAID = {
    "same_document": "agree:",
    "same_number_other_issuer": "issuing countries differ",
    "like_document": "differ in one character",
    "other_document": "passports are renewed",
}


def test_what_is_unknown_weighs_nothing() -> None:
    nobody = evidence.gender("X"), evidence.gender(None)
    assert nobody == (0, 0)
    assert f.compare_days(0, evidence.day("1980")) == f.DATE_UNKNOWN
    model = shipped()
    for feature in ("country", "document", "gender", "forms"):
        level = f.LEVELS[feature].index("unknown")
        assert not model.weight[:, f.FEATURES.index(feature), level].any()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ID", "IDN"),
        ("idn", "IDN"),
        ("D<<", "DEU"),
        ("TP", "TLS"),
        ("Indonesia", "IDN"),
        ("", ""),
        ("Atlantis", ""),
    ],
)
def test_countries(written: str, code: str) -> None:
    assert alpha3(written) == code
