"""Whose record it is, what a list says of him, and what an alert remembers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.flow import alert, link, listed, reference
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.store.models import Alert, Finding, Identity, Link, Listing

ROW = "P1,1,MARIA BERE SOARES,1990-01-02,TLS:A1234567,,entry"


def hand(row: str, number: str = "1") -> str:
    from tests.flow.parcels import message

    return hand_in(message(row, number=number), HandIn()).items[0].id


def lists(roll: str, **more: object) -> None:
    data = {
        "names": ["SOARES MARIA BERE"],
        "birth_dates": ["1990-01-02"],
        "nationalities": [more.pop("nationality", "TLS")],
        "documents": [["A1234567", "TLS"]],
    }
    Listing.objects.create(
        roll_id=roll, entity_id="E1", schema="Person", data=data, number="N-1", **more
    )
    reference.bump(listed.LISTS)


def rules(record: str) -> set[str]:
    held = Finding.objects.filter(record_id=record, withdrawn_at=None).exclude(rule="parcel_again")
    return set(held.values_list("reason", flat=True))


def test_one_document_one_bearer_is_one_identity(parcels: Path) -> None:
    hand(ROW)
    hand(ROW.replace("MARIA BERE SOARES", "SOARES MARIA BERE"), "2")
    assert Identity.objects.count() == 1
    assert Link.objects.filter(verdict=1).count() == 2


def test_a_shared_document_merges_nobody(parcels: Path) -> None:
    hand(ROW)
    second = hand(ROW.replace("1990-01-02", "1971-05-06").replace("MARIA", "JOAO"), "2")
    assert Identity.objects.count() == 2
    assert "document_shown_by_two_persons" in rules(second)
    told = Finding.objects.get(record_id=second, rule="document_shown_by_two_persons")
    assert (
        "MARIA" not in f"{told.text}{told.data}" and "1990-01-02" not in f"{told.text}{told.data}"
    )


def test_a_person_parts_and_takes_it_back(parcels: Path, owner: Actor, stranger: Actor) -> None:
    record = hand(ROW)
    with pytest.raises(Denied):
        link.part(record, "not she", actor=stranger)
    alone = link.part(record, "not she", actor=owner)
    held = Link.objects.get(record_id=record, verdict=1, undone_at=None)
    assert held.identity == alone
    link.undo_part(record, actor=owner)
    assert Link.objects.get(record_id=record, verdict=1, undone_at=None).basis == "rule"


def test_a_listed_person_alerts_with_sentence_and_values(parcels: Path) -> None:
    lists("sanctions")
    record = hand(ROW)
    found = Finding.objects.get(record_id=record, rule="list_match")
    assert "N-1" in found.text["id"] and found.data["compared"]
    assert Alert.objects.get().reason == "list_match:sanctions"


def test_cegah_holds_at_exit_only(parcels: Path) -> None:
    lists("cegah")
    assert rules(hand(ROW)) == set()
    assert "list_match:cegah" in rules(hand(ROW.replace("entry", "exit"), "2"))


def test_tangkal_never_matches_a_citizen(parcels: Path) -> None:
    lists("tangkal", nationality="TLS")
    assert "list_match:tangkal" in rules(hand(ROW))
    assert rules(hand(ROW.replace("TLS:", "IDN:"), "2")) == set()


def test_an_expired_entry_never_alerts(parcels: Path) -> None:
    lists("sanctions", valid_until=date(2026, 10, 31))
    assert rules(hand(ROW)) == set()


def test_an_entry_not_yet_in_force_never_alerts(parcels: Path) -> None:
    lists("sanctions", valid_from=date(2026, 11, 2))
    assert rules(hand(ROW)) == set()


def test_a_lost_document_concerns_the_document_and_not_the_person(parcels: Path) -> None:
    lists("lost_documents")
    assert rules(hand(ROW)) == {"parcel_document_lost"}
    assert rules(hand(ROW.replace("A1234567", "B7654321"), "2")) == set()


def test_a_cleared_match_stays_cleared_until_its_end(parcels: Path, owner: Actor) -> None:
    lists("sanctions")
    hand(ROW)
    with pytest.raises(Rejected):
        alert.close_alert(Alert.objects.get().id, alert.Outcome.FALSE, " ", actor=owner)
    alert.close_alert(Alert.objects.get().id, alert.Outcome.FALSE, "other mother", actor=owner)
    assert rules(hand(ROW.replace("P1", "P2"), "2")) == set()
    Link.objects.filter(roll="sanctions").update(until=timezone.localdate() - timedelta(days=1))
    assert "list_match:sanctions" in rules(hand(ROW.replace("P1", "P3"), "3"))


def test_a_wrong_key_press_is_undone_with_its_clearance(parcels: Path, owner: Actor) -> None:
    lists("sanctions")
    hand(ROW)
    only = Alert.objects.get().id
    alert.close_alert(only, alert.Outcome.FALSE, "slip", actor=owner)
    alert.reopen_alert(only, actor=owner)
    assert "list_match:sanctions" in rules(hand(ROW.replace("P1", "P2"), "2"))
    assert Alert.objects.get().count == 2


def test_an_alert_is_its_owners(parcels: Path, owner: Actor, stranger: Actor) -> None:
    lists("sanctions")
    hand(ROW)
    only = Alert.objects.get().id
    for act in (alert.take_alert, alert.reopen_alert):
        with pytest.raises((Denied, Missing)):
            act(only, actor=stranger)
    with pytest.raises(Denied):
        alert.close_alert(only, alert.Outcome.FALSE, "no", actor=stranger)
    alert.take_alert(only, actor=owner)
    with pytest.raises(Rejected):
        alert.take_alert(only, actor=Actor("8", "DJBC-8", "", "DJBC", None, owner.powers))


def test_a_name_alone_is_a_look_and_no_alert(parcels: Path) -> None:
    data = {"names": ["MARIA BERE SOARES"]}
    Listing.objects.create(roll_id="dpo", entity_id="E2", schema="Person", data=data, number="N-2")
    reference.bump(listed.LISTS)
    found = Finding.objects.filter(record_id=hand(ROW), rule="list_match")
    assert [f.weight for f in found] in ([], [1])
    assert not Alert.objects.exists()
