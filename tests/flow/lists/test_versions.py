"""A list's next version: drafted, compared, put in force by a second person, gone live in one step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.flow import lists
from tapal.flow.listed import current
from tapal.flow.lists import preview, versions
from tapal.flow.raw import fetch
from tapal.store.models import Event, ListChange, Listing, ListVersion, Roll

HEAD = b"list,id,name,dob,valid_until,reason\n"
FIRST = HEAD + b"tangkal,T-1,MARIA SOARES,1990-01-02,,one\ntangkal,T-2,JOAO PEREIRA,,,two\n"
NEXT = HEAD + b"tangkal,T-2,JOAO PEREIRA,1971-03-04,,two\ntangkal,T-3,ROSA MALI,,,three\n"

OPERATOR = Actor("0", "SETUP", "set-up", "", None, frozenset({lists.EDIT}))
BOTH = frozenset({lists.EDIT, lists.APPROVE, "record.read"})
CHECKER = Actor("0", "SETUP-2", "set-up", "", None, frozenset({lists.EDIT, lists.APPROVE}))
STEWARD = Actor("1", "IMI-1", "Steward", "IMI", None, BOTH)
SECOND = Actor("2", "IMI-2", "Second", "IMI", None, BOTH)
AT_POST = Actor("3", "IMI-3", "Leader", "IMI", "PLBN-11", BOTH)
STRANGER = Actor("4", "PSD-1", "Stranger", "PSDKP", None, BOTH)


@pytest.fixture
def first(home: Path) -> ListVersion:
    return lists.import_list(FIRST, actor=OPERATOR).versions[0]


def drafted(data: bytes = NEXT, actor: Actor = STEWARD) -> ListVersion:
    return lists.draft((data,), actor=actor).versions[0]


def put(data: bytes, **given: Any) -> ListVersion:
    """The next version of its list, drafted and put in force by two."""
    made = lists.draft((data,), actor=OPERATOR, **given).versions[0]
    return lists.publish(made.pk, actor=CHECKER)


def in_force() -> set[str]:
    return set(current().entries)


def test_a_stranger_drafts_sees_and_approves_nothing(first: ListVersion) -> None:
    with pytest.raises(Denied):
        drafted(actor=STRANGER)
    row = drafted()
    for act in (lists.found, lists.publish):
        with pytest.raises(Missing):
            act(row.pk, actor=STRANGER)
    with pytest.raises(Missing):
        lists.decline(row.pk, "no", actor=STRANGER)
    assert ListVersion.objects.get(pk=row.pk).state == "draft"


def test_an_officer_alone_imports_nothing_at_once(home: Path) -> None:
    with pytest.raises(Denied):
        lists.import_list(FIRST, actor=STEWARD)
    assert not Listing.objects.exists()


def test_by_command_only_a_first_version_is_in_force_at_once(first: ListVersion) -> None:
    told = Event.objects.filter(type="list.imported").order_by("id").last()
    assert told is not None and told.actor == "SETUP"
    assert json.loads(told.content.content)["reason"] == versions.AT_SETUP
    assert "satu orang" in str(lists.reason_of(first))
    row = lists.import_list(NEXT, actor=OPERATOR).versions[0]
    assert (row.state, in_force()) == ("draft", {"tangkal:T-1", "tangkal:T-2"})
    with pytest.raises(Denied):
        lists.publish(row.pk, actor=OPERATOR)
    lists.publish(row.pk, actor=SECOND)
    assert in_force() == {"tangkal:T-2", "tangkal:T-3"}


def test_a_draft_changes_nothing_and_keeps_its_bytes(first: ListVersion) -> None:
    before = in_force()
    row = drafted()
    assert (row.added, row.changed, row.removed, row.kept) == (1, 1, 1, 0)
    assert in_force() == before and Roll.objects.get(pk="tangkal").version == 1
    assert fetch(row.files[0]) == NEXT
    change = row.changes.get(entity_id="T-2")
    assert [(f.label.en, f.before.en, f.after.en) for f in preview.differing(change)] == [
        ("date of birth", "", "04-03-1971")
    ]


def test_who_drafted_it_does_not_put_it_in_force_nor_does_a_post(first: ListVersion) -> None:
    row = drafted()
    for actor in (STEWARD, AT_POST):
        with pytest.raises(Denied):
            lists.publish(row.pk, actor=actor)
    assert Roll.objects.get(pk="tangkal").version == 1


def test_a_second_person_puts_it_in_force_and_lookups_follow(first: ListVersion) -> None:
    assert in_force() == {"tangkal:T-1", "tangkal:T-2"}
    index = current().index
    lists.publish(drafted().pk, actor=SECOND)
    assert in_force() == {"tangkal:T-2", "tangkal:T-3"}
    assert current().index is index, "taken over, not built anew"
    assert Listing.objects.get(entity_id="T-1").removed_at is not None
    first.refresh_from_db()
    assert (first.state, Roll.objects.get(pk="tangkal").version) == ("followed", 2)
    told = Event.objects.filter(type="list.imported").order_by("id").last()
    assert told is not None and told.actor == "IMI-2"


def test_a_removed_entry_comes_back_with_a_later_version(first: ListVersion) -> None:
    lists.publish(drafted().pk, actor=SECOND)
    row = drafted(FIRST)
    assert (row.added, row.changed, row.removed) == (1, 1, 1)
    lists.publish(row.pk, actor=SECOND)
    assert in_force() == {"tangkal:T-1", "tangkal:T-2"}
    assert Listing.objects.filter(roll="tangkal").count() == 3


def test_of_two_who_approve_the_later_is_told(first: ListVersion) -> None:
    row = drafted()
    lists.publish(row.pk, actor=SECOND)
    third = Actor("9", "IMI-9", "Third", "IMI", None, BOTH)
    with pytest.raises(Rejected, match="IMI-2"):
        lists.publish(row.pk, actor=third)
    assert Roll.objects.get(pk="tangkal").version == 2


def test_a_newer_draft_puts_the_older_away(first: ListVersion) -> None:
    old, new = drafted(), drafted(FIRST)
    old.refresh_from_db()
    assert (old.state, new.state) == ("declined", "draft")
    with pytest.raises(Rejected):
        lists.publish(old.pk, actor=SECOND)


def test_a_draft_on_another_version_cannot_stand(first: ListVersion) -> None:
    row = drafted()
    put(FIRST.replace(b"one", b"uno"))
    ListVersion.objects.filter(pk=row.pk).update(state="draft")
    with pytest.raises(Denied):
        lists.publish(row.pk, actor=SECOND)


def test_a_draft_is_put_away_only_with_a_reason(first: ListVersion) -> None:
    row = drafted()
    with pytest.raises(Rejected):
        lists.decline(row.pk, "  ", actor=SECOND)
    lists.decline(row.pk, "wrong file", actor=SECOND)
    row.refresh_from_db()
    assert (row.state, row.reason, in_force()) == (
        "declined",
        "wrong file",
        {"tangkal:T-1", "tangkal:T-2"},
    )


def test_bad_rows_are_told_with_place_and_mend_and_stop_no_other(first: ListVersion) -> None:
    row = drafted(NEXT + b"tangkal,,NO ID,,,\nnobody,T-9,X,,,\n")
    assert (row.added, row.fault_count) == (1, 2)
    assert [f["place"] for f in row.faults] == ["line 4, id", "line 5"]
    assert all(f["mend"]["id"] and f["mend"]["en"] for f in row.faults)


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", b"<CONSOLIDATED_LIST>", b"{}", b"\x1f\x8bx", HEAD]
)
def test_a_file_without_an_entry_is_refused_and_its_bytes_are_kept(
    first: ListVersion, data: bytes
) -> None:
    with pytest.raises(Rejected) as refused:
        drafted(data)
    assert refused.value.mend.id
    assert not ListVersion.objects.filter(state="draft").exists()


def test_each_fact_tells_the_version_that_brought_it(first: ListVersion) -> None:
    lists.publish(drafted().pk, actor=SECOND)
    facts, changes = preview.provenance("tangkal", "T-2")
    told = {f.label.en: (f.version.number, f.place) for f in facts}
    assert told["name"] == (1, "line 3") and told["date of birth"] == (2, "line 2")
    assert [c.version.number for c in changes] == [2, 1]


def test_an_unchanged_file_makes_an_empty_difference(first: ListVersion) -> None:
    row = drafted(FIRST)
    assert (row.added, row.changed, row.removed, row.kept) == (0, 0, 0, 2)
    assert not ListChange.objects.filter(version=row).exists()
