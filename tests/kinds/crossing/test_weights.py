"""How loud a rule speaks: by what the law surely says, and never by a family name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tapal.core.finding import Finding, Weight
from tapal.core.legal import Confidence, LegalRow
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
    RULE_CASES,
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
    assert between.text.id == (
        "Tinggal 20 hari sejak 18-02-2026 (PLBN Motaain). Batas pas lintas batas 14 atau 30 hari: "
        "menurut batas 14 hari lewat 6 hari; menurut batas 30 hari belum lewat. "
        "Sumber berbeda: petugas memutuskan dan menandatangani."
    )
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


def test_a_length_that_nobody_entered_is_asked_for_only_beyond_every_other_agreement() -> None:
    """At a busy post a missing value must not speak on each return."""
    rows = [
        legal_row("plb.stay_days", None, sure="unchecked", neighbour="TLS"),
        legal_row("plb.max_days", 30, neighbour="MYS"),
    ]

    def said(days: float) -> list[Finding]:
        return findings("overstay", PASS_OUT, knows(before(days, document=PASS), legal=rows))

    assert said(30) == []
    (asked,) = said(200)
    assert asked.weight is Weight.LOOK
    assert "belum diisi" in asked.text.id and "30 hari" in asked.text.id


def test_a_stay_joined_by_name_and_birth_date_alone_is_never_an_alert() -> None:
    other = {**PASS, "number": "TL000009"}
    (finding,) = findings("overstay", PASS_OUT, entered(40, document=other))
    assert finding.weight is Weight.LOOK
    assert "pastikan orangnya sama" in finding.text.id


def test_a_day_over_by_an_unread_way_of_counting_is_looked_at() -> None:
    def counted(sure: Confidence, days: int) -> list[Weight]:
        rows = [
            legal_row("plb.stay_days", 10, neighbour="TLS"),
            legal_row("crossing.entry_day_counts", True, sure=sure),
        ]
        known = knows(before(days, document=PASS), legal=rows)
        return [f.weight for f in findings("overstay", PASS_OUT, known)]

    assert counted("unchecked", 9) == counted("checked", 9) == []
    assert counted("unchecked", 10) == [Weight.LOOK]
    assert counted("checked", 10) == counted("unchecked", 11) == [Weight.ALERT]


def test_days_are_those_of_the_posts_own_calendars() -> None:
    """In at Motaain on 1 March, 00.30 WITA (28 February, UTC); out on the 11th: ten days."""
    came = crossing(datetime(2026, 2, 28, 16, 30, tzinfo=UTC), id="r-0", document=PASS)
    for hour, over in ((15, 0), (17, 1)):  # 23.00 on the 11th, 01.00 on the 12th
        leaves = crossing(
            datetime(2026, 3, 11, hour, 0, tzinfo=UTC), direction="exit", document=PASS
        )
        assert len(findings("overstay", leaves, knows(came))) == over


def test_sentences_carry_no_citation_the_rows_stand_beside() -> None:
    """An officer must be able to say the sentence aloud."""
    for case in RULE_CASES:
        if case.fires:
            for finding in findings(case.rule, case.record, case.context):
                for row in finding.cites:
                    assert row.citation not in finding.text.id, finding.text.id
                assert ".." not in finding.text.id and " ." not in finding.text.id
                assert len(finding.text.id) < 330, finding.text.id


def test_one_who_may_be_a_citizen_is_to_be_clarified_as_well() -> None:
    """No nationality read, a second one, or a passport of ours with another State in its field."""
    ours = {**PASSPORT, "issuing_state": "IDN", "expires": "2020-01-01"}
    for person in (
        {**PERSON, "nationality": None},
        {**PERSON, "nationality": "XXX"},
        {**PERSON, "other_nationalities": ["IDN"]},
        PERSON,
    ):
        (finding,) = findings("document_expired", crossing(person=person, document=ours))
        assert "bukan penolakan" in finding.text.id


def test_another_post_on_the_way_back_is_a_note_until_a_row_says_more() -> None:
    def back(*rows: LegalRow) -> Weight:
        known = knows(before(2, document=PASS, place="PLBN-13"), legal=rows)
        return weight("border_pass_other_post", PASS_OUT, known)

    topic = "plb.return_by_same_post"
    assert back() is Weight.NOTE
    assert back(legal_row(topic, None, sure="unchecked", neighbour="TLS")) is Weight.NOTE
    assert back(legal_row(topic, True, sure="unchecked", neighbour="TLS")) is Weight.LOOK
    assert back(legal_row(topic, True, neighbour="TLS")) is Weight.ALERT


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
