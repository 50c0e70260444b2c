"""The second desk and fear of return: what waits, what is said of it, and that the two look alike."""

from __future__ import annotations

from typing import Any

import pytest

from tapal.core.actions import Outcome
from tapal.core.marking import Sensitivity
from tapal.core.redaction import leaf_path
from tapal.kinds.crossing import CROSSING
from tapal.kinds.crossing.acts.stops import ANOTHER_DESK, PROTECTION
from tests.kinds.crossing.cases import CITIZEN
from tests.kinds.crossing.desk import ALERT, DUTY, OFFICER, SIGNER, Desk, listed, proposed

ENDED: dict[str, Any] = {"result": "grounds_found", "note": "tidak membawa dokumen perjalanan"}
REFUSAL: dict[str, Any] = {"ground": "b", "facts": "tidak membawa dokumen perjalanan"}
HOLD: dict[str, Any] = {"ground": "IMI/CEGAH/12/2026", "facts": "nama dan lahir cocok"}


def test_second_inspection_tells_the_counter_no_reason() -> None:
    desk = Desk(ALERT)
    (task,) = desk.act("second_inspection").tasks
    assert "expired" not in task.text.en
    assert "second_inspection" not in desk.offers()


def test_while_the_second_desk_has_the_person_nobody_proposes_against_him() -> None:
    for desk, key in (
        (Desk(), "propose_refusal"),
        (Desk(listed("cegah"), direction="exit"), "propose_exit_hold"),
    ):
        assert key in desk.offers() and not desk.waits()
        desk.act("second_inspection")
        assert key not in desk.offers()
        assert desk.waits() == {key: ANOTHER_DESK}
        desk.act("end_second_inspection", **ENDED)
        assert key in desk.offers() and not desk.waits()


def test_the_second_desk_ends_with_one_of_its_own_results() -> None:
    desk = Desk()
    assert "end_second_inspection" not in desk.offers()
    desk.act("second_inspection")
    outcome = desk.act("end_second_inspection", **ENDED)
    assert outcome.closes == ("second_inspection",)
    assert desk.body["decision"]["second_desk"] == "grounds_found"
    assert desk.body["decision"]["outcome"] == "back_at_counter"
    assert {"second_inspection", "allow"} <= desk.offers()


def test_allowing_ends_the_second_desk_too() -> None:
    desk = Desk()
    desk.act("second_inspection")
    assert desk.act("allow").closes[0] == "second_inspection"
    assert desk.body["decision"]["second_desk"] == "no_objection"


def test_a_record_from_before_the_field_is_at_the_second_desk_by_its_outcome() -> None:
    desk = Desk(decision={"outcome": "second_inspection"})
    assert "propose_refusal" not in desk.offers()
    desk.act("end_second_inspection", **ENDED)
    assert "propose_refusal" in desk.offers()


@pytest.mark.parametrize("heard", ["second_inspection", "fear_of_return"])
def test_a_proposal_that_was_made_waits_for_the_second_desk_and_stays(heard: str) -> None:
    """The ordinary stop is the cover of the other."""
    desk = proposed()
    outcome = desk.act(heard)
    assert outcome.closes == ()
    assert desk.body["decision"]["outcome"] == "refusal_proposed"
    assert "sign_refusal" not in desk.offers(SIGNER)
    assert "return_refusal" in desk.offers(SIGNER)
    assert desk.waits(SIGNER) == {"sign_refusal": ANOTHER_DESK}


def test_an_ordinary_proposal_is_signed_after_the_second_desk() -> None:
    desk = proposed()
    desk.act("second_inspection")
    desk.act("end_second_inspection", **ENDED)
    assert desk.act("sign_refusal", SIGNER).documents[0].form == "TOLAK-MASUK"


def afraid(way: str, *, first: bool) -> Desk:
    """One who fears to return, the second desk ended, a refusal or a hold proposed before or after."""
    findings = (listed("cegah"),) if way == "hold" else ()
    desk = Desk(*findings, direction="exit" if way == "hold" else "entry")
    name, answers = ("propose_exit_hold", HOLD) if way == "hold" else ("propose_refusal", REFUSAL)
    if first:
        desk.act(name, **answers)
    desk.act("fear_of_return", words="takut dipenjara")
    desk.act("end_second_inspection", **ENDED)
    if not first:
        desk.act(name, **answers)
    return desk


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(("way", "key"), [("hold", "sign_exit_hold"), ("refuse", "sign_refusal")])
def test_nothing_is_signed_against_one_who_is_afraid(way: str, key: str, first: bool) -> None:
    desk = afraid(way, first=first)
    assert key not in desk.offers(SIGNER)
    assert desk.waits(SIGNER) == {key: ANOTHER_DESK}
    assert desk.waits(DUTY) == {key: PROTECTION}, "who is responsible sees the truth"
    assert "protection" not in ANOTHER_DESK.en and "fear" not in ANOTHER_DESK.en


def test_it_is_signed_when_the_protection_procedure_has_ended() -> None:
    desk = afraid("refuse", first=True)
    assert "end_protection" not in desk.offers(DUTY), "nobody has taken the case"
    desk.act("receive_fear", DUTY)
    assert "sign_refusal" not in desk.offers(SIGNER)
    desk.act("end_protection", DUTY, result="withdrawn", note="didengar sendiri, juru bahasa lain")
    assert "sign_refusal" in desk.offers(SIGNER) and not desk.waits(SIGNER)
    assert "end_protection" not in desk.offers(DUTY)


def test_fear_expressed_again_after_a_procedure_ended_begins_another() -> None:
    desk = afraid("refuse", first=True)
    desk.act("receive_fear", DUTY)
    desk.act("end_protection", DUTY, result="withdrawn", note="didengar sendiri, juru bahasa lain")
    outcome = desk.act("fear_of_return")
    assert [task.name for task in outcome.tasks] == ["fear_of_return", "second_inspection"]
    assert {"receive_fear"} <= desk.offers(DUTY)
    assert "sign_refusal" not in desk.offers(SIGNER)


def test_fear_of_return_goes_to_the_protection_officers_under_seal() -> None:
    outcome = Desk().act("fear_of_return", words="takut dipenjara", language="tet")
    task, second_desk = outcome.tasks
    assert second_desk.sensitivity is Sensitivity.RESTRICTED
    assert task.sensitivity is Sensitivity.WITHHELD
    assert task.power == "fear_of_return.write"
    assert task.data == {"words": "takut dipenjara", "language": "tet"}
    assert outcome.outward == "second_inspection", "the closed task would name the act"


def with_(*acts: str, **fields: Any) -> Desk:
    desk = Desk(**fields)
    for name in acts:
        desk.act(name, **(REFUSAL if name == "propose_refusal" else {}))
    return desk


@pytest.mark.parametrize(
    "desk",
    [
        with_,
        lambda: with_("allow"),
        lambda: with_("propose_refusal"),
        lambda: with_("second_inspection", "allow"),
        lambda: with_(direction="transit"),
        lambda: with_(direction=None),
        lambda: with_(decision={"outcome": "refused"}),
        lambda: with_(decision={"outcome": "clarification"}),
    ],
    ids=["fresh", "allowed", "proposed", "seen before", "transit", "on a list", "refused", "doubt"],
)
def test_from_wherever_it_is_expressed_the_two_look_alike(desk: Any) -> None:
    quiet, afraid_ = desk(), desk()
    referred, heard = quiet.act("second_inspection"), afraid_.act("fear_of_return")
    assert readable(heard) == readable(referred)
    assert afraid_.body.pop("protection")["fear_of_return"] is True
    assert afraid_.body == quiet.body
    for actor in (OFFICER, SIGNER):
        assert afraid_.offers(actor) - {"receive_fear"} == quiet.offers(actor)
        assert afraid_.waits(actor) == quiet.waits(actor)


def readable(outcome: Outcome) -> tuple[Any, ...]:
    """What is left of an act for one who may not read what is withheld."""
    marks = CROSSING.fields
    changes = {
        path: value
        for path, value in outcome.changes.items()
        if marks[leaf_path(path)].sensitivity < Sensitivity.WITHHELD
    }
    tasks = [t for t in outcome.tasks if t.sensitivity < Sensitivity.WITHHELD]
    return changes, tasks, outcome.documents, outcome.closes, outcome.settles_alerts


def test_at_the_second_desk_it_changes_nothing_that_others_read() -> None:
    desk = Desk()
    desk.act("second_inspection")
    changes, tasks, _, closes, _ = readable(desk.act("fear_of_return"))
    assert (changes, tasks, closes) == ({}, [], ())


def test_what_others_may_read_after_fear_was_expressed_does_not_show_it() -> None:
    quiet_one, afraid = Desk(), Desk()
    opened = quiet_one.act("second_inspection").tasks
    told = afraid.act("fear_of_return").tasks
    assert [t for t in told if t.sensitivity < Sensitivity.WITHHELD] == list(opened)
    readable = {
        path: mark
        for path, mark in CROSSING.fields.items()
        if mark.sensitivity < Sensitivity.WITHHELD
    }
    assert not any(path.startswith("protection") for path in readable)
    assert afraid.body.pop("protection")["fear_of_return"] is True
    assert afraid.body == quiet_one.body
    assert CROSSING.sensitivity(afraid.body) == CROSSING.sensitivity({"protection": {}})


def test_the_protection_officer_takes_the_case_once() -> None:
    desk = Desk()
    desk.act("fear_of_return")
    assert desk.act("receive_fear", SIGNER).closes == ("fear_of_return",)
    assert "receive_fear" not in desk.offers()


def test_the_key_stays_when_it_was_pressed_and_opens_no_second_case() -> None:
    desk = Desk()
    desk.act("fear_of_return")
    assert "fear_of_return" in desk.offers(), "a key that goes away tells the next officer"
    assert desk.act("fear_of_return").tasks == ()


def test_a_citizen_does_not_ask_asylum_here() -> None:
    assert "fear_of_return" not in Desk(person=CITIZEN).offers()
