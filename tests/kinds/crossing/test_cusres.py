"""What a carrier is told: who may board, who is referred, who may not, and never why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tapal.core.errors import Rejected
from tapal.core.reply import Answer, Standing
from tapal.formats import edifact
from tapal.kinds.crossing import CROSSING
from tapal.kinds.crossing.cusres import BOARD, CUSRES, DO_NOT_BOARD, REFERRED
from tests.kinds.builders import NOW, view
from tests.kinds.crossing.cases import CITIZEN, PASSPORT, PERSON
from tests.kinds.crossing.desk import SIGNER, Desk, listed, proposed

GOLDEN = Path(__file__).parent / "cusres"
CODES = {BOARD: "0Z", REFERRED: "2Z", DO_NOT_BOARD: "1Z"}
FLIGHT = (CROSSING.samples / "paxlst" / "flight_d02b.edi").read_bytes()
# Separators in values, an unknown syntax, a test indicator, one booking for two persons.
HARD = (
    b"UNB+SIRE:4+KAPAL?'LAUT:ZZ:A+IMI?+GRASI+260310:0100+X9++++++1'UNH+7+PAXLST:D:05B:UN'"
    b"BGM+745'RFF+TN:b?:77?+1'TDT+20+KL?+09'NAD+FL+++SATU'RFF+AVF:pnr?'1'"
    b"NAD+FL+++DUA'RFF+AVF:pnr?'1'UNT+8+7'UNZ+1+X9'"
)


def answer(data: bytes, *states: str, refers_to: str = "", number: str = "1") -> bytes:
    told = dict(zip(CUSRES.places(data), states, strict=True))
    at = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
    return CUSRES.write(data, Answer(f"R{number:0>13}", refers_to, at, told, CODES))


def standing(body: dict[str, Any], **more: Any) -> Standing:
    return Standing(view("crossing", body, occurred_at=NOW), **more)


def of(desk: Desk, **more: Any) -> str:
    return CUSRES.state(standing(desk.body, **more))


def golden(name: str) -> str:
    return "".join((GOLDEN / name).read_text().splitlines())


def test_a_flight_is_answered_as_the_standard_writes_it() -> None:
    written = answer(FLIGHT, BOARD, REFERRED, DO_NOT_BOARD, REFERRED)
    assert written.decode() == golden("flight_d02b.edi")


def test_a_changed_answer_refers_to_the_first_and_values_are_released() -> None:
    written = answer(HARD, BOARD, DO_NOT_BOARD, refers_to="R0000000000001", number="2")
    assert written.decode("latin-1") == golden("changed.edi")


@pytest.mark.parametrize("data", [FLIGHT, HARD], ids=["flight", "hard"])
def test_the_syntax_is_right_and_nothing_of_a_person_is_in_it(data: bytes) -> None:
    written = answer(data, *[REFERRED] * len(CUSRES.places(data)))
    found = list(edifact.messages(written))
    assert [m.problems for m in found] == [[]] and found[0].closed
    for word in (b"SOARES", b"MARIA", b"C0123456", b"880214", b"SATU", b"CHEN"):
        assert word not in written


@pytest.mark.parametrize(
    "heading", [b"BGM+266+CLOB'", b"BGM+745+XR'", b"BGM+336'", b"BGM+745+CLNB'"]
)
def test_lists_that_ask_nothing_are_not_answered(heading: bytes) -> None:
    with pytest.raises(Rejected):
        CUSRES.places(FLIGHT.replace(b"BGM+745'", heading))


def test_who_does_not_say_who_he_is_is_not_answered() -> None:
    data = FLIGHT[FLIGHT.index(b"UNH") : FLIGHT.index(b"UNZ")]
    with pytest.raises(Rejected) as wrong:
        answer(data, *[BOARD] * 4)
    assert wrong.value.place == "UNB 1"


def test_nothing_that_waits_boards() -> None:
    assert of(Desk()) == BOARD
    assert of(Desk(), waits=True) == REFERRED


def test_one_who_could_not_be_read_is_referred() -> None:
    assert CUSRES.state(Standing()) == REFERRED


def test_do_not_board_is_an_officers_signature_alone() -> None:
    desk = proposed(listed("tangkal"))
    assert of(desk, waits=True) == REFERRED
    desk.act("sign_refusal", SIGNER)
    assert of(desk) == DO_NOT_BOARD
    # The word alone, without the paper that somebody signed, is none.
    desk.body["decision"].pop("papers")
    assert of(desk) == REFERRED


def test_values_that_clash_keep_nobody_from_boarding() -> None:
    desk = proposed(listed("tangkal"))
    desk.act("sign_refusal", SIGNER)
    assert of(desk, clashes=frozenset({"person.nationality"})) == REFERRED
    assert of(desk, clashes=frozenset({"decision.outcome"})) == REFERRED


def test_who_may_be_a_citizen_is_never_refused_to_board_on_the_way_in() -> None:
    desk = proposed(listed("tangkal"))
    desk.act("sign_refusal", SIGNER)
    desk.body["person"] = dict(CITIZEN)
    assert of(desk) == REFERRED


def test_a_hold_at_exit_is_signed_too() -> None:
    desk = Desk(listed("cegah"), direction="exit", person=dict(CITIZEN))
    desk.act("propose_exit_hold", ground="KEP-1/2026", facts="identitas sama dengan paspor")
    assert of(desk, waits=True) == REFERRED
    desk.act("sign_exit_hold", SIGNER)
    assert of(desk) == DO_NOT_BOARD


def test_the_second_desk_is_a_referral_whatever_it_is_about() -> None:
    desk = Desk(person=PERSON, document=PASSPORT)
    desk.act("second_inspection")
    assert of(desk) == REFERRED
    desk.act("end_second_inspection", result="no_objection", note="semua sesuai")
    assert of(desk) == BOARD


def test_who_was_allowed_boards_although_an_alert_is_open() -> None:
    desk = Desk(listed("dpo"))
    assert of(desk, waits=True) == REFERRED
    desk.act("allow", reason="bukan orang ini, lain tahun lahir")
    assert of(desk, waits=True) == BOARD
