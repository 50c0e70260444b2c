"""Answers to carriers: made once, made anew when a decision changed, and silent on what is withheld."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Missing, Rejected, Unavailable
from tapal.core.marking import Sensitivity
from tapal.flow import decide, raw, reference, replies
from tapal.flow.answering import keep_answers
from tapal.flow.intake import HandIn
from tapal.flow.listed import LISTS
from tapal.flow.queued import hand_in_later
from tapal.flow.report import hand_in
from tapal.flow.sequence import number_all
from tapal.kinds import KINDS
from tapal.store.models import (
    Alert,
    Event,
    Finding,
    LegalRow,
    Listing,
    Message,
    Record,
    Reply,
    ReplyDue,
    Roll,
)

pytestmark = [pytest.mark.road, pytest.mark.django_db(databases=["default", "access"])]

POWERS = frozenset({"counter.decide", "refusal.propose", "refusal.sign", "record.read"})
OFFICER = Actor("1", "IMI-1", "Petugas", "IMI", None, POWERS)
SIGNER = Actor("2", "IMI-2", "Pejabat", "IMI", None, POWERS)
FLIGHT = (KINDS["crossing"].samples / "paxlst" / "flight_d02b.edi").read_bytes()
MARIA, CREW, WEI, NAMELESS = "NAD 2", "NAD 3", "NAD 4", "NAD 5"


@pytest.fixture
def listing(home: Path) -> None:
    """A list of which nobody on the flight is an entry, so that they can be screened."""
    roll = Roll.objects.order_by("code")[0]
    data = {"names": ["NOBODY ABOARD"], "birth_dates": ["1950-01-02"], "nationalities": ["NLD"]}
    Listing.objects.create(roll=roll, entity_id="E1", schema="Person", data=data)
    reference.bump(LISTS)


@pytest.fixture
def flight(listing: None) -> Message:
    # Nothing of the flight alerts by itself, so that each test makes what waits.
    hand_in(FLIGHT, HandIn("flight.edi", "IMI"))
    Finding.objects.update(alert=None)
    return Message.objects.get()


def person(place: str) -> Record:
    return Record.objects.get(source_place=place)


def refuse(place: str) -> None:
    record = str(person(place).id)
    decide.act(record, "propose_refusal", {"ground": "b", "facts": "tanpa dokumen"}, actor=OFFICER)
    decide.act(record, "sign_refusal", actor=SIGNER)


def alerting(place: str, level: Sensitivity) -> None:
    record = person(place)
    now = timezone.now()
    alert = Alert.objects.create(
        scope_id=reference.scope_number("IMI", "crossing", level),
        kind="crossing",
        owner="IMI",
        sensitivity=level,
        reason="t",
        subject="t",
        record=record,
        weight=3,
        opened_at=now,
        last_at=now,
        due_at=now + timedelta(hours=1),
    )
    Finding.objects.create(
        record=record, alert=alert, rule="t", reason="t", weight=3, sensitivity=level,
        text={"id": "x", "en": "x"}, data={}, at=now,
    )  # fmt: skip


def test_each_person_is_answered(flight: Message) -> None:
    made = replies.answer(flight.id)
    assert made.fresh
    assert made.reply.states == {
        MARIA: "board", CREW: "board", WEI: "board", NAMELESS: "referred"
    }  # fmt: skip
    assert replies.bytes_of(made.reply).count(b"ERC+0Z'") == 3


def test_nothing_changed_nothing_new(flight: Message) -> None:
    first, again = replies.answer(flight.id), replies.answer(flight.id)
    assert not again.fresh and again.reply.id == first.reply.id
    assert Event.objects.filter(type="reply.made").count() == 1


def test_a_changed_decision_makes_a_new_one_that_refers_to_the_first(flight: Message) -> None:
    first = replies.answer(flight.id).reply
    refuse(MARIA)
    second = replies.answer(flight.id).reply
    assert second.first == first and second.states[MARIA] == "do_not_board"
    written = replies.bytes_of(second)
    assert f"RFF+ACW:{first.number}'".encode() in written and b"ERC+1Z'" in written
    assert f"BGM+962+{second.number}'".encode() in written
    decide.act(str(person(WEI).id), "second_inspection", actor=OFFICER)
    third = replies.answer(flight.id).reply
    assert third.first == first and third.states[WEI] == "referred"


def test_it_never_says_why(flight: Message) -> None:
    refuse(MARIA)
    alerting(WEI, Sensitivity.CONFIDENTIAL)
    written = replies.bytes_of(replies.answer(flight.id).reply).upper()
    for word in (b"TANPA", b"TOLAK", b"MARIA", b"C0123456", b"TANGKAL", b"DPO", b"IMI-"):
        assert word not in written


def test_what_is_withheld_leaves_no_trace(flight: Message) -> None:
    before = replies.answer(flight.id)
    alerting(WEI, Sensitivity.WITHHELD)
    after = replies.answer(flight.id)
    assert not after.fresh and after.reply.states == before.reply.states


def test_what_waits_is_referred(flight: Message) -> None:
    alerting(WEI, Sensitivity.RESTRICTED)
    assert replies.answer(flight.id).reply.states[WEI] == "referred"


def test_where_nobody_could_be_screened_nobody_boards(home: Path) -> None:
    hand_in(FLIGHT, HandIn("flight.edi", "IMI"))
    assert set(replies.answer(Message.objects.get().id).reply.states.values()) == {"referred"}


def test_one_that_is_not_read_waits(listing: None) -> None:
    kept = hand_in_later(FLIGHT, HandIn("flight.edi", "IMI"))
    with pytest.raises(Unavailable):
        replies.answer(kept.id)
    with pytest.raises(Missing):
        replies.answer(uuid.uuid4())


def test_other_messages_are_not_answered(home: Path) -> None:
    table = b"name,sex,birth_date,document_number\nDOE,M,1990-01-01,X1\n"
    hand_in(table, HandIn("x.csv", "IMI"))
    with pytest.raises(Rejected):
        replies.answer(Message.objects.get().id)


def test_without_agreed_codes_there_is_no_answer(flight: Message) -> None:
    LegalRow.objects.filter(id="carrier.reply_code:referred").delete()
    reference.bump()
    with pytest.raises(Rejected) as wrong:
        replies.answer(flight.id)
    assert wrong.value.place == "carrier.reply_code:referred"
    assert not Reply.objects.exists()


def test_the_worker_answers_what_came_and_what_changed(flight: Message) -> None:
    number_all()
    while keep_answers():
        pass
    assert Reply.objects.count() == 1 and not ReplyDue.objects.exists()
    refuse(MARIA)
    number_all()
    while keep_answers():
        pass
    assert Reply.objects.count() == 2
    assert Reply.objects.order_by("-id")[0].states[MARIA] == "do_not_board"


def test_a_kill_between_loses_no_answer(flight: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    number_all()
    kept = raw.keep

    def killed(data: bytes) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(raw, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        keep_answers()
    assert not Reply.objects.exists() and ReplyDue.objects.count() == 1
    monkeypatch.setattr(raw, "keep", kept)
    assert keep_answers() == 1 and Reply.objects.count() == 1


def test_what_is_not_screened_yet_is_looked_at_again(home: Path) -> None:
    hand_in(FLIGHT, HandIn("flight.edi", "IMI"))
    number_all()
    while keep_answers():
        pass
    assert ReplyDue.objects.get().at > timezone.now()
