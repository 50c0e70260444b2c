"""Cases: what their members see, what nobody else learns, and one owner at any time."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tapal.core.cases import CaseOutcome
from tapal.core.errors import Denied, Missing, Rejected
from tapal.flow import cases
from tapal.flow.share import Door
from tapal.flow.share import cases as share_cases
from tapal.flow.share.seen_cases import SeenCase
from tapal.store.models import (
    Access,
    Agreement,
    Alert,
    Case,
    CaseEntry,
    CaseMember,
    Event,
    EventContent,
    Mandate,
    Scope,
)
from tests.flow.cases.conftest import (
    AUDITOR,
    ELSEWHERE,
    GRANTEE,
    INTERPOL,
    LEADER,
    OWNER,
    STEWARD,
    STRANGER,
    DoorOf,
)

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def opened(door: Door, *, sealed: bool = False) -> Case:
    return cases.open_case("Kurir di Motaain", actor=door.actor, sealed=sealed)


def sorts(seen: SeenCase) -> list[str]:
    return [entry.sort for entry in seen.entries]


def member(case: Case, number: str, agency: str, lead: Door) -> None:
    cases.add_member(case.id, number, agency, actor=lead.actor)


# --- the stranger first ------------------------------------------------------------------------


@pytest.mark.parametrize("sealed", [False, True])
def test_a_stranger_finds_neither_the_case_nor_a_way_to_act(
    door: DoorOf, crossing: str, sealed: bool
) -> None:
    case = opened(door(LEADER), sealed=sealed)
    line = cases.add_item(case.id, "record", crossing, door=door(LEADER))
    stranger = door(STRANGER)
    assert stranger.cases().rows == ()
    with pytest.raises(Missing):
        stranger.case(case.id)
    for act in (
        lambda: cases.add_item(case.id, "record", crossing, door=stranger),
        lambda: cases.write(case.id, "note", "x", actor=stranger.actor),
        lambda: cases.take_out(case.id, line.id, door=stranger),
        lambda: cases.add_member(case.id, "PSD-0001", "PSDKP", actor=stranger.actor),
        lambda: cases.end_member(case.id, "IMI-0002", "IMI", actor=stranger.actor),
        lambda: cases.offer(case.id, "PSDKP", "x", actor=stranger.actor),
        lambda: cases.accept(case.id, actor=stranger.actor),
        lambda: cases.decline(case.id, "x", actor=stranger.actor),
        lambda: cases.close(case.id, CaseOutcome.RESOLVED, "x", actor=stranger.actor),
        lambda: cases.seal(case.id, actor=stranger.actor),
        lambda: cases.reopen(case.id, "x", actor=stranger.actor),
    ):
        with pytest.raises(Missing):
            act()


def test_a_sealed_case_is_to_a_colleague_what_an_absent_one_is(door: DoorOf, crossing: str) -> None:
    case = opened(door(LEADER), sealed=True)
    cases.add_item(case.id, "record", crossing, door=door(LEADER))
    colleague = door(OWNER)
    asked = []
    for wanted in (case.id, uuid.uuid4()):
        with (
            CaptureQueriesContext(
                connection,
            ) as queries,
            pytest.raises(Missing),
        ):
            colleague.case(wanted)
        asked.append([q["sql"].replace(wanted.hex, "?").replace(str(wanted), "?") for q in queries])
    assert asked[0] == asked[1]
    assert colleague.cases().rows == ()
    assert colleague.cases_with("record", crossing) == []
    assert [h.code for h in door(LEADER).cases_with("record", crossing)] == [
        f"{case.id.hex[-8:-4]}-{case.id.hex[-4:]}".upper()
    ]


def test_no_look_at_a_sealed_case_is_told_to_steward_or_auditor(door: DoorOf) -> None:
    case, plain = opened(door(LEADER), sealed=True), opened(door(LEADER))
    for each in (case, plain):
        door(LEADER).case(each.id)
    with pytest.raises(Missing):
        door(OWNER).case(case.id)
    with pytest.raises(Missing):
        cases.close(case.id, CaseOutcome.RESOLVED, "x", actor=door(OWNER).actor)
    for reader in (STEWARD, AUDITOR):
        told = door(reader).access_log(limit=200).rows
        subjects = {row.subject for row in told}
        assert str(plain.id) in subjects
        assert not any(str(case.id) in f"{row.subject} {row.question}" for row in told)
        assert door(reader).access_log(subject=str(case.id)).rows == ()


def test_a_refusal_in_a_sealed_case_is_missing_not_denied(door: DoorOf) -> None:
    lead = door(LEADER)
    case, plain = opened(lead, sealed=True), opened(lead)
    # A member who may not lead: he sees both and may decide about neither.
    analyst = door("hubinter.analis")
    member(plain, "NCB-0001", "HUBINTER", lead)
    with pytest.raises(Denied):
        cases.close(plain.id, CaseOutcome.RESOLVED, "x", actor=analyst.actor)
    CaseMember.objects.create(
        case=case, officer="NCB-0001", agency="HUBINTER", since=timezone.now(), added_by="x"
    )
    with pytest.raises(Missing):
        cases.close(case.id, CaseOutcome.RESOLVED, "x", actor=analyst.actor)


# --- the case is no second door ------------------------------------------------------------------


def test_a_member_sees_of_what_is_joined_only_what_clauses_give_him(
    door: DoorOf, crossing: str, alert: Alert
) -> None:
    lead = door(LEADER)
    case = opened(lead)
    for sort, ref in (("record", crossing), ("alert", alert.id), ("person", crossing)):
        cases.add_item(case.id, sort, ref, "pembawa sabu", door=lead)
    cases.write(case.id, "note", "Ibu ini saksi", actor=lead.actor)
    cases.write(case.id, "note", "hanya kami", "own", actor=lead.actor)
    member(case, "PSD-0001", "PSDKP", lead)
    member(case, "BC-0001", "DJBC", lead)
    steps = ["opened", "member_added", "member_added"]
    bare = door(STRANGER).case(case.id)
    assert sorts(bare) == steps and bare.head.title == ""
    assert "sabu" not in repr(bare) and "SOARES" not in repr(bare) and crossing not in repr(bare)
    given = door(GRANTEE).case(case.id)
    assert set(sorts(given)) >= {"record", "note", "person"}
    assert given.head.title == "Kurir di Motaain"
    assert "hanya kami" not in repr(given)
    assert [e.text for e in given.entries if e.sort == "note"] == ["Ibu ini saksi"]
    shown = next(e.target for e in given.entries if e.sort == "person")
    assert shown is not None and shown.also == 1
    Agreement.objects.filter(giver_id="IMI", taker_id="DJBC").update(revoked_at=timezone.now())
    assert sorts(door(GRANTEE).case(case.id)) == steps


def test_what_a_member_writes_travels_by_his_own_agencys_agreement(door: DoorOf) -> None:
    lead = door(LEADER)
    case = opened(lead)
    member(case, "BC-0001", "DJBC", lead)
    member(case, "PSD-0001", "PSDKP", lead)
    cases.write(case.id, "note", "manifes cocok", actor=door(GRANTEE).actor)
    cases.write(case.id, "note", "kapal terlihat", actor=door(STRANGER).actor)
    notes = [e.text for e in door(LEADER).case(case.id).entries if e.sort == "note"]
    assert notes == ["manifes cocok"]
    assert [e.text for e in door(STRANGER).case(case.id).entries if e.sort == "note"] == [
        "kapal terlihat"
    ]


def test_nobody_adds_what_he_may_not_see(door: DoorOf, crossing: str, alert: Alert) -> None:
    lead, stranger = door(LEADER), door(STRANGER)
    case = opened(lead)
    member(case, "PSD-0001", "PSDKP", lead)
    cases.add_item(case.id, "record", crossing, door=lead)
    for sort, ref in (
        ("record", crossing), ("person", crossing), ("alert", str(alert.id)),
        ("record", str(uuid.uuid4())), ("task", "no-id"), ("crime", crossing),
    ):  # fmt: skip
        with pytest.raises(Missing):
            cases.add_item(case.id, sort, ref, door=stranger)
    assert CaseEntry.objects.filter(case=case, agency="PSDKP").count() == 0


def test_rights_drop_with_membership_and_with_the_mandate(door: DoorOf) -> None:
    lead = door(LEADER)
    case = opened(lead)
    member(case, "BC-0001", "DJBC", lead)
    assert door(GRANTEE).case(case.id).head.member
    cases.end_member(case.id, "BC-0001", "DJBC", actor=lead.actor)
    with pytest.raises(Missing):
        door(GRANTEE).case(case.id)
    member(case, "BC-0001", "DJBC", lead)
    Mandate.objects.filter(officer__number="BC-0001").update(role="admin")
    with pytest.raises(Missing):
        door(GRANTEE).case(case.id)


def test_who_is_unknown_and_who_may_not_are_refused_alike(door: DoorOf) -> None:
    lead = door(LEADER)
    case = opened(lead)
    told = set()
    for number, agency in (("NO-ONE", "DJBC"), ("BC-0001", "IMI"), ("BNPP-0002", "BNPP")):
        with pytest.raises(Rejected) as wrong:
            member(case, number, agency, lead)
        told.add(wrong.value.reason.en)
    assert len(told) == 1


# --- the owner's people --------------------------------------------------------------------------


def test_the_owners_officers_see_it_and_only_those_at_its_post_add(
    door: DoorOf, crossing: str
) -> None:
    case = opened(door(LEADER))
    assert door(ELSEWHERE).case(case.id).head.title
    with pytest.raises(Denied):
        cases.write(case.id, "note", "x", actor=door(ELSEWHERE).actor)
    cases.write(case.id, "note", "x", actor=door(OWNER).actor)
    with pytest.raises(Denied):
        cases.close(case.id, CaseOutcome.RESOLVED, "x", actor=door(OWNER).actor)


def test_a_confidential_case_needs_a_level_to_be_opened_and_seen(door: DoorOf) -> None:
    with pytest.raises(Rejected):
        cases.open_case("x", actor=door(OWNER).actor, confidential=True)
    case = cases.open_case("x", actor=door(LEADER).actor, confidential=True)
    with pytest.raises(Missing):
        door(OWNER).case(case.id)


def test_things_are_taken_out_and_put_back(door: DoorOf, crossing: str) -> None:
    lead, officer = door(LEADER), door(OWNER)
    case = opened(lead)
    line = cases.add_item(case.id, "record", crossing, door=lead)
    with pytest.raises(Rejected):
        cases.add_item(case.id, "record", crossing, door=officer)
    with pytest.raises(Denied):
        cases.take_out(case.id, line.id, door=officer)
    cases.take_out(case.id, line.id, door=lead)
    assert lead.cases_with("record", crossing) == []
    cases.restore(case.id, line.id, door=lead)
    assert len(lead.cases_with("record", crossing)) == 1
    note = cases.write(case.id, "note", "salah tulis", actor=officer.actor)
    cases.take_out(case.id, note.id, door=door(OWNER))
    assert "salah tulis" not in repr(door(LEADER).case(case.id))
    CaseEntry.objects.filter(pk=note.id).update(undone_at=timezone.now() - timedelta(minutes=16))
    with pytest.raises(Denied):
        cases.restore(case.id, note.id, door=door(OWNER))
    first = CaseEntry.objects.get(case=case, sort="opened")
    with pytest.raises(Missing):
        cases.take_out(case.id, first.id, door=lead)


def test_a_case_is_closed_once_takes_nothing_more_and_is_opened_again(
    door: DoorOf, crossing: str
) -> None:
    lead = door(LEADER)
    case = opened(lead)
    with pytest.raises(Rejected):
        cases.close(case.id, CaseOutcome.RESOLVED, "  ", actor=lead.actor)
    cases.close(case.id, CaseOutcome.UNFOUNDED, "bukan dia", actor=lead.actor)
    for act in (
        lambda: cases.close(case.id, CaseOutcome.RESOLVED, "x", actor=lead.actor),
        lambda: cases.write(case.id, "note", "x", actor=lead.actor),
        lambda: cases.add_item(case.id, "record", crossing, door=lead),
        lambda: member(case, "BC-0001", "DJBC", lead),
    ):
        with pytest.raises(Rejected):
            act()
    assert [h.outcome for h in door(LEADER).cases(state="closed").rows] == ["unfounded"]
    cases.reopen(case.id, "kabar baru", actor=lead.actor)
    seen = lead.case(case.id)
    assert seen.head.state == "open" and sorts(seen)[-2:] == ["closed", "reopened"]


# --- one owner -----------------------------------------------------------------------------------


def test_a_case_changes_its_owner_by_consent_and_the_former_owners_rights_drop(
    door: DoorOf,
) -> None:
    lead, taker = door(LEADER), door(INTERPOL)
    case = opened(lead)
    with pytest.raises(Rejected):
        cases.offer(case.id, "HUBINTER", "x", actor=lead.actor)
    member(case, "NCB-0001", "HUBINTER", lead)
    with pytest.raises(Rejected):  # a member who may not lead
        cases.offer(case.id, "HUBINTER", "x", actor=lead.actor)
    member(case, "NCB-0002", "HUBINTER", lead)
    cases.offer(case.id, "HUBINTER", "lintas negara", actor=lead.actor)
    with pytest.raises(Denied):
        cases.accept(case.id, actor=door("hubinter.analis").actor)
    cases.decline(case.id, "belum", actor=taker.actor)
    with pytest.raises(Rejected):
        cases.accept(case.id, actor=taker.actor)
    cases.offer(case.id, "HUBINTER", "sekarang", actor=lead.actor)
    cases.accept(case.id, actor=taker.actor)
    assert Case.objects.get().owner == "HUBINTER"
    with pytest.raises(Rejected):
        cases.accept(case.id, actor=taker.actor)
    with pytest.raises(Missing):
        door(OWNER).case(case.id)
    with pytest.raises(Denied):
        cases.close(case.id, CaseOutcome.RESOLVED, "x", actor=lead.actor)
    assert door(LEADER).case(case.id).head.member


def test_who_was_offered_a_case_that_is_closed_is_told_that_the_offer_fell(door: DoorOf) -> None:
    lead = door(LEADER)
    case = opened(lead)
    member(case, "NCB-0002", "HUBINTER", lead)
    cases.offer(case.id, "HUBINTER", "lintas negara", actor=lead.actor)
    cases.close(case.id, CaseOutcome.RESOLVED, "selesai", actor=lead.actor)
    steps = CaseEntry.objects.filter(case=case, sort__in=("offered", "withdrawn", "closed"))
    assert [(e.sort, e.ref) for e in steps.order_by("at", "pk")][:2] == [
        ("offered", "HUBINTER"),
        ("withdrawn", "HUBINTER"),
    ]
    cases.reopen(case.id, "ada lagi", actor=lead.actor)
    with pytest.raises(Rejected):
        cases.accept(case.id, actor=door(INTERPOL).actor)


def test_a_sealed_case_never_loses_its_last_lead(door: DoorOf) -> None:
    lead = door(LEADER)
    case = opened(lead, sealed=True)
    with pytest.raises(Rejected):
        cases.end_member(case.id, "IMI-0002", "IMI", actor=lead.actor)
    member(case, "IMI-0003", "IMI", lead)
    cases.end_member(case.id, "IMI-0002", "IMI", actor=lead.actor)
    with pytest.raises(Missing):
        door(LEADER).case(case.id)


def test_sealing_hides_a_case_from_the_moment_on(door: DoorOf) -> None:
    case = opened(door(LEADER))
    assert door(OWNER).case(case.id)
    cases.seal(case.id, actor=door(LEADER).actor)
    with pytest.raises(Missing):
        door(OWNER).case(case.id)
    assert not any(r.subject == str(case.id) for r in door(STEWARD).access_log(limit=200).rows)


# --- traces --------------------------------------------------------------------------------------


def test_each_change_is_an_event_whose_words_can_be_erased(door: DoorOf, crossing: str) -> None:
    from tapal.core.events import EVENT_TYPES

    lead = door(LEADER)
    case = opened(lead)
    cases.add_item(case.id, "record", crossing, "rahasia kecil", door=lead)
    cases.close(case.id, CaseOutcome.RESOLVED, "rahasia kecil", actor=lead.actor)
    events = Event.objects.filter(subject=str(case.id))
    assert {e.type for e in events} == {"case.opened", "case.added", "case.closed"}
    for row in EventContent.objects.filter(event__in=events).select_related("event"):
        kept = json.loads(row.content)
        for key in EVENT_TYPES[row.event.type].personal:
            kept.pop(key, None)
        assert "rahasia" not in json.dumps(kept) and "Kurir" not in json.dumps(kept)


def test_a_look_is_written_down_and_a_missing_case_by_no_id(door: DoorOf) -> None:
    case = opened(door(LEADER))
    door(LEADER).case(case.id)
    assert Access.objects.filter(subject=str(case.id), act="read", officer="IMI-0002").count() == 1
    with pytest.raises(Missing):
        door(STRANGER).case(case.id)
    denied = Access.objects.filter(officer="PSD-0001", act="denied")
    assert [row.subject for row in denied] == ["case"]


def test_words_are_bounded_and_storable(door: DoorOf) -> None:
    lead = door(LEADER)
    for title in ("", "   ", "x" * 121):
        with pytest.raises(Rejected):
            cases.open_case(title, actor=lead.actor)
    case = cases.open_case("a\x00b", actor=lead.actor)
    assert "\x00" not in Case.objects.get().title
    with pytest.raises(Rejected):
        cases.write(case.id, "note", "x" * 4001, actor=lead.actor)
    with pytest.raises(Missing):
        cases.write(case.id, "closed", "x", actor=lead.actor)
    assert Scope.objects.filter(kind="case").exists()


def test_pages_of_cases_go_on_where_they_ended(door: DoorOf) -> None:
    lead = door(LEADER)
    made = [opened(lead, sealed=n % 2 == 0) for n in range(5)]
    first = lead.cases(limit=3)
    second = lead.cases(limit=3, before=first.next)
    assert [h.id for h in (*first.rows, *second.rows)] == [str(c.id) for c in reversed(made)]
    assert second.next is None
    with pytest.raises(Rejected):
        door(OWNER).cases(before=first.next)
    assert len(door(OWNER).cases().rows) == 2


def test_a_long_case_is_read_page_by_page_and_hidden_lines_leave_no_gap(
    door: DoorOf, crossing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_cases, "LINES", 3)
    lead = door(LEADER)
    case = cases.open_with("Kurir", "record", crossing, door=lead)
    member(case, "PSD-0001", "PSDKP", lead)
    for n in range(7):
        cases.write(case.id, "note", f"baris {n}", actor=lead.actor)
        for _ in range(4):
            cases.write(case.id, "note", "tersembunyi", actor=door(STRANGER).actor)
    pages, before = [], None
    while True:
        seen = door(LEADER).case(case.id, before=before)
        assert [e.sort for e in seen.joined] == ["record"]
        pages.append([e.text or e.sort for e in seen.entries])
        before = seen.older
        if before is None:
            break
    assert pages[0] == ["baris 4", "baris 5", "baris 6"]
    whole = [line for page in reversed(pages) for line in page]
    assert whole[-7:] == [f"baris {n}" for n in range(7)]
    assert "tersembunyi" not in whole and [len(page) for page in pages[:-1]] == [3] * (
        len(pages) - 1
    )
    with pytest.raises(Rejected):
        door(OWNER).case(case.id, before=door(LEADER).case(case.id).older)


def test_of_many_things_the_newest_are_named_beside_the_timeline(
    door: DoorOf, crossing: str, alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_cases, "JOINED", 1)
    case = cases.open_with("Kurir", "record", crossing, door=door(LEADER))
    assert not door(LEADER).case(case.id).more
    cases.add_item(case.id, "alert", str(alert.id), door=door(LEADER))
    seen = door(LEADER).case(case.id)
    assert seen.more and [e.sort for e in seen.joined] == ["alert"]


def test_a_case_sealed_while_somebody_waited_for_it_is_missing_to_him(
    door: DoorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tapal.flow.share import cases as reading

    case, officer, real = opened(door(LEADER)), door(OWNER), reading.find
    asked: list[object] = []

    def find(*given: object) -> Case | None:
        found = real(*given)  # type: ignore[arg-type]
        if not asked:
            asked.append(given)
            cases.seal(case.id, actor=door(LEADER).actor)
        return found

    monkeypatch.setattr(reading, "find", find)
    with pytest.raises(Missing):
        cases.write(case.id, "note", "x", actor=officer.actor)
    assert not CaseEntry.objects.filter(case=case, sort="note").exists()
