"""A list that no clause opens: nothing that its reader asks, opens or counts tells that it is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tapal.core.actions import Actor
from tapal.core.text import Text
from tapal.engines.screening import Index
from tapal.engines.screening.segment import Segment
from tapal.flow.agreements import Terms, save_agreement
from tapal.flow.lists import draft, import_list, publish
from tapal.store.models import Access
from tests.web.api_calls import Answer, Program, fresh_limits, key_for
from tests.web.conftest import GRANTEE, LEADER, OWNER, Sit

__all__ = ["fresh_limits"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "access"]),
    pytest.mark.usefixtures("fresh_limits", "desk", "lists"),
]

OPERATOR = Actor("9", "SETUP", "set-up", "", None, frozenset({"listing.edit"}))
SECOND = Actor("7", "SETUP-2", "set-up", "", None, frozenset({"listing.approve"}))
POLRI = Actor("8", "POLRI-1", "steward", "POLRI", None, frozenset({"agreement.edit"}))
HEAD = "id,schema,name,dob,nationality,doc_number,list\n"
OPEN = HEAD + "A1,Person,SUKARNO WIRYAWAN,1970-03-02,IDN,X1234567,cegah\n"
HIDDEN = HEAD + "".join(
    f"B{n},Person,{name},1970-03-{n:02d},IDN,Y765432{n},dpo\n"
    for n, name in enumerate(("KALO BERE MAUK", "KALO BERE MAUK", "ANSELMO BELO"), 1)
)
LISTED, NOBODY = ("Kalo Bere Mauk", "1970-03-01", "Y7654321"), ("Rui Noru Taek", "1961-09-08", "Z9")
"""Somebody of the hidden list and nobody of any: name, birth date, document."""
Question = Callable[[Program, tuple[str, str, str]], Answer]


@pytest.fixture
def lists(desk: None) -> None:
    """A list of immigration's and one of the police's, which nobody was given."""
    for each in (OPEN, HIDDEN):
        import_list(each.encode(), actor=OPERATOR)


@pytest.fixture(params=[OWNER, GRANTEE], ids=["who sees another list", "who sees none"])
def reader(request: pytest.FixtureRequest) -> Iterator[Program]:
    yield Program(key_for(request.param, "screen")[0])


def match(by: Program, who: tuple[str, str, str], dataset: str = "default") -> Answer:
    name, born, number = who
    asked: Mapping[str, Any] = {
        "schema": "Person",
        "properties": {"name": [name], "birthDate": [born], "passportNumber": [number]},
    }
    return by.post(
        f"yente/match/{dataset}?cutoff=0&limit=500", {"queries": {"q": asked}}, "application/json"
    )


QUESTIONS: Mapping[str, Question] = {
    "match": match,
    "match of its list": lambda by, who: match(by, who, "dpo" if who is LISTED else "no-list"),
    "search by name": lambda by, who: by.get("yente/search/default", q=who[0]),
    "search by number": lambda by, who: by.get("yente/search/default", q=who[2]),
    "search of its list": lambda by, who: by.get(
        f"yente/search/{'dpo' if who is LISTED else 'no-list'}", q=who[0]
    ),
    "its entry": lambda by, who: by.get(f"yente/entities/dpo:{'B1' if who is LISTED else 'NO'}"),
    "beside its entry": lambda by, who: by.get(
        f"yente/entities/{'dpo:B1' if who is LISTED else 'no-list:B1'}/adjacent"
    ),
}


def told(question: Question, by: Program, who: tuple[str, str, str]) -> tuple[int, str, int, int]:
    """How it is answered, what it says but for the question itself, and the statements it took."""
    with (
        CaptureQueriesContext(connections["default"]) as asked,
        CaptureQueriesContext(connections["access"]) as noted,
    ):
        answer = question(by, who)
    said = answer.content.decode()
    for mine in (*who, "dpo:B1", "dpo:NO", "no-list:B1", "no-list", "dpo"):
        said = said.replace(mine, "…")
    return answer.status_code, said, len(asked), len(noted)


@pytest.mark.parametrize("name", QUESTIONS)
def test_hidden_and_absent_are_answered_alike_at_the_same_cost(reader: Program, name: str) -> None:
    question = QUESTIONS[name]
    told(question, reader, NOBODY)  # what is kept between questions is read once
    absent = told(question, reader, NOBODY)
    assert told(question, reader, LISTED) == absent
    assert told(question, reader, LISTED) == absent
    assert "KALO" not in absent[1] and '"value":1' not in absent[1].replace(" ", "")


def test_what_is_asked_costs_the_same_where_it_is_found(reader: Program) -> None:
    """The two above are told apart by nothing, though the questions do find who is to be seen."""
    seen = ("Sukarno Wiryawan", "1970-03-02", "X1234567")
    found = [match(reader, seen).json()["responses"]["q"]["results"] != []]
    found.append(reader.get("yente/search/default", q=seen[0]).json()["results"] != [])
    assert set(found) == {"cegah" in reader.get("yente/catalog").json()["current"]}


def test_the_catalogue_is_the_same_with_the_hidden_list_and_after_it_changed(
    reader: Program,
) -> None:
    def catalogue() -> tuple[str, int]:
        with CaptureQueriesContext(connections["default"]) as asked:
            said = reader.get("yente/catalog").content.decode()
        return said, len(asked)

    catalogue()
    before = catalogue()
    assert "dpo" not in before[0] and "POLRI" not in before[0]
    later = (HIDDEN + "B9,Person,ROSA MALI,,TLS,,dpo\n").encode()
    (made,) = draft([later], actor=OPERATOR).versions
    assert catalogue() == before
    assert publish(made.pk, actor=SECOND).number == 2
    reader.get("yente/catalog")
    assert catalogue() == before


@pytest.fixture
def asks(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the engine was asked, and how many entries it put into words."""
    told: Counter[str] = Counter()

    def counted(name: str, of: Callable[..., Any]) -> Callable[..., Any]:
        def count(*given: Any, **more: Any) -> Any:
            told[name] += 1
            return of(*given, **more)

        return count

    monkeypatch.setattr(Index, "match", counted("match", Index.match))
    monkeypatch.setattr(Index, "near", counted("near", Index.near))
    monkeypatch.setattr(Segment, "listed", counted("listed", Segment.listed))
    return told


def test_many_hidden_namesakes_cost_no_ask_and_take_no_place(
    reader: Program, asks: Counter[str]
) -> None:
    """More than are gone through for one question, hundreds of them, beside one that is to be seen."""
    seen = "cegah" in reader.get("yente/catalog").json()["current"]

    def once() -> tuple[list[str], list[str], dict[str, int]]:
        asks.clear()
        hits = match(reader, ("Sukarno Wiryawan", "1970-03-02", "X1234567")).json()
        texts = reader.get("yente/search/default", q="Sukarno Wiryawan").json()
        hits = hits["responses"]["q"]["results"]
        return [h["id"] for h in hits], [t["id"] for t in texts["results"]], dict(asks)

    once()
    before = once()
    assert before[:2] == ((["cegah:A1"], ["cegah:A1"]) if seen else ([], []))
    rows = "".join(f"B{n},Person,SUKARNO WIRYAWAN,1970-03-02,IDN,,dpo\n" for n in range(300))
    (made,) = draft([(HEAD + rows).encode()], actor=OPERATOR).versions
    publish(made.pk, actor=SECOND)
    once()
    after = once()
    assert after == before
    assert not seen or after[2] == {"match": 1, "near": 1, "listed": 2}


def test_what_was_asked_is_noted_alike_and_names_no_clause_of_it(reader: Program) -> None:
    Access.objects.all().delete()
    for who in (LISTED, NOBODY):
        match(reader, who)
        reader.get("yente/search/default", q=who[0])
    rows = list(Access.objects.order_by("id").values_list("act", "subject", "count", "clauses"))
    half = len(rows) // 2
    assert half and rows[:half] == rows[half:]
    assert [row[2:] for row in rows if row[0] == "search"] == [(0, [])] * 4


def test_the_room_of_lists_knows_a_hidden_one_no_better_than_none(sit: Sit) -> None:
    client = sit(LEADER)
    page = client.get(reverse("lists")).content.decode()
    assert reverse("list", args=["cegah"]) in page and reverse("list", args=["dpo"]) not in page
    whole = [reverse("list", args=[code]) for code in ("dpo", "no-list")]
    entries = [reverse("list_entry", args=way) for way in (("dpo", "B1"), ("no-list", "B1"))]
    answers = []
    for path in (*whole, *entries):
        with CaptureQueriesContext(connections["default"]) as asked:
            answers.append((client.get(path).status_code, len(asked)))
    assert {status for status, _ in answers} == {404} and len(set(answers)) == 1


def test_the_list_is_found_once_an_agreement_gives_it(reader: Program) -> None:
    """What is compared above is not blind: by an agreement the same questions find the same person."""
    clause = {"kinds": [], "max_sensitivity": "restricted", "fields": [], "lists": ["dpo"]}
    taker = "IMI" if "cegah" in reader.get("yente/catalog").json()["current"] else "DJBC"
    terms = Terms(
        code="POLRI-GIVES", title=Text("Orang dicari", "Wanted"), giver="POLRI", taker=taker,
        purpose="border_control", clauses=[clause], valid_from=date.today() - timedelta(days=1),
    )  # fmt: skip
    save_agreement(terms, actor=POLRI)
    found = match(reader, LISTED).json()["responses"]["q"]["results"]
    assert "dpo:B1" in {each["id"] for each in found}
