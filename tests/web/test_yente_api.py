"""The API of yente, asked by yente's own public client, which knows nothing of this house."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from yente_client import Client, Company, Person, Vessel
from yente_client.exceptions import (
    APIError,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    ServerError,
)

from tapal.core.actions import Actor
from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.flow import reference
from tapal.flow.agreements import Terms, revoke_agreement, save_agreement
from tapal.flow.lists import import_list
from tapal.store.models import Access, Listing
from tapal.web.bodies import whole_bodies
from tests.web.api_calls import fresh_limits, key_for
from tests.web.conftest import ADMIN, GRANTEE, OWNER

__all__ = ["fresh_limits"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "access"]),
    pytest.mark.usefixtures("fresh_limits", "desk", "lists"),
]

STEWARD = Actor("9", "SETUP", "set-up", "", None, frozenset({"listing.edit"}))
POLRI = Actor("8", "POLRI-1", "steward", "POLRI", None, frozenset({"agreement.edit"}))
YESTERDAY = date.today() - timedelta(days=1)
ENTRIES = f"""\
id,schema,name,aliases,dob,nationality,doc_number,gender,list,valid_until
A1,Person,SUKARNO WIRYAWAN,SOEKARNO WIRJAWAN,1970-03-02,IDN,X1234567,M,cegah,
A2,Person,RUI SOARES PEREIRA,,1981-05-06,TLS,,M,tangkal,{YESTERDAY}
B1,Person,SUKARNO WIRYAWAN,,1970-03-02,IDN,,M,dpo,
B2,Company,PT SAMUDRA CONTOH ABADI,,,IDN,,,dpo,
B3,Vessel,KM CONTOH BAHARI,,,IDN,IMO9074729,,dpo,
"""
DESK = whole_bodies(WSGIHandler())
ASKED = Person(name="Soekarno Wirjawan", birthDate="1970-03-02", nationality="id")


@pytest.fixture
def lists(desk: None) -> None:
    """Two lists of immigration's, one entry of which has ended, and one of another authority."""
    import_list(ENTRIES.encode(), actor=STEWARD)


@pytest.fixture
def given() -> None:
    """The wanted list, given to immigration for the work at the border."""
    clause = {"kinds": [], "max_sensitivity": "restricted", "fields": [], "lists": ["dpo"]}
    terms = Terms(
        code="POLRI-IMI", title=Text("Orang dicari", "Wanted"), giver="POLRI", taker="IMI",
        purpose="border_control", clauses=[clause], valid_from=YESTERDAY,
    )  # fmt: skip
    save_agreement(terms, actor=POLRI)


def client(key: str) -> Client:
    transport = httpx.WSGITransport(app=DESK)
    return Client(api_key=key, base_url="http://localhost/api/v1/yente", transport=transport)


def raw(path: str, body: object) -> httpx.Response:
    """The answer to a body as it is, by the owner's key."""
    headers = {"Authorization": f"ApiKey {key_for(OWNER, 'screen')[0]}"}
    with httpx.Client(transport=httpx.WSGITransport(app=DESK), headers=headers) as asking:
        return asking.post(f"http://localhost/api/v1/yente/{path}", json=body)


@pytest.fixture
def owner() -> Iterator[Client]:
    with client(key_for(OWNER, "screen")[0]) as opened:
        yield opened


@pytest.fixture
def stranger() -> Iterator[Client]:
    with client(key_for(GRANTEE, "screen")[0]) as opened:
        yield opened


def test_who_may_see_no_list_finds_nobody_and_no_list(stranger: Client) -> None:
    assert stranger.match(ASKED, cutoff=0.0).results == []
    assert [each.name for each in stranger.datasets().datasets] == ["default"]
    assert stranger.search("Sukarno").total.value == stranger.search("").total.value == 0
    told = []
    for dataset, entity in (("cegah", "cegah:A1"), ("nothing", "cegah:NOTHING")):
        for ask in (
            partial(stranger.match, ASKED, datasets=[dataset]),
            partial(stranger.fetch, entity),
        ):
            with pytest.raises(NotFoundError) as missed:
                ask()
            told.append(missed.value.detail)
    assert len(set(told)) == 1
    denied = Access.objects.filter(act="denied").values_list("subject", flat=True)
    assert {"cegah:A1", "cegah:NOTHING"} <= set(denied)


def test_an_entry_is_found_in_another_spelling_with_what_speaks_for_it(owner: Client) -> None:
    found = owner.match(ASKED, datasets=["cegah"])
    top = found.top
    assert top is not None and top.id == "cegah:A1" and top.match and top.score >= 0.7
    assert top.schema_ == "Person" and top.datasets == ["cegah"]
    assert top.properties["nationality"] == ["id"] and top.properties["birthDate"] == ["1970-03-02"]
    assert found.total.value == 1 and found.query["properties"]["name"] == ["Soekarno Wirjawan"]
    assert top.explanations["birth_date"].score == 1.0
    assert (top.explanations["band"].detail or "").startswith("alert: ")
    seen = Access.objects.filter(act="search", subject="lists").latest("id")
    assert "Soekarno Wirjawan" in seen.question and seen.clauses == ["own"] and seen.count == 1


def test_a_list_of_another_authority_opens_by_an_agreement_and_closes_with_it(
    owner: Client, given: None
) -> None:
    assert {r.id for r in owner.match(ASKED).results} == {"cegah:A1", "dpo:B1"}
    assert {each.name for each in owner.datasets().datasets} >= {"default", "cegah", "dpo"}
    assert owner.fetch("dpo:B2").caption == "PT SAMUDRA CONTOH ABADI"
    revoke_agreement("POLRI-IMI", "the test is over", actor=POLRI)
    assert {r.id for r in owner.match(ASKED).results} == {"cegah:A1"}
    with pytest.raises(NotFoundError):
        owner.fetch("dpo:B2")


def test_an_agreement_for_another_purpose_opens_nothing(given: None) -> None:
    key = key_for(OWNER, "screen", purpose="law_enforcement")[0]
    with client(key) as opened:
        assert {r.id for r in opened.match(ASKED).results} == {"cegah:A1"}


def test_an_agency_gives_only_lists_of_its_own() -> None:
    clause = {"kinds": [], "max_sensitivity": "restricted", "fields": [], "lists": ["cegah"]}
    terms = Terms(
        code="POLRI-DJBC", title=Text("x", "x"), giver="POLRI", taker="DJBC",
        purpose="border_control", clauses=[clause], valid_from=YESTERDAY,
    )  # fmt: skip
    with pytest.raises(Rejected) as refused:
        save_agreement(terms, actor=POLRI)
    assert refused.value.place == "lists" and "cegah" in refused.value.reason.en


def test_firms_and_ships_are_screened_as_such(owner: Client, given: None) -> None:
    firm = owner.match(Company(name="P.T. Samudra Contoh Abadi", jurisdiction="id"))
    assert [r.id for r in firm.matches] == ["dpo:B2"]
    ship = owner.match(Vessel(name="CONTOH BAHARI", imoNumber="IMO9074729"))
    assert ship.top is not None and ship.top.properties["imoNumber"] == ["IMO9074729"]


def test_filters_narrow_what_is_found(owner: Client, given: None) -> None:
    def ids(**more: object) -> set[str]:
        return {r.id for r in owner.match(ASKED, **more).results}

    assert ids(exclude_datasets=["cegah"]) == {"dpo:B1"}
    assert ids(exclude_entities=["dpo:B1"]) == {"cegah:A1"}
    assert ids(topics=["wanted"]) == {"dpo:B1"}
    assert ids(exclude_schemata=["Person"]) == set()
    assert ids(changed_since="2200-01-01") == set()
    assert len(owner.match(ASKED, limit=1).results) == 1
    assert ids(cutoff=1.0, threshold=1.0) == set()


def test_who_cannot_be_told_apart_is_shown_and_is_no_match(owner: Client) -> None:
    found = owner.match(Person(name="Wiryawan Soekarno"), datasets=["cegah"])
    (tie,) = found.results
    assert not tie.match and found.total.value == 0
    assert (tie.explanations["band"].detail or "").startswith("tie: ")


def test_text_is_searched_in_any_spelling_and_pages_follow(owner: Client, given: None) -> None:
    found = owner.search("Soekarno", facets=["datasets", "countries", "schema"])
    assert {r.id for r in found.results} == {"cegah:A1", "dpo:B1"}
    counted = {v.name: v.count for v in found.facets["datasets"].values}
    assert counted == {"cegah": 1, "dpo": 1}
    assert owner.search("X1234567").results[0].id == "cegah:A1"
    every = [owner.search("", limit=1, offset=n).results for n in range(5)]
    assert [row[0].id for row in every if row] == [
        "cegah:A1", "dpo:B1", "dpo:B2", "dpo:B3"
    ]  # fmt: skip
    assert owner.search("", schema="Company").total.value == 1
    assert owner.search("", countries=["tl"]).total.value == 0


def test_an_entry_that_has_ended_is_not_there(owner: Client) -> None:
    assert owner.match(Person(name="Rui Soares Pereira", birthDate="1981-05-06")).results == []
    assert owner.search("Soares Pereira").results == []
    with pytest.raises(NotFoundError):
        owner.fetch("tangkal:A2")


def test_one_entry_and_what_is_beside_it(owner: Client) -> None:
    entry = owner.fetch("cegah:A1")
    assert entry.properties["passportNumber"] == ["X1234567"] and entry.target
    assert owner.adjacent("cegah:A1").adjacent == {}
    beside = owner.adjacent("cegah:A1", prop="ownershipOwner", limit=3)
    assert (beside.results, beside.total.value, beside.limit) == ([], 0, 3)
    with pytest.raises(NotFoundError):
        owner.adjacent("dpo:B2", prop="ownershipOwner")


def test_a_filter_that_is_not_known_is_refused_and_none_is_passed_over(owner: Client) -> None:
    with pytest.raises(APIError, match="filter") as refused:
        owner.search("Soekarno", filter=["gender:female"])
    assert refused.value.status_code == 422
    headers = {"Authorization": f"ApiKey {key_for(OWNER, 'screen')[0]}"}
    with httpx.Client(transport=httpx.WSGITransport(app=DESK), headers=headers) as asking:
        for target, count in (("false", 0), ("true", 1)):
            asked = {"q": "Soekarno", "target": target}
            told = asking.get("http://localhost/api/v1/yente/search/default", params=asked)
            assert told.json()["total"]["value"] == count


def test_clients_of_older_releases_find_what_they_read(owner: Client) -> None:
    """Before yente 5 a result had `features`, an answer `matcher`; batches are counted in a header."""
    answer = raw("match/default", {"queries": {"q": ASKED.to_payload()}})
    told = answer.json()
    (result,) = told["responses"]["q"]["results"]
    assert result["features"]["birth_date"] == result["explanations"]["birth_date"]["score"] == 1.0
    assert set(result["features"]) <= set(told["matcher"])
    assert answer.headers["x-batch-size"] == "1"
    assert set(told["matcher"]) == set(owner.algorithms().algorithms[0].docs or {})


def test_a_batch_is_answered_by_the_clients_own_names(owner: Client) -> None:
    queries = {"one": ASKED.to_payload(), "two": Person(name="Nobody Atall").to_payload()}
    answer = raw("match/default", {"queries": queries})
    told = answer.json()
    assert told["limit"] == 5 and set(told["responses"]) == {"one", "two"}
    assert [r["id"] for r in told["responses"]["one"]["results"]] == ["cegah:A1"]
    assert told["responses"]["two"]["results"] == []


def test_wrong_questions_are_refused_with_their_reason(owner: Client) -> None:
    with pytest.raises(BadRequestError, match="logic-v9"):
        owner.match(ASKED, algorithm="logic-v9")
    assert owner.match(ASKED, algorithm="best").top is not None
    assert owner.algorithms().best == "tapal"
    for body, status in (
        ({"queries": {"q": {"schema": "Document", "properties": {}}}}, 400),
        ({"queries": {}}, 400),
        ({"queries": {str(n): None for n in range(101)}}, 422),
        ({"queries": {"q": {"schema": "Person", "properties": {"name": [{"id": 1}]}}}}, 200),
        ({"queries": {"q": {"schema": "Person", "properties": {"name": "\x00\u202e" * 400}}}}, 200),
    ):
        answer = raw("match/default", body)
        assert answer.status_code == status, answer.text


def test_a_key_without_the_scope_a_wrong_one_and_none_are_refused() -> None:
    for key in (key_for(OWNER, "records")[0], "no-such-key", None):
        with client(key) as opened, pytest.raises(AuthenticationError):  # type: ignore[arg-type]
            opened.match(ASKED)
    with client(key_for(ADMIN, "screen")[0]) as opened:
        assert opened.match(ASKED, cutoff=0.0).results == []


def test_who_watches_the_node_needs_no_key() -> None:
    with warnings.catch_warnings(), client("") as opened:
        assert opened.healthz().status == opened.readyz().status == "ok"
        Listing.objects.all().delete()
        reference.forget()
        with pytest.raises(ServerError):
            opened.readyz()
