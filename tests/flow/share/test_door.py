"""The three who look: the stranger sees nothing, the grantee what was agreed, the owner his own."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tapal.core.errors import Missing, Rejected
from tapal.core.marking import Purpose, Sensitivity
from tapal.flow.share import Door
from tapal.store.models import Access, Agency, Record
from tests.flow.share.conftest import (
    BODY,
    NOW,
    World,
    actor,
    clause,
    door,
    grantee,
    ids,
    owner,
    stranger,
)

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def body(who: Door, record: Record) -> dict[str, object]:
    return dict(who.record(record.id).view.body)


def test_the_stranger_sees_nothing(world: World) -> None:
    record = world.record()
    world.agree(clause())
    who = stranger()
    assert ids(who.records()) == []
    assert who.count() == 0
    assert who.search("X1234567") == []
    assert who.search("SOARES") == []
    with pytest.raises(Missing):
        who.record(record.id)


def test_hidden_and_absent_cost_the_same_questions(world: World) -> None:
    record, who = world.record(), stranger()
    counted = []
    for wanted in (str(record.id), str(uuid.uuid4()), "no id at all"):
        with CaptureQueriesContext(connections["default"]) as asked, pytest.raises(Missing) as told:
            who.record(wanted)
        counted.append((len(asked), str(told.value)))
    assert len(set(counted)) == 1
    assert list(Access.objects.values_list("act", flat=True)) == ["denied"] * 3


def test_the_grantee_sees_the_agreed_fields_only(world: World) -> None:
    record = world.record()
    world.agree(clause(fields=["way", "person.surname", "companions.*"]))
    seen = grantee().record(record.id)
    assert seen.view.body == {
        "way": "entry",
        "person": {"surname": "SOARES"},
        "companions": [{"surname": "SOARES", "given": "JOSE"}],
    }
    assert seen.row.clauses == ("A0#1",)
    assert not seen.row.own


def test_fields_of_several_clauses_add_up_row_by_row(world: World) -> None:
    here, there = world.record(), world.record(place="PLBN-16")
    world.agree(clause(fields=["way"]), clause(fields=["number"], places=["PLBN-11"]))
    who = grantee()
    assert body(who, here) == {"way": "entry", "number": "X1234567"}
    assert body(who, there) == {"way": "entry"}


def test_an_officer_reads_his_agencys_restricted_fields_and_no_higher(world: World) -> None:
    record = world.record()
    seen = body(owner(), record)
    assert seen.keys() == {"way", "number", "person", "companions"}
    assert body(owner(Purpose.BORDER_CONTROL, "supervisor"), record).keys() == {*seen, "secret"}


def test_withheld_needs_its_power(world: World) -> None:
    record = world.record(level=Sensitivity.WITHHELD)
    for role in ("officer", "supervisor", "steward"):
        with pytest.raises(Missing):
            owner(Purpose.PROTECTION, role).record(record.id)
    assert body(owner(Purpose.PROTECTION, "protection_duty"), record)["fear"] == BODY["fear"]


def test_a_field_opens_only_for_its_purposes(world: World) -> None:
    record = world.record()
    assert "crime" not in body(owner(Purpose.BORDER_CONTROL), record)
    assert body(owner(Purpose.LAW_ENFORCEMENT), record)["crime"] == "smuggling"
    world.agree(clause(), giver="DJBC", taker="IMI", purpose=Purpose.STATISTICS)
    assert body(owner(Purpose.STATISTICS), record) == {"way": "entry"}


def test_an_agreement_opens_for_its_own_purpose_only(world: World) -> None:
    world.record()
    world.agree(clause(), purpose=Purpose.CUSTOMS)
    assert ids(grantee(Purpose.BORDER_CONTROL).records()) == []
    assert len(ids(grantee(Purpose.CUSTOMS).records())) == 1


@pytest.mark.parametrize(
    "changed", [{"kinds": []}, {"fields": []}, {"places": []}, {"fields": ["secret"]}]
)
def test_an_empty_list_means_nobody(world: World, changed: dict[str, object]) -> None:
    world.record()
    world.agree(clause(**changed))
    world.agree()
    assert ids(grantee().records()) == []
    assert grantee().count() == 0


def test_rows_above_the_agreed_level_are_not_there(world: World) -> None:
    world.record(level=Sensitivity.CONFIDENTIAL)
    world.agree(clause(max_sensitivity="restricted"))
    assert grantee(Purpose.BORDER_CONTROL, "supervisor").count() == 0
    world.agree(clause(max_sensitivity="confidential"))
    assert grantee(Purpose.BORDER_CONTROL, "supervisor").count() == 1
    assert grantee(Purpose.BORDER_CONTROL, "officer").count() == 0


def test_places_and_times_bound_a_clause(world: World) -> None:
    old = world.record(at=datetime(2026, 2, 1, tzinfo=UTC))
    new = world.record(at=datetime(2026, 4, 1, tzinfo=UTC))
    world.record(place="PLBN-16", at=datetime(2026, 4, 1, tzinfo=UTC))
    world.agree(clause(places=["PLBN-11"], occurred_after="2026-03-15T00:00:00+00:00"))
    who = grantee()
    assert ids(who.records()) == [str(new.id)]
    assert who.count() == 1
    with pytest.raises(Missing):
        who.record(old.id)


def test_overlapping_clauses_show_no_row_twice(world: World) -> None:
    for month in (1, 2, 3, 4, 5):
        world.record(at=datetime(2026, month, 10, tzinfo=UTC))
        world.record(place="PLBN-16", at=datetime(2026, month, 20, tzinfo=UTC))
    world.agree(
        clause(occurred_after="2026-03-15"),
        clause(places=["PLBN-11"], fields=["way"]),
        clause(places=["PLBN-11"], occurred_after="2026-02-01"),
    )
    who = grantee()
    assert len(ids(who.records())) == len(set(ids(who.records()))) == who.count() == 8


@pytest.mark.parametrize("taker", ["TL-MIG", "UNODC", "KEMLU"])
def test_outsiders_never_get_confidential_or_protection_fields(world: World, taker: str) -> None:
    record = world.record()
    world.record(level=Sensitivity.CONFIDENTIAL)
    for purpose in (Purpose.BORDER_CONTROL, Purpose.PROTECTION):
        world.agree(
            clause(fields="*", max_sensitivity="confidential"), taker=taker, purpose=purpose
        )
        who = door(actor(taker, "supervisor", "protection_duty"), purpose)
        assert ids(who.records()) == [str(record.id)]
        assert body(who, record).keys() == {"way", "number", "person", "companions"}


def test_no_agreement_reaches_what_is_withheld(world: World) -> None:
    record = world.record()
    world.record(level=Sensitivity.WITHHELD)
    world.agree(clause(fields="*", max_sensitivity="confidential"), purpose=Purpose.PROTECTION)
    who = grantee(Purpose.PROTECTION, "protection_duty")
    assert ids(who.records()) == [str(record.id)]
    assert "fear" not in body(who, record)


def test_a_renamed_agencys_records_are_its_heirs_from_the_day_after(world: World) -> None:
    record = world.record("IMI-HAM", at=datetime(2024, 10, 1, tzinfo=UTC))
    last = datetime(2024, 10, 20, 3, tzinfo=UTC)
    assert door(actor("IMI", "officer"), now=last).count() == 0
    assert ids(door(actor("IMI", "officer"), now=last + timedelta(days=1)).records()) == [
        str(record.id)
    ]
    assert stranger().count() == 0


def test_heirs_of_heirs_and_a_circle(world: World) -> None:
    Agency.objects.filter(code="PAMTAS").update(valid_to=date(2020, 1, 1), successor="BAKAMLA")
    Agency.objects.filter(code="BAKAMLA").update(valid_to=date(2021, 1, 1), successor="PSDKP")
    world.record("PAMTAS")
    assert stranger().count() == 1
    Agency.objects.filter(code="PSDKP").update(valid_to=date(2022, 1, 1), successor="PAMTAS")
    assert stranger().count() == 1


def test_an_auditor_sees_every_row_and_no_personal_field(world: World) -> None:
    record = world.record()
    world.record("BARANTIN", level=Sensitivity.CONFIDENTIAL)
    hidden = world.record(level=Sensitivity.WITHHELD)
    who = door(actor("BNPP", "auditor"), Purpose.OVERSIGHT)
    assert who.count() == 2
    assert body(who, record) == {"way": "entry", "secret": "informer"}
    with pytest.raises(Missing):
        who.record(hidden.id)
    assert door(actor("BNPP", "auditor"), Purpose.STATISTICS).count() == 0


def test_a_machine_administrator_reads_no_record(world: World) -> None:
    world.record("BNPP")
    assert door(actor("BNPP", "admin"), Purpose.STATISTICS).count() == 0


def test_an_ended_agreement_gives_nothing(world: World) -> None:
    world.record()
    world.agree(clause(), valid_to=date(2026, 5, 31))
    # The capital is seven hours ahead: its last day ends at 17.00 UTC.
    assert door(actor("DJBC", "officer"), now=datetime(2026, 5, 31, 16, 59, tzinfo=UTC)).count()
    assert not door(actor("DJBC", "officer"), now=datetime(2026, 5, 31, 17, tzinfo=UTC)).count()


def test_a_clause_that_names_a_gone_field_gives_nothing(world: World) -> None:
    world.record()
    world.agree(clause(fields=["way", "gone"]), clause(fields=["number"]))
    assert grantee().records().rows[0].view.body == {"number": "X1234567"}


def test_pages_join_without_gap_and_the_cursor_is_its_readers(world: World) -> None:
    for n in range(7):
        world.record(at=NOW - timedelta(hours=n // 3), place=("PLBN-11", "PLBN-16")[n % 2])
        world.record("BARANTIN", at=NOW - timedelta(hours=n // 2))
    world.agree(clause(places=["PLBN-11"]))
    who, found, token = grantee(), [], None
    while True:
        page = who.records(before=token, limit=2)
        found += ids(page)
        token = page.next
        if token is None:
            break
    expected = sorted(
        (r for r in world.made if r.owner == "IMI" and r.place == "PLBN-11"),
        key=lambda r: (r.occurred_at, r.id),
        reverse=True,
    )
    assert found == [str(r.id) for r in expected]
    first = who.records(limit=2).next
    with pytest.raises(Rejected):
        owner().records(before=first)
    with pytest.raises(Rejected):
        who.records(before="x" + str(first))


def test_lists_narrow_by_kind_place_and_time(world: World) -> None:
    record = world.record(at=NOW)
    world.record(at=NOW - timedelta(days=40), place="PLBN-16")
    who = owner()
    assert ids(who.records(kind="phyto")) == []
    assert ids(who.records(place="PLBN-11")) == [str(record.id)]
    assert ids(who.records(since=NOW)) == [str(record.id)]
    assert ids(who.records(until=NOW)) != [str(record.id)]
    assert (who.count(since=NOW - timedelta(days=50)), who.count(until=NOW)) == (2, 1)


def test_each_look_leaves_one_trace(world: World) -> None:
    record = world.record()
    world.agree(clause())
    who = grantee()
    who.records()
    who.count()
    who.record(record.id)
    who.search("nobody bears this")
    list(who.export(kind="trial"))
    who.alerts()
    who.tasks()
    traces = list(Access.objects.order_by("at").values_list("act", "count", "question", "clauses"))
    assert traces == [
        ("list", 1, "", ["A0#1"]),
        ("count", 1, "", ["A0#1", "own"]),
        ("read", 1, "", ["A0#1"]),
        ("search", 0, "nobody bears this", []),
        ("export", 1, "", ["A0#1"]),
        ("list", 0, "", []),
        ("list", 0, "", []),
    ]
    row = Access.objects.get(act="read")
    assert (row.officer, row.agency, row.purpose) == ("DJBC-1", "DJBC", "border_control")
    assert (row.subject, row.owner) == (str(record.id), "IMI")


def test_an_export_holds_what_the_list_shows(world: World) -> None:
    world.record(body={"way": "=1+1", "number": "7", "secret": "s"})
    world.agree(clause())
    heading, line = grantee().export(kind="trial")
    assert heading.strip().split(",")[-2:] == ["way", "number"]
    assert line.strip().split(",")[-2:] == ["'=1+1", "7"]
