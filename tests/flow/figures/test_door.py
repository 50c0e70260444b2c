"""Who may ask which figures, what is counted for him, and the trace that stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing
from tapal.core.mandates import READ
from tapal.flow import lake, officers
from tapal.flow.demo_officers import make_demo_officers
from tapal.flow.figures.door import Figures, open_figures
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.store.models import Access, Agreement, LegalRow, Officer

pytestmark = pytest.mark.django_db(databases=["default", "access"])

HEAD = "name,sex,birth_date,nationality,document_class,document_number,issuing_state,expires,"
HEAD += "direction,post,time,mode\n"


def lines(post: str, count: int, direction: str = "entry") -> str:
    """Crossings of as many people; the expired document of each is an alert."""
    return "".join(
        f'"{post} {n}, A",F,1988-02-14,TLS,passport,{post[-2:]}{n:05},TLS,2025-06-30,{direction},'
        f"{post},2026-11-24T09:{n:02}:00,foot\n"
        for n in range(count)
    )


@pytest.fixture(autouse=True)
def built(home: Path) -> Iterator[Path]:
    """Seven crossings at Motaain and six at Skouw, in the lake, and the demo's officers."""
    make_demo_officers()
    for post, count in (("PLBN-11", 7), ("PLBN-16", 6)):
        given = HandIn(f"{post}.csv", "IMI", post, None, "IMI-0001")
        hand_in((HEAD + lines(post, count)).encode(), given)
    lake.build()
    yield home


def asked(username: str, post: str | None = None) -> Figures:
    """The figures of one of the demo's officers."""
    return open_figures(officers.actor_of(Officer.objects.get(username=username), post))


def posts(figures: Figures, name: str, cell: str, place: str | None = None) -> dict[str, int]:
    """A question's counts by post."""
    (answer,) = figures.ask([name], place=place, days=366)
    return {row["place"]: row[cell] for row in answer.rows}


def test_a_planner_counts_what_agreements_give(home: Path) -> None:
    figures = asked("bnpp.analis")
    assert posts(figures, "crossings_by_post", "entries") == {"PLBN-11": 7, "PLBN-16": 6}
    # Alerts are immigration's own business: no agreement gives them.
    assert posts(figures, "alert_yield", "opened") == {} == posts(figures, "overstays", "opened")
    Agreement.objects.filter(code="DEMO-IMI-BNPP").update(revoked_at=timezone.now())
    assert posts(asked("bnpp.analis"), "crossings_by_post", "entries") == {}


def test_a_field_that_no_clause_gives_is_not_used_for_counting(home: Path) -> None:
    agreement = Agreement.objects.get(code="DEMO-IMI-BNPP")
    (clause,) = agreement.clauses
    agreement.clauses = [{**clause, "fields": ["direction", "capture"]}]
    agreement.save()
    figures = asked("bnpp.analis")
    assert posts(figures, "crossings_by_post", "entries") == {}
    # That a source was heard uses no field.
    (answer,) = figures.ask(["source_freshness"], days=366)
    assert {row["place"] for row in answer.rows} == {"PLBN-11", "PLBN-16"}


def test_a_clause_for_some_posts_counts_those_alone(home: Path) -> None:
    agreement = Agreement.objects.get(code="DEMO-IMI-BNPP")
    (clause,) = agreement.clauses
    agreement.clauses = [{**clause, "places": ["PLBN-16"]}]
    agreement.save()
    assert posts(asked("bnpp.analis"), "crossings_by_post", "entries") == {"PLBN-16": 6}


def test_an_auditor_counts_everything_but_small_numbers(home: Path) -> None:
    figures = asked("bnpp.auditor")
    (answer,) = figures.ask(["alert_yield"], days=366)
    assert answer.rows[0]["opened"] == 13 and answer.agencies
    LegalRow.objects.filter(topic="lake.smallest_cell").update(value=100)
    from tapal.flow import reference

    reference.forget()
    (answer,) = figures.ask(["alert_yield"], days=366)
    assert {row["opened"] for row in answer.rows} == {None} and answer.hidden and answer.smallest


def test_a_shift_leader_counts_his_own_post(home: Path) -> None:
    figures = asked("imi.motaain.kepala", "PLBN-11")
    assert posts(figures, "crossings_by_post", "entries") == {"PLBN-11": 7}
    assert posts(figures, "time_in_queue", "opened") == {"PLBN-11": 7}
    with pytest.raises(Missing):
        figures.ask(["crossings_by_post"], place="PLBN-16")


def test_who_holds_no_power_for_it_is_refused_and_leaves_a_trace(home: Path) -> None:
    for username, post in (
        ("imi.motaain", "PLBN-11"),
        ("psdkp.asing", None),
        ("mesin.admin", None),
    ):
        before = Access.objects.count()
        with pytest.raises(Denied):
            asked(username, post)
        assert Access.objects.count() == before + 1


def test_an_agency_without_agreement_counts_its_own_nothing(home: Path) -> None:
    stranger = Actor("9", "PSD-9", "Stranger", "PSDKP", None, frozenset({READ, "statistics.read"}))
    answers = open_figures(stranger).ask(["crossings_by_day", "alert_yield", "source_freshness"])
    assert [list(answer.rows) for answer in answers] == [[], [], []]
    assert all(answer.agencies == () or answer.agencies == ("PSDKP",) for answer in answers)


def test_each_asking_leaves_one_trace_with_its_question_and_clauses(home: Path) -> None:
    figures = asked("bnpp.analis")
    before = Access.objects.count()
    figures.ask(["crossings_by_day", "crossings_by_hour"])
    figures.ask(["crossings_by_day"], place="PLBN-11")
    first, second = Access.objects.order_by("id")[before:]
    assert first.subject == "figures" and first.purpose == "statistics"
    assert first.question == "*: crossings_by_day, crossings_by_hour"
    assert first.clauses == ["DEMO-IMI-BNPP#1", "own"]
    assert second.question.startswith("PLBN-11: ")


def test_what_bears_no_name_is_not_asked(home: Path) -> None:
    with pytest.raises(Missing):
        asked("bnpp.analis").ask(["select * from events"])
