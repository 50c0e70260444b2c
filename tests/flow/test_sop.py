"""The head of a printed SOP: legal basis by its row of the day, who may do it, its dates."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.engines import procedures as engine
from tapal.flow import adoption, procedures, sop
from tapal.store.models import LegalRow, Procedure

SEED = procedures.seeds()["minor_at_risk.bpmn"]


def head(name: str = "minor_at_risk") -> sop.Head:
    row = Procedure.objects.get(name=name, version=1)
    diagram, _ = engine.checked(procedures.xml_of(row))
    assert diagram is not None
    return sop.head_of(row, diagram)


def test_each_shipped_procedure_has_a_whole_head(home: Path) -> None:
    for xml in procedures.seeds().values():
        diagram, faults = engine.checked(xml)
        assert diagram is not None and faults == ()
        for label, points in head(diagram.id).parts():
            alone = label.en == "Related SOPs" and not diagram.head.related
            assert alone or points, (diagram.id, label.en)
            assert all(point.id and point.en for point in points)
        said = [p for _, points in head(diagram.id).parts() for p in points]
        assert not any("not known" in point.en for point in said)


def test_the_head_says_law_qualification_and_dates(home: Path) -> None:
    told = head()
    assert "Law 23/2002 on child protection" in told.laws[0].en
    assert told.laws[0].en.endswith("(unchecked)") and "(checked)" not in told.laws[1].en
    assert any("social worker" in each.en for each in told.qualifications)
    assert told.qualifications[-1].en.startswith("Holds the mandate: ")
    assert [each.en for each in told.related] == ["Document irregularity", "Watchlist hit"]
    assert (told.number, told.revised) == ("", None) and told.made <= timezone.now()
    assert "35/2012" in told.pattern.en


def test_a_law_that_ended_asks_for_a_review_until_its_successor_stands(home: Path) -> None:
    today = timezone.localdate()
    row = LegalRow.objects.get(pk="law.title:uu_23_2002")
    row.valid_to = today - timedelta(days=1)
    row.save()
    assert "not in force, review this SOP" in head().laws[0].en
    row.pk, row.valid_from, row.valid_to = "law.title:uu_23_2002#2", today, None
    row.value = {"id": "Undang-Undang baru", "en": "The new law"}
    row.save(force_insert=True)
    assert head().laws[0].en == "The new law (unchecked)"
    assert row.valid_from > date(2000, 1, 1)


def test_a_new_version_is_a_revision_of_the_first(home: Path) -> None:
    first = Procedure.objects.get(name="minor_at_risk", version=1)
    xml = SEED.replace(b"<tapal:head ", b'<tapal:head number="IMI-OT.02.02-17" ')
    diagram, faults = engine.checked(xml)
    assert diagram is not None and faults == ()
    row = procedures._new_version(diagram, xml, "X", "IMI", "")
    told = sop.head_of(row, diagram)
    assert (told.number, told.made, told.revised) == (
        "IMI-OT.02.02-17", first.made_at, row.made_at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'laws="uu_23_2002', b'laws="UU-23', "UU-23"),
        (b'warningsEn="A child', b'warningsEn="Heed; A child', "holds 3 points, its English 4"),
        (b'warnings="', b'warnings="' + b"a" * 401, "too long"),
        (b'records="', b'records="' + b"a;" * 16, "too long"),
    ],
)
def test_a_wrong_head_is_refused_with_the_mend(old: bytes, new: bytes, said: str) -> None:
    assert old in SEED
    _, faults = engine.checked(SEED.replace(old, new, 1))
    assert any(said in each.reason.en and each.mend.en for each in faults), faults


def test_a_law_that_no_row_knows_is_refused(home: Path) -> None:
    diagram, _ = engine.checked(SEED.replace(b'laws="uu_23_2002', b'laws="uu_99_1999', 1))
    assert diagram is not None
    (fault,) = adoption.faults(diagram)
    assert "uu_99_1999" in fault.reason.en and "uu_23_2002" in fault.mend.en
