"""Profiles: drafted, tried, approved by another, decided by, ended; and all that must not pass."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.marking import Purpose, Sensitivity
from tapal.core.profiles import Column, Operator, Row, Table, Verdict
from tapal.core.profiles.typed import operand_of
from tapal.core.text import Text, same
from tapal.flow import law, profiles, work
from tapal.flow.finding_words import label_of
from tapal.flow.intake import HandIn
from tapal.flow.profiles.fields import FORBIDDEN, fields_of
from tapal.flow.profiles.life import LONGEST_LABEL, fingerprint
from tapal.flow.report import hand_in
from tapal.flow.share import open_door
from tapal.flow.share.compile import today
from tapal.kinds import KINDS
from tapal.store.models import (
    Agreement,
    Alert,
    DryRun,
    Event,
    Finding,
    LegalRow,
    Profile,
    Record,
    Work,
)
from tests.flow.parcels import message

POWERS = frozenset({"record.read", profiles.EDIT, profiles.APPROVE})
ANALYST = Actor("11", "DJBC-11", "Analyst", "DJBC", None, frozenset({"record.read", profiles.EDIT}))
SECOND = Actor("12", "DJBC-12", "Second", "DJBC", None, POWERS)
AT_POST = Actor("13", "DJBC-13", "At a post", "DJBC", "PLBN-11", POWERS)
OTHER = Actor("14", "IMI-14", "Other agency", "IMI", None, POWERS)
HEAVY = (Column("grams", Operator.AT_LEAST), Column("way", Operator.ANY_OF))
TABLE = Table(
    HEAVY, (Row((("5000",), ("exit",)), Verdict.PASS), Row((("5000",), None), Verdict.ALERT))
)


def soon(days: int = 30) -> date:
    return today(timezone.now()) + timedelta(days=days)


def given(**more: object) -> profiles.Given:
    whole = profiles.Given(
        Text("Paket berat", "Heavy parcels"), Text("Sebab", "Because"), "parcel", "", soon(), TABLE
    )
    return replace(whole, **more)  # type: ignore[arg-type]


def tried(row: Profile, actor: Actor = ANALYST) -> DryRun:
    run = profiles.ask(row.pk, 90, actor=actor)
    while profiles.count(run):
        pass
    run.refresh_from_db()
    return run


def in_force(**more: object) -> Profile:
    row = profiles.draft(given(**more), actor=ANALYST)
    tried(row)
    return profiles.approve(row.pk, row.edition, actor=SECOND)


def send(*rows: str, number: str = "1") -> list[str]:
    hand = HandIn("p.csv", "DJBC", "PLBN-11", None, "DJBC-1")
    items = hand_in(message(*rows, number=number), hand).items
    work.work_all()
    return [each.id for each in items]


def hits(record: str) -> list[Finding]:
    return list(Finding.objects.filter(record_id=record, rule="profile_hit", withdrawn_at=None))


@pytest.fixture(autouse=True)
def house(parcels: Path) -> Path:
    return parcels


def test_a_hit_is_a_finding_with_the_profiles_own_reason() -> None:
    row = in_force()
    heavy, out, light = send("A,6000,ANA,,,,entry", "B,6000,BEN,,,,exit", "C,10,CIA,,,,entry")
    (found,) = hits(heavy)
    assert found.reason == f"profile:{row.name}" and found.about == row.name
    assert found.data["data"] == {"profile": str(row.id), "version": 1, "row": 2}
    assert found.data["fields"] == ["grams"] and found.sensitivity == Sensitivity.INTERNAL
    assert "Heavy parcels" in found.text["en"] and "at least 5000" in found.text["en"]
    assert "Paket berat" in found.text["id"] and "versi 1, baris 2" in found.text["id"]
    opened = Alert.objects.get(reason=found.reason)
    assert str(opened.record_id) == heavy and found.alert_id == opened.id
    assert hits(out) == hits(light) == []
    assert label_of(found.reason) == Text("Paket berat", "Heavy parcels")


def test_a_hit_inherits_the_strictest_mark_of_the_fields_it_used() -> None:
    asks = (Column("document", Operator.PRESENT), Column("context.earlier_30", Operator.AT_LEAST))
    in_force(table=Table(asks, (Row((("ya",), ("1",)), Verdict.LOOK),)))
    (first,) = send("A,10,ANA,,IDN:X1,,entry")
    (again,) = send("B,10,ANA,,IDN:X1,,entry", number="2")
    Record.objects.filter(pk=first).update(occurred_at=timezone.now() - timedelta(days=30))
    assert hits(first) == []
    Work.objects.create(records=[again], at=timezone.now())
    Record.objects.filter(pk=again).update(occurred_at=timezone.now() - timedelta(days=10))
    work.work_all()
    (found,) = hits(again)
    assert found.sensitivity == Sensitivity.RESTRICTED
    assert found.data["fields"] == ["document", "number"]
    assert found.data["rests_on"] == [first]


@pytest.mark.django_db(databases=["default", "access"])
def test_a_hit_stays_with_its_agency_whatever_an_agreement_gives() -> None:
    in_force()
    (heavy,) = send("A,6000,ANA,,,,entry")
    found = Alert.objects.get(record_id=heavy)
    terms = {"kinds": ["parcel"], "max_sensitivity": "confidential", "fields": ["*"]}
    Agreement.objects.create(
        code="DJBC-BARANTIN", title_id="a", title_en="a", giver_id="DJBC", taker_id="BARANTIN",
        purpose="border_control", clauses=[terms], valid_from=date(2020, 1, 1),
    )  # fmt: skip
    reader = Actor("8", "BRN-1", "Grantee", "BARANTIN", None, frozenset({"record.read"}))
    auditor = Actor("9", "BNPP-1", "Auditor", "BNPP", None, frozenset({"oversight.read"}))
    given = open_door(reader, Purpose.BORDER_CONTROL)
    assert given.record(heavy).view.body["grams"] == 6000
    assert given.record(heavy).findings == () and given.alerts().rows == ()
    with pytest.raises(Missing):
        given.alert(found.id)
    overseen = open_door(auditor, Purpose.OVERSIGHT)
    assert [f.said.rule for f in overseen.record(heavy).findings] == ["profile_hit"]


def test_a_count_that_is_never_reached_is_refused() -> None:
    field = fields_of(KINDS["parcel"])["context.earlier_30"]
    assert operand_of(field, Operator.AT_LEAST, "20") == ("20",)
    with pytest.raises(Rejected):
        operand_of(field, Operator.AT_LEAST, "21")


def test_what_rules_found_is_a_field_too() -> None:
    asks = (Column("context.findings", Operator.ANY_OF),)
    in_force(table=Table(asks, (Row((("parcel_heavy",),), Verdict.LOOK),)))
    heavy, light = send("A,20000,ANA,,,,entry", "B,10,BEN,,,,entry")
    (found,) = hits(heavy)
    assert found.data["fields"] == ["grams"] and hits(light) == []


def test_only_records_of_the_owner_and_the_post_are_decided(owner: Actor) -> None:
    in_force(place="PLBN-16")
    (here,) = send("A,6000,ANA,,,,entry")
    assert hits(here) == []
    assert Profile.objects.filter(state="in_force").count() == 1


# --- four eyes -----------------------------------------------------------------------------


def test_nobody_puts_in_force_what_he_drafted_or_changed() -> None:
    own = profiles.draft(given(), actor=SECOND)
    tried(own)
    with pytest.raises(Denied, match="You drafted in it"):
        profiles.approve(own.pk, own.edition, actor=SECOND)
    row = profiles.draft(given(label=same("Another")), actor=ANALYST)
    row = profiles.save_draft(row.pk, given(label=same("Yet another")), row.edition, actor=SECOND)
    tried(row)
    with pytest.raises(Denied):
        profiles.approve(row.pk, row.edition, actor=SECOND)
    with pytest.raises(Denied):
        profiles.approve(row.pk, row.edition, actor=ANALYST)
    third = replace(SECOND, id="15", number="DJBC-15")
    assert profiles.approve(row.pk, row.edition, actor=third).approved_by == "DJBC-15"
    told = json.loads(Event.objects.get(type="profile.approved").content.content)
    assert told["authors"] == ["DJBC-11", "DJBC-12"]


@pytest.mark.parametrize("power", [profiles.EDIT, profiles.APPROVE])
def test_without_the_power_nothing_moves(power: str) -> None:
    row = profiles.draft(given(), actor=ANALYST)
    tried(row)
    bare = replace(SECOND, powers=SECOND.powers - {power})
    with pytest.raises(Denied):
        if power == profiles.EDIT:
            profiles.save_draft(row.pk, given(), row.edition, actor=bare)
        else:
            profiles.approve(row.pk, row.edition, actor=bare)
    with pytest.raises(Denied):
        profiles.draft(given(), actor=replace(ANALYST, powers=frozenset({"record.read"})))


def test_another_agency_finds_nothing() -> None:
    row = in_force()
    copy = profiles.next_version(row.pk, actor=ANALYST)
    assert profiles.visible(OTHER) == [p for p in profiles.visible(OTHER) if p.owner_id == "IMI"]
    for act in (
        lambda: profiles.found(row.pk, actor=OTHER),
        lambda: profiles.save_draft(copy.pk, given(), copy.edition, actor=OTHER),
        lambda: profiles.approve(copy.pk, copy.edition, actor=OTHER),
        lambda: profiles.end(row.pk, "mine now", actor=OTHER),
        lambda: profiles.ask(row.pk, 90, actor=OTHER),
        lambda: profiles.next_version(row.pk, actor=OTHER),
        lambda: profiles.why(row, "0" * 32, actor=OTHER),
    ):
        with pytest.raises(Missing):
            act()


def test_a_mandate_at_one_post_makes_no_profile_of_all() -> None:
    with pytest.raises(Denied, match="post"):
        profiles.draft(given(), actor=AT_POST)
    row = profiles.draft(given(place="PLBN-11"), actor=AT_POST)
    with pytest.raises(Denied, match="post"):
        profiles.save_draft(row.pk, given(place=""), row.edition, actor=AT_POST)
    every = profiles.draft(given(label=same("Every post")), actor=ANALYST)
    tried(every)
    with pytest.raises(Denied, match="post"):
        profiles.approve(every.pk, every.edition, actor=AT_POST)
    with pytest.raises(Denied):
        profiles.end(every.pk, "no", actor=AT_POST)


def test_who_may_not_read_a_field_neither_uses_it_nor_sees_the_profile() -> None:
    secret = Table((Column("bearer.fear", Operator.ANY_OF),), (Row((("true",),), Verdict.LOOK),))
    with pytest.raises(Rejected, match="may not be used"):
        profiles.draft(given(table=secret), actor=ANALYST)
    high = replace(ANALYST, powers=ANALYST.powers | {"protection.read"})
    row = profiles.draft(given(table=secret), actor=high)
    assert row.sensitivity == Sensitivity.WITHHELD
    with pytest.raises(Missing):
        profiles.found(row.pk, actor=SECOND)
    assert row not in profiles.visible(SECOND)


# --- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "days", [None, -1, 400], ids=["without an end", "an end that has passed", "beyond a year"]
)
def test_an_end_that_cannot_be_is_refused(days: int | None) -> None:
    end = None if days is None else soon(days)
    with pytest.raises(Rejected) as wrong:
        profiles.draft(given(valid_to=end), actor=ANALYST)
    assert wrong.value.place == "valid_to"
    assert profiles.draft(given(valid_to=soon(365)), actor=ANALYST).version == 1


def test_the_longest_life_is_a_rule_row() -> None:
    day = today(timezone.now())
    life = LegalRow.objects.get(topic="profile.max_months")
    steward = replace(SECOND, powers=frozenset({law.POWER}))
    law.amend(life.id, law.Amendment("1", "own", "unchecked", day), actor=steward)
    with pytest.raises(Rejected, match="1 months"):
        profiles.draft(given(valid_to=soon(40)), actor=ANALYST)


def test_an_expired_profile_says_nothing_and_is_ended() -> None:
    row = in_force()
    Profile.objects.filter(pk=row.pk).update(valid_to=soon(-1))
    profiles_bump()
    (record,) = send("A,6000,ANA,,,,entry")
    assert hits(record) == []
    assert profiles.expire() == 1 and profiles.expire() == 0
    row.refresh_from_db()
    assert (row.state, row.ended_by) == ("ended", "system")
    with pytest.raises(Missing):
        profiles.end(row.pk, "again", actor=SECOND)


def profiles_bump() -> None:
    from tapal.flow.reference import bump

    bump(profiles.CURSOR)


def test_a_draft_whose_end_has_come_is_not_put_in_force() -> None:
    row = profiles.draft(given(valid_to=soon(1)), actor=ANALYST)
    tried(row)
    later = timezone.now() + timedelta(days=3)
    with pytest.raises(Denied, match="last day has passed"):
        profiles.approve(row.pk, row.edition, actor=SECOND, now=later)


def test_a_field_that_law_forbids_from_today_silences_the_profile() -> None:
    in_force()
    (before,) = send("A,6000,ANA,,,,entry")
    row = LegalRow.objects.get(topic=FORBIDDEN)
    steward = replace(SECOND, powers=frozenset({law.POWER}))
    day = today(timezone.now())
    law.amend(row.id, law.Amendment('["grams"]', "new law", "checked", day), actor=steward)
    (after,) = send("B,6000,BEN,,,,entry", number="2")
    assert hits(before) and hits(after) == []
    with pytest.raises(Rejected, match="may not be used"):
        profiles.draft(given(), actor=ANALYST)


def test_without_the_rule_row_no_profile_is_made_or_speaks() -> None:
    in_force()
    LegalRow.objects.filter(topic=FORBIDDEN).delete()
    from tapal.flow.reference import bump

    bump()
    (record,) = send("A,6000,ANA,,,,entry")
    assert hits(record) == []
    with pytest.raises(Rejected):
        profiles.draft(given(label=same("Next")), actor=ANALYST)
    assert profiles.bounds(soon()).forbidden is None


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"label": Text("Hanya Indonesia", " ")}, "label"),
        ({"label": same("x" * (LONGEST_LABEL + 1))}, "label"),
        ({"ground": Text("", "")}, "ground"),
        ({"ground": same("a\0b")}, "ground"),
        ({"kind": "no_such_kind"}, "kind"),
        ({"place": "NOWHERE"}, "place"),
        ({"table": Table((Column("__class__", Operator.PRESENT),))}, "columns"),
        ({"table": Table(HEAVY, (Row((("1",), ("entry",)), Verdict.LOOK),) * 201)}, "rows"),
    ],
)
def test_what_is_no_profile_is_refused(more: dict[str, object], place: str) -> None:
    with pytest.raises(Rejected) as wrong:
        profiles.draft(given(**more), actor=ANALYST)
    assert wrong.value.place == place and not Profile.objects.filter(kind="parcel").exists()


def test_hostile_words_are_kept_as_words() -> None:
    hostile = "' OR 1=1 -- {0.__class__} %s <b>"
    asks = (Column("number", Operator.CONTAINS),)
    row = in_force(label=same(hostile), table=Table(asks, (Row(((hostile,),), Verdict.LOOK),)))
    (record,) = send(f"{hostile},10,ANA,,,,entry")
    (found,) = hits(record)
    assert hostile in found.text["en"] and Profile.objects.filter(pk=row.pk).exists()


def test_a_table_of_200_rows_decides_by_its_last_row() -> None:
    rows = tuple(Row(((str(10_000 + n),), ("exit",)), Verdict.PASS) for n in range(199))
    last = Row((("5000",), ("entry",)), Verdict.LOOK)
    in_force(table=Table(HEAVY, (*rows, last)))
    (record,) = send("A,6000,ANA,,,,entry")
    assert hits(record)[0].data["data"]["row"] == 200


# --- versions ------------------------------------------------------------------------------


def test_a_version_in_force_never_changes_and_a_new_one_takes_over() -> None:
    row = in_force()
    with pytest.raises(Missing):
        profiles.save_draft(row.pk, given(), row.edition, actor=ANALYST)
    with pytest.raises(Missing):
        profiles.approve(row.pk, row.edition, actor=SECOND)
    fresh = profiles.next_version(row.pk, actor=ANALYST)
    with pytest.raises(Rejected):
        profiles.next_version(row.pk, actor=SECOND)
    assert fresh.version == 2 and fresh.valid_to is None
    wider = Table(HEAVY, (Row((("10",), None), Verdict.LOOK),))
    fresh = profiles.save_draft(fresh.pk, given(table=wider), fresh.edition, actor=ANALYST)
    with pytest.raises(Denied, match="not tried"):
        profiles.approve(fresh.pk, fresh.edition, actor=SECOND)
    tried(fresh)
    profiles.approve(fresh.pk, fresh.edition, actor=SECOND)
    row.refresh_from_db()
    assert row.state == "followed" and row.table == TABLE.json()
    (record,) = send("A,20,ANA,,,,entry")
    assert hits(record)[0].data["data"]["version"] == 2


def test_of_two_editors_at_once_the_later_is_told() -> None:
    row = profiles.draft(given(), actor=ANALYST)
    seen = row.edition
    profiles.save_draft(row.pk, given(ground=same("first")), seen, actor=ANALYST)
    with pytest.raises(Rejected, match="DJBC-11 has changed"):
        profiles.save_draft(row.pk, given(ground=same("second")), seen, actor=SECOND)
    row.refresh_from_db()
    assert row.ground["en"] == "first" and row.authors == ["DJBC-11"]
    tried(row)
    with pytest.raises(Rejected):
        profiles.approve(row.pk, seen, actor=SECOND)


def test_one_person_ends_it_with_a_reason() -> None:
    row = in_force()
    with pytest.raises(Rejected):
        profiles.end(row.pk, "  ", actor=SECOND)
    profiles.end(row.pk, "hits nothing", actor=SECOND)
    (record,) = send("A,6000,ANA,,,,entry")
    assert hits(record) == []
    content = Event.objects.get(type="profile.ended").content.content
    assert "hits nothing" in content


# --- what ships ----------------------------------------------------------------------------


def test_the_examples_are_drafts_of_nobody_and_not_in_force() -> None:
    seeds = list(Profile.objects.filter(seed=True))
    assert len(seeds) == 3
    assert {s.state for s in seeds} == {"draft"} and all(s.valid_to is None for s in seeds)
    assert all(s.label["id"].startswith("Contoh:") for s in seeds)
    imi = replace(SECOND, agency="IMI", number="IMI-12")
    mine = next(s for s in seeds if s.owner_id == "IMI")
    tried(mine, imi)
    with pytest.raises(Denied, match="Nobody has drafted"):
        profiles.approve(mine.pk, mine.edition, actor=imi)
    profiles.seed()
    assert Profile.objects.filter(seed=True).count() == 3
    assert mine.sha256 == fingerprint(mine.kind, "", Table.of(mine.table))


def test_a_profile_that_no_kind_can_run_stops_no_record() -> None:
    row = in_force()
    Profile.objects.filter(pk=row.pk).update(table={"columns": [["gone", "any_of"]], "rows": []})
    profiles_bump()
    (record,) = send("A,20000,ANA,,,,entry")
    assert hits(record) == []
    assert Finding.objects.filter(record_id=record, rule="parcel_heavy").exists()
