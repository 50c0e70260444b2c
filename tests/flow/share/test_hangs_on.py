"""Findings, alerts, tasks and history: shown as far as what they rest on is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tapal.core.errors import Denied, Missing
from tapal.core.marking import Purpose, Sensitivity
from tapal.core.text import same
from tapal.flow import records, tasks
from tapal.flow.reference import scope_number
from tapal.flow.share import Door
from tapal.store.models import Access, Alert, Record, Reject, Task
from tests.flow.share.conftest import NOW, World, actor, clause, door, grantee, ids, owner, stranger

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def alert(record: Record, level: Sensitivity = Sensitivity.RESTRICTED, **changed: Any) -> Alert:
    return Alert.objects.create(
        scope_id=scope_number(record.owner, record.kind, int(level)),
        kind=record.kind,
        owner=record.owner,
        place=record.place,
        sensitivity=int(level),
        reason="reason",
        subject="somebody",
        record=record,
        weight=2,
        count=3,
        opened_at=NOW,
        last_at=NOW + timedelta(hours=1),
        due_at=changed.pop("due_at", NOW),
        outcome_reason="what only the owner knows",
        **changed,
    )


def task(
    record: Record,
    power: str = "record.write",
    level: Sensitivity = Sensitivity.INTERNAL,
    **more: Any,
) -> Task:
    return tasks.open_task(
        tasks.Wanted("do", same("do"), same("text"), power, level, **more), actor="x", record=record
    )


def rules(who: Any, record: Record) -> list[str]:
    return sorted(f.said.rule for f in who.record(record.id).findings)


def test_a_finding_is_there_only_with_all_its_fields(world: World) -> None:
    record = world.record()
    world.finding(record, "way", rule="about_way", weight=1)
    world.finding(record, "way", "person.born", rule="about_birth")
    world.agree(clause(fields=["way"]))
    assert rules(grantee(), record) == ["about_way"]
    assert rules(owner(), record) == ["about_birth", "about_way"]
    assert grantee().records().rows[0].weight == 1
    assert owner().records().rows[0].weight == 2


def test_a_finding_above_the_clause_is_hidden(world: World) -> None:
    record = world.record()
    world.finding(record, "way", level=Sensitivity.CONFIDENTIAL, rule="high")
    world.finding(record, level=Sensitivity.WITHHELD, rule="withheld")
    assert rules(owner(), record) == []
    assert rules(owner(Purpose.BORDER_CONTROL, "supervisor"), record) == ["high"]
    assert rules(owner(Purpose.PROTECTION, "protection_duty"), record) == ["high", "withheld"]


def test_a_finding_that_rests_on_a_hidden_record_is_hidden(world: World) -> None:
    record, other = world.record(), world.record(place="PLBN-16")
    world.finding(record, "way", rests_on=(str(other.id),), rule="two_places")
    world.agree(clause(places=["PLBN-11"]))
    assert rules(grantee(), record) == []
    assert rules(owner(), record) == ["two_places"]


def test_a_withdrawn_finding_is_gone(world: World) -> None:
    record = world.record()
    finding = world.finding(record, "way")
    finding.withdrawn_at = NOW
    finding.save()
    assert rules(owner(), record) == []


def test_the_stranger_has_no_alert_and_no_task(world: World) -> None:
    record = world.record()
    made, work = alert(record), task(record)
    world.finding(record, "way", alert=made)
    who = stranger()
    assert ids(who.alerts()) == ids(who.alerts(state=None)) == ids(who.tasks()) == []
    for ask, wanted in ((who.alert, made.id), (who.task, work.id)):
        with pytest.raises(Missing):
            ask(wanted)


def test_a_grantee_has_an_alert_only_with_a_finding_that_he_sees(world: World) -> None:
    hidden, shown = world.record(), world.record()
    world.finding(hidden, "person.born", alert=alert(hidden))
    made = alert(shown)
    world.finding(shown, "person.born", alert=made)
    world.finding(shown, "way", alert=made, weight=1)
    world.agree(clause(fields=["way"]))
    who = grantee()
    assert ids(who.alerts()) == ids(who.alerts(state=None)) == [str(made.id)]
    seen = who.alert(made.id)
    assert [f.said.fields for f in seen.findings] == [("way",)]
    assert (seen.weight, seen.count, seen.last_at, seen.subject) == (1, 1, NOW, "")
    assert seen.outcome_reason == ""
    own = owner().alert(made.id)
    assert (own.weight, own.count, own.outcome_reason) == (2, 3, "what only the owner knows")


def test_hidden_alerts_neither_shorten_nor_end_a_page(world: World) -> None:
    for n in range(9):
        record = world.record()
        made = alert(record, due_at=NOW + timedelta(minutes=n))
        world.finding(record, "way" if n % 4 == 0 else "person.born", alert=made)
    world.agree(clause(fields=["way"]))
    first = grantee().alerts(limit=2)
    assert len(first.rows) == 2 and first.next is not None
    last = grantee().alerts(limit=2, before=first.next)
    assert len(last.rows) == 1 and last.next is None


def test_what_is_seen_comes_after_whole_pages_of_hidden_alerts(world: World) -> None:
    def due(minutes: int, about: Record, fields: str, **more: Any) -> str:
        made = alert(world.record(), due_at=NOW + timedelta(minutes=minutes))
        world.finding(about, fields, alert=made, **more)
        return str(made.id)

    for n in range(7):
        due(n, world.record(), "person.born")
        due(n, world.record(), "way", level=Sensitivity.CONFIDENTIAL)
    theirs, his = world.record(), world.record("DJBC", level=Sensitivity.INTERNAL)
    wanted = [
        due(20, theirs, "way"),
        due(21, theirs, "companions.0.given"),
        due(22, his, "person.born"),
    ]
    world.agree(clause(fields=["way", "companions.given"]))
    assert ids(grantee().alerts(limit=2)) == wanted[:2]
    assert ids(grantee().alerts(limit=5)) == wanted
    assert ids(grantee().alerts(limit=5, state=None)) == wanted[::-1]


def test_alerts_come_by_what_is_due_and_by_state(world: World) -> None:
    late = alert(world.record(), due_at=NOW - timedelta(hours=1))
    soon = alert(world.record("IMI", place="PLBN-16"), due_at=NOW)
    done = alert(world.record(), state="closed", due_at=NOW - timedelta(days=1))
    who = owner()
    assert ids(who.alerts()) == [str(late.id), str(soon.id)]
    assert ids(who.alerts(place="PLBN-16")) == [str(soon.id)]
    assert ids(who.alerts(state="closed")) == [str(done.id)]
    assert ids(who.alerts(state="' OR '1'='1")) == []


def test_a_withheld_alert_is_for_its_power(world: World) -> None:
    made = alert(world.record(), Sensitivity.WITHHELD)
    assert ids(owner(Purpose.PROTECTION, "supervisor").alerts()) == []
    assert ids(owner(Purpose.PROTECTION, "protection_duty").alerts()) == [str(made.id)]


def test_no_agreement_opens_a_task(world: World) -> None:
    record = world.record()
    task(record)
    world.agree(clause(fields="*"))
    who = grantee(Purpose.BORDER_CONTROL, "supervisor")
    assert ids(who.tasks()) == []
    assert who.record(record.id).tasks == ()


def test_tasks_are_for_those_who_may_do_or_assign_them(world: World) -> None:
    record = world.record()
    mine, others = task(record), task(record, "refusal.sign")
    assert ids(owner().tasks()) == [str(mine.id)]
    assert {t.id for t in owner().record(record.id).tasks} == {str(mine.id)}
    everyone = owner(Purpose.BORDER_CONTROL, "supervisor")
    assert set(ids(everyone.tasks())) == {str(mine.id), str(others.id)}


def test_a_withheld_task_is_only_for_who_can_do_it(world: World) -> None:
    record = world.record()
    sealed = task(record, "fear_of_return.read", Sensitivity.WITHHELD)
    for role in ("officer", "supervisor", "signing_officer", "steward"):
        who = owner(Purpose.PROTECTION, role)
        assert ids(who.tasks()) == []
        assert who.record(record.id).tasks == ()
        with pytest.raises(Missing):
            who.task(sealed.id)
    who = owner(Purpose.PROTECTION, "protection_duty")
    assert ids(who.tasks()) == [str(sealed.id)]


def test_tasks_without_a_clock_come_last_on_later_pages_too(world: World) -> None:
    record = world.record()
    timed = [task(record, due_at=NOW + timedelta(hours=n)) for n in (3, 1, 2)]
    free = [task(record) for _ in range(3)]
    found: list[str] = []
    token = None
    while True:
        page = owner().tasks(limit=2, before=token)
        found += ids(page)
        if (token := page.next) is None:
            break
    assert found[:3] == [str(t.id) for t in (timed[1], timed[2], timed[0])]
    assert sorted(found[3:]) == sorted(str(t.id) for t in free)


def test_history_shows_readable_fields_and_hides_secret_acts(world: World) -> None:
    record = world.record()
    records.revise(record, {"way": "exit"}, actor="IMI-1", action="turn")
    records.revise(record, {"fear": "yes", "way": "entry"}, actor="IMI-9", action="register_fear")
    records.revise(record, {"fear": "no"}, actor="IMI-9", action="register_fear")
    world.agree(clause(fields=["way"]))
    own = owner().record(record.id).events
    assert [(e.content.get("action"), e.content["values"]) for e in own] == [
        ("turn", {"way": "exit"}),
        (None, {"way": "entry"}),
    ]
    given = grantee().record(record.id).events
    assert {e.actor for e in given} == {""}
    assert all("action" not in e.content for e in given)


def test_conflicts_show_both_values_of_readable_fields(world: World) -> None:
    record = world.record()
    first = str(record.first_revision)
    for value in ("exit", "transit"):
        saw = {"way": [first], "secret": [first]}
        changes = {"way": value, "secret": value}
        records.revise(record, changes, actor="IMI-1", action="edit", saw=saw)
    assert owner().record(record.id).conflicts == {"way": ["exit", "transit"]}
    world.agree(clause(fields=["number"]))
    row = grantee().record(record.id).row
    assert not row.conflicting


def test_looks_are_for_the_owners_leaders_and_auditors(world: World) -> None:
    record = world.record()
    world.agree(clause())
    grantee().record(record.id)
    for who in (grantee(Purpose.BORDER_CONTROL, "supervisor"), owner(), stranger()):
        with pytest.raises(Missing):
            who.looks(record.id)
    for who in (
        owner(Purpose.BORDER_CONTROL, "supervisor"),
        owner(Purpose.BORDER_CONTROL, "steward"),
        door(actor("BNPP", "auditor"), Purpose.OVERSIGHT),
    ):
        assert ("DJBC-1", "read") in {(x.officer, x.act) for x in who.looks(record.id).rows}


def test_rejects_are_for_those_who_handed_in(world: World) -> None:
    made = Reject.objects.create(
        message=world.message,
        agency_id="IMI",
        place="NAD 7",
        reason=same("r").json(),
        mend=same("m").json(),
        raw="NAD+FL",
        at=NOW,
    )
    leader = owner(Purpose.BORDER_CONTROL, "supervisor")
    assert ids(leader.rejects()) == [str(made.id)]
    assert leader.reject(made.id).raw == "NAD+FL"
    # Nobody recognised it: it may hold what only the leader may read.
    assert ids(owner().rejects()) == []
    world.agree(clause(fields="*"))
    for who in (stranger(), grantee()):
        assert ids(who.rejects()) == []
        with pytest.raises(Missing):
            who.reject(made.id)
    with pytest.raises(Denied):
        owner(Purpose.BORDER_CONTROL, "analyst").rejects()


def test_the_access_log_is_whole_for_auditors_and_in_part_for_stewards(world: World) -> None:
    record = world.record()
    world.agree(clause())
    grantee().record(record.id)
    door(actor("BARANTIN", "officer")).records()
    with pytest.raises(Denied):
        owner().access_log()

    def agencies(who: Door) -> set[str]:
        return {look.agency for look in who.access_log().rows}

    assert agencies(door(actor("BNPP", "auditor"), Purpose.OVERSIGHT)) == {
        "DJBC",
        "BARANTIN",
        "IMI",
    }
    assert agencies(owner(Purpose.BORDER_CONTROL, "steward")) == {"DJBC", "IMI"}
    found = owner(Purpose.BORDER_CONTROL, "steward").access_log(officer="DJBC-1").rows
    assert [(look.act, look.subject) for look in found] == [("read", str(record.id))]


def test_the_log_is_read_page_by_page_without_a_doubled_or_lost_look(world: World) -> None:
    mine, theirs = world.record(), world.record("DJBC")
    for n in range(7):
        (owner() if n % 2 else grantee()).records()
        owner().record(mine.id)
        grantee().record(theirs.id)
        stranger().records()
    who, found, before = owner(Purpose.BORDER_CONTROL, "steward"), [], None
    while True:
        page = who.access_log(before=before, limit=4)
        found += [look.id for look in page.rows if look.act != "looks"]
        if (before := page.next) is None:
            break
    rows = Access.objects.exclude(act="looks").order_by("-id")
    expected = [str(r.id) for r in rows if "IMI" in (r.owner, r.agency)]
    assert found == expected and len(set(found)) == len(found) > 8
