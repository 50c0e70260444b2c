"""How loud a rule speaks: by what the law surely says, and never by a family name."""

from __future__ import annotations

from typing import Any

import pytest

from tapal.core.finding import Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.kinds.crossing import CROSSING
from tests.kinds.builders import legal_row
from tests.kinds.crossing.cases import (
    CHILD,
    MALAYSIAN,
    OUT,
    PASS,
    PASS_OUT,
    PASSPORT,
    PERSON,
    SARAWAK_PASS,
    before,
    crossing,
    entered,
    home,
    knows,
    to,
)


def findings(name: str, record: RecordView, known: Context | None = None) -> list[Finding]:
    rule = next(rule for rule in CROSSING.rules if rule.name == name)
    return list(rule.check(record, known or knows()))


def weight(name: str, record: RecordView, known: Context | None = None) -> Weight:
    (finding,) = findings(name, record, known)
    return finding.weight


def test_a_stay_over_every_source_alerts_one_between_sources_is_looked_at() -> None:
    """Malaysia: 14 days by one source, 30 by another; both are shown."""
    out = crossing(direction="exit", document=SARAWAK_PASS, person=MALAYSIAN)

    def stayed(days: int) -> Finding:
        known = entered(days, document=SARAWAK_PASS, person=MALAYSIAN)
        (finding,) = findings("overstay", out, known)
        return finding

    between, over = stayed(20), stayed(40)
    assert (between.weight, over.weight) == (Weight.LOOK, Weight.ALERT)
    assert between.disputed
    assert between.compared[0].theirs == "14 / 30"
    assert "14: " in between.text.id and "30: " in between.text.id
    assert "petugas memutuskan dan menandatangani" in between.text.id
    assert len(between.cites) == 2


def test_law_that_was_read_alerts_unread_law_is_looked_at() -> None:
    assert weight("overstay", PASS_OUT, entered(14, document=PASS)) is Weight.ALERT
    assert weight("overstay", OUT, entered(41)) is Weight.LOOK
    assert weight("border_pass_residence", home("53.21.01")) is Weight.ALERT
    assert weight("border_pass_residence", home("91.01.01", place="PLBN-16")) is Weight.LOOK


def test_what_the_entry_gave_needs_no_law() -> None:
    known = entered(12, stay={"permitted_days": 10})
    (finding,) = findings("overstay", OUT, known)
    assert finding.weight is Weight.ALERT
    assert finding.data == {"days_over": 2}
    assert finding.cites == ()


def test_a_length_that_nobody_entered_is_said_and_not_counted() -> None:
    row = legal_row("plb.stay_days", None, sure="unchecked", neighbour="TLS")
    known = knows(before(200, document=PASS), legal=[row])
    assert weight("overstay", PASS_OUT, known) is Weight.NOTE
    same_day = knows(before(minutes=90, document=PASS), legal=[row])
    assert findings("overstay", PASS_OUT, same_day) == []


def test_an_extension_that_the_entry_recorded_counts_as_well() -> None:
    known = entered(19, document=PASS, extensions=1)
    assert findings("overstay", PASS_OUT, known) == []


def test_more_extensions_than_allowed_win_no_days() -> None:
    leaving = crossing(direction="exit", document=PASS, extensions=9)
    assert weight("overstay", leaving, entered(31, document=PASS)) is Weight.ALERT


@pytest.mark.parametrize(
    ("capture", "expected"),
    [
        ("form", Weight.ALERT),
        ("table", Weight.ALERT),
        ("carrier_list", Weight.LOOK),
        ("document_scan", Weight.LOOK),
    ],
)
def test_a_minor_alerts_only_where_evidence_could_be_asked(capture: str, expected: Weight) -> None:
    record = crossing(person=CHILD, capture=capture)
    assert weight("minor_without_guardian_evidence", record) is expected


def test_a_minors_family_name_changes_nothing() -> None:
    def said(guardian: dict[str, Any]) -> list[Weight]:
        record = crossing(person=CHILD, guardian=guardian)
        return [f.weight for f in findings("minor_without_guardian_evidence", record)]

    same, other = "MARIA SOARES", "BETE LUAN"
    assert said({"name": same}) == said({"name": other}) == [Weight.ALERT]
    shown = {"evidence": ["consent_letter"]}
    assert said({"name": same, **shown}) == said({"name": other, **shown}) == []


def test_a_letter_that_the_law_does_not_name_is_no_evidence() -> None:
    record = crossing(person=CHILD, guardian={"evidence": ["surat RT"]})
    assert findings("minor_without_guardian_evidence", record)


def test_a_wrong_check_digit_that_a_misreading_explains_is_looked_at() -> None:
    def zone(**more: Any) -> RecordView:
        return crossing(mrz={"layout": "TD3", "lines": [], "wrong": ["birth", "composite"], **more})

    assert weight("check_digit_wrong", zone()) is Weight.ALERT
    assert weight("check_digit_wrong", zone(suggestions={"birth": "740812"})) is Weight.LOOK


def test_gaps_in_movements_are_notes() -> None:
    leaving = crossing(direction="exit")
    assert weight("exit_without_entry", leaving) is Weight.NOTE
    assert weight("entry_while_inside", crossing(), knows(before(3))) is Weight.NOTE


def test_a_citizens_expired_passport_is_to_be_clarified() -> None:
    record = crossing(
        person={**PERSON, "nationality": "IDN"}, document={**PASSPORT, "expires": "2020-01-01"}
    )
    (finding,) = findings("document_expired", record)
    assert "bukan penolakan" in finding.text.id
    (foreign,) = findings(
        "document_expired", crossing(document={**PASSPORT, "expires": "2020-01-01"})
    )
    assert "bukan penolakan" not in foreign.text.id


def test_a_pass_on_the_wrong_neighbours_line_alerts_though_the_post_list_is_unread() -> None:
    assert weight("border_pass_post", crossing(document=PASS, place="PLBN-16")) is Weight.ALERT


def test_a_destination_that_nobody_recognises_is_looked_at() -> None:
    (finding,) = findings("border_pass_destination", home(destination=to("Kampung Baru")))
    assert finding.weight is Weight.LOOK
    assert "tidak dikenali" in finding.text.id


def test_every_finding_speaks_indonesian_of_unread_law() -> None:
    (finding,) = findings("overstay", OUT, entered(41))
    assert "belum diverifikasi" in finding.text.id
    assert "unchecked" not in finding.text.id
