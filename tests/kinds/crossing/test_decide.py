"""What the screen may offer is what the law gives, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from pydantic import ValidationError

from tapal.core.actions import Occasion
from tapal.core.errors import Rejected
from tapal.core.finding import Finding
from tapal.kinds.crossing import CROSSING
from tests.kinds.builders import NOW, context, view
from tests.kinds.crossing.cases import CITIZEN, PASSPORT, PERSON
from tests.kinds.crossing.desk import ALERT, OFFICER, SIGNER, Desk, listed, proposed


@pytest.mark.parametrize(
    "findings", [(), (ALERT,), (listed("tangkal"), listed("dpo"), listed("interpol_red"))]
)
def test_a_citizens_entry_is_clarified_never_refused(findings: Iterable[Finding]) -> None:
    desk = Desk(*findings, person=CITIZEN)
    assert "clarify" in desk.offers()
    assert not {"propose_refusal", "sign_refusal"} & desk.offers()


def test_who_may_be_a_citizen_is_not_refused_either() -> None:
    desk = Desk(person={**PERSON, "nationality": None})
    assert "clarify" in desk.offers()
    assert "propose_refusal" not in desk.offers()


@pytest.mark.parametrize(
    "fields",
    [
        {"person": {**PERSON, "nationality": "XXX"}},
        {"person": {**PERSON, "other_nationalities": ["IDN"]}},
        {"document": {**PASSPORT, "issuing_state": "IDN"}},
        {"document": {**PASSPORT, "document_class": "border_pass", "issuing_state": "IDN"}},
        {"further_documents": [{**PASSPORT, "number": "X1", "issuing_state": "IDN"}]},
    ],
    ids=["unspecified", "second nationality", "our passport", "our border pass", "second passport"],
)
def test_doubt_about_citizenship_is_clarified_before_anybody_may_refuse(
    fields: dict[str, Any],
) -> None:
    desk = Desk(listed("tangkal"), **fields)
    assert "clarify" in desk.offers() and "propose_refusal" not in desk.offers()
    desk.act("clarify", reason="paspor Indonesia, kewarganegaraan TLS")
    outcome = desk.act(
        "settle_citizenship", SIGNER, nationality="tls", evidence="paspor dan keterangan konsulat"
    )
    assert outcome.closes == ("clarify_citizenship",)
    assert desk.body["person"]["nationality"] == "TLS"
    assert "propose_refusal" in desk.offers() and "clarify" not in desk.offers()


def test_one_who_is_found_to_be_a_citizen_cannot_be_refused() -> None:
    desk = Desk(document={**PASSPORT, "issuing_state": "IDN"})
    desk.act("clarify", reason="paspor Indonesia, kewarganegaraan TLS")
    desk.act("settle_citizenship", SIGNER, nationality="IDN", evidence="akta kelahiran, KTP")
    assert desk.body["decision"]["citizenship"] == "citizen"
    assert "propose_refusal" not in desk.offers()
    assert "allow" in desk.offers()


def test_a_state_that_is_none_settles_nothing() -> None:
    desk = Desk(person={**PERSON, "nationality": None})
    desk.act("clarify", reason="tanpa kewarganegaraan")
    for state in ("QQQ", "XXX"):
        with pytest.raises(Rejected):
            desk.act("settle_citizenship", SIGNER, nationality=state, evidence="tidak ada apa pun")


def test_a_visa_of_ours_makes_nobody_a_citizen() -> None:
    visa = {"document_class": "visa", "number": "V1", "issuing_state": "IDN"}
    assert "propose_refusal" in Desk(further_documents=[visa]).offers()


def test_a_refusal_that_was_proposed_cannot_be_signed_for_one_found_to_be_a_citizen() -> None:
    desk = proposed()
    desk.body["person"]["nationality"] = "IDN"
    assert "sign_refusal" not in desk.offers(SIGNER)


def test_clarifying_opens_a_task_and_keeps_the_reason() -> None:
    outcome = Desk(person=CITIZEN).act("clarify", reason="paspor habis, KTP dibawa")
    assert [task.name for task in outcome.tasks] == ["clarify_citizenship"]
    assert outcome.changes["decision.reason"] == "paspor habis, KTP dibawa"


def test_a_refusal_names_its_ground_and_goes_to_another_to_sign() -> None:
    desk = Desk()
    outcome = desk.act("propose_refusal", ground="d", facts="tidak memiliki visa kunjungan")
    assert [(task.name, task.power) for task in outcome.tasks] == [("sign_refusal", "refusal.sign")]
    assert desk.body["decision"]["ground"] == "d"
    assert "sign_refusal" not in desk.offers(OFFICER)
    signed = desk.act("sign_refusal", SIGNER)
    assert [paper.into for paper in signed.documents] == ["decision.papers"]
    assert signed.settles_alerts
    assert "sign_refusal" in signed.closes


@pytest.mark.parametrize("answers", [{}, {"ground": "z", "facts": "lima kata"}, {"ground": "b"}])
def test_a_refusal_without_a_lawful_ground_or_facts_is_not_taken(answers: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Desk().act("propose_refusal", **answers)


def test_an_entry_ban_suggests_its_own_ground() -> None:
    outcome = Desk(listed("tangkal")).act("propose_refusal", facts="cocok dengan daftar tangkal")
    assert outcome.changes["decision.ground"] == "a"


def test_without_a_ground_in_the_legal_rows_nothing_can_be_refused() -> None:
    desk = Desk()
    at_hand = desk.occasion(OFFICER)
    bare = Occasion(at_hand.record, (), context(legal=()), OFFICER)
    action = CROSSING.action("propose_refusal")
    assert action is not None
    assert not action.offered(bare)


def test_a_proposal_may_be_sent_back() -> None:
    desk = proposed()
    outcome = desk.act("return_refusal", SIGNER, reason="dokumen ditemukan kemudian")
    assert desk.body["decision"]["outcome"] == "back_at_counter"
    assert "sign_refusal" in outcome.closes
    assert "propose_refusal" in desk.offers()


def test_an_exit_is_held_under_an_exit_ban_only() -> None:
    assert "propose_exit_hold" not in Desk(listed("tangkal"), direction="exit").offers()
    assert "propose_exit_hold" not in Desk(listed("cegah")).offers()
    desk = Desk(listed("cegah"), direction="exit", person=dict(CITIZEN))
    assert "propose_refusal" not in desk.offers()
    desk.act("propose_exit_hold", ground="IMI/CEGAH/12/2026", facts="nama dan lahir cocok")
    assert "sign_exit_hold" not in desk.offers(OFFICER)
    assert desk.act("sign_exit_hold", SIGNER).documents[0].form == "TUNDA-KELUAR"


def test_allowing_asks_a_reason_only_where_something_alerts() -> None:
    plain = Desk()
    plain.act("allow")
    assert plain.body["decision"]["outcome"] == "admitted"
    with pytest.raises(ValidationError):
        Desk(ALERT).act("allow")
    outcome = Desk(ALERT).act("allow", reason="dokumen pengganti ditunjukkan")
    assert outcome.changes["decision.reason"] == "dokumen pengganti ditunjukkan"


@pytest.mark.parametrize("done", ["admitted", "refused", "exit_held"])
def test_what_is_decided_is_not_decided_again(done: str) -> None:
    offers = Desk(listed("cegah"), decision={"outcome": done}).offers()
    assert offers <= {"fear_of_return", "second_inspection"}


@pytest.mark.parametrize(
    ("nationality", "languages"),
    [
        ("TLS", ("id", "en", "tet", "pt")),
        ("PNG", ("id", "en", "tpi")),
        ("MYS", ("id", "en", "ms")),
        ("PHL", ("id", "en", "fil")),
        ("VNM", ("id", "en")),
    ],
)
def test_the_notice_of_refusal_in_the_travellers_language(
    nationality: str, languages: tuple[str, ...]
) -> None:
    desk = proposed(person={**PERSON, "nationality": nationality})
    desk.act("sign_refusal", SIGNER)
    record = view("crossing", desk.body, occurred_at=NOW)
    sheet = next(sheet for sheet in CROSSING.sheets if sheet.name == "refusal_notice")
    assert sheet.ready(record)
    assert sheet.languages(record) == languages
    for language in languages:
        page = sheet.render(record, context(), language)
        text = " ".join(page.paragraphs)
        assert "SOARES" in text
        assert "tidak membawa dokumen perjalanan" in text
        assert "pasal 13 ayat (1) huruf b" in text
        assert page.language == language
        assert "{" not in text


def test_an_unverified_translation_says_so() -> None:
    desk = proposed()
    desk.act("sign_refusal", SIGNER)
    record = view("crossing", desk.body, occurred_at=NOW)
    sheet = next(sheet for sheet in CROSSING.sheets if sheet.name == "refusal_notice")
    assert "não foi verificada" in sheet.render(record, context(), "pt").paragraphs[-1]
    assert "verified" not in sheet.render(record, context(), "en").paragraphs[-1]


def test_the_slip_is_for_those_who_were_allowed() -> None:
    desk = Desk()
    sheet = next(sheet for sheet in CROSSING.sheets if sheet.name == "crossing_slip")
    assert not sheet.ready(view("crossing", desk.body))
    desk.act("allow")
    page = sheet.render(view("crossing", desk.body, occurred_at=NOW), context(), "en")
    assert ("Direction", "entry") in [(label.en, value) for label, value in page.rows]
