"""Legal values are amended by dated rows; nothing that was in force disappears."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Rejected
from tapal.flow import health, law, law_words
from tapal.flow.reference import legal_book
from tapal.flow.share.purposes import role_purposes
from tapal.store.models import Event, LegalRow

ROW = "plb.stay_days:TLS"
STEWARD = Actor("1", "IMI-9", "Steward", "IMI", None, frozenset({law.POWER}))
NEW = law.Amendment("12", "Arrangement 2027, art. 3", "checked", date(2027, 1, 1))


def values(day: date) -> tuple[object, ...]:
    return legal_book().settle("plb.stay_days", day, neighbour="TLS").values


def test_without_the_power_nothing_is_amended(home: Path, stranger: Actor) -> None:
    with pytest.raises(Denied):
        law.amend(ROW, NEW, actor=stranger)
    assert not Event.objects.filter(type="legal_row.saved").exists()


def test_a_new_value_holds_from_its_day_and_the_old_until_then(home: Path) -> None:
    law.amend(ROW, NEW, actor=STEWARD)
    assert values(date(2026, 12, 31)) == (10,)
    assert values(date(2027, 1, 1)) == (12,)
    assert Event.objects.get(type="legal_row.saved").actor == "IMI-9"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"value": "ten"}, "value"),
        ({"value": '"10"'}, "value"),
        ({"citation": " "}, "citation"),
        ({"confidence": "sure"}, "confidence"),
        ({"valid_from": date(1990, 1, 1)}, "valid_from"),
    ],
)
def test_what_cannot_hold_is_refused_by_its_place(
    home: Path, change: dict[str, object], place: str
) -> None:
    LegalRow.objects.filter(pk=ROW).update(valid_from=date(2003, 6, 11))
    with pytest.raises(Rejected) as refused:
        law.amend(ROW, replace(NEW, **change), actor=STEWARD)  # type: ignore[arg-type]
    assert refused.value.place == place
    assert (
        LegalRow.objects.filter(topic="plb.stay_days", selector={"neighbour": "TLS"}).count() == 1
    )


def test_what_was_never_found_is_told_until_it_is_entered(home: Path) -> None:
    today = date(2026, 11, 24)
    assert "plb.stay_days:PNG" in {row.id for row in law.unknown(today)}
    found = replace(NEW, value="30", valid_from=today)
    law.amend("plb.stay_days:PNG", found, actor=STEWARD)
    assert "plb.stay_days:PNG" not in {row.id for row in law.unknown(today)}
    sign = next(s for s in health.signs() if s.name.en == "Legal values not known yet")
    assert sign.grade == "soon" and "plb.stay_days:PHL" in sign.seen
    assert "plb.stay_days:PNG" not in sign.seen.split(", ")


def test_every_legal_row_reads_as_words_in_both_languages(home: Path) -> None:
    assert all(("work", word) in law_words._words() for word in role_purposes())
    for row in LegalRow.objects.all():
        assert not row.note or ("note", row.note) in law_words._words(), row.note
        topic, unit = law_words.topic_said(row.topic), law_words.unit_said(row.unit)
        assert topic.id != row.topic and topic.en != row.topic, row.topic
        assert ("unit", row.unit) in law_words._words(), row.unit
        assert unit.id and unit.en
        for name in row.selector:
            assert ("selector", name) in law_words._words(), name
    assert law_words.value_said(10, "days").id == "10 hari"
    assert law_words.value_said(None, "days") == law_words.UNKNOWN
    assert law_words.selector_said({"neighbour": "TLS"}).id == "negara tetangga: Timor-Leste"
