"""When each rule of a crossing speaks, and when it stays quiet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tapal.core.record import Place, RecordView
from tapal.core.rules import Context, ListedDocument
from tapal.core.text import same
from tests.kinds.builders import NOW, RuleCase, context, legal_row, view

# A crossing is a pedestrian's from Balibo unless a case says otherwise. Any: JSON.
PERSON: dict[str, Any] = {
    "primary_identifier": "SOARES",
    "secondary_identifier": "MARIA",
    "birth_date": "1988-02-14",
    "nationality": "TLS",
}
PASSPORT: dict[str, Any] = {
    "document_class": "passport",
    "number": "C0123456",
    "issuing_state": "TLS",
    "expires": "2030-06-27",
}
PASS: dict[str, Any] = {
    "document_class": "border_pass",
    "number": "TL884201",
    "issuing_state": "TLS",
    "issued": "2025-06-01",
    "expires": "2026-05-31",
}
VISA: dict[str, Any] = {"document_class": "visa", "number": "V77", "issuing_state": "IDN"}
CITIZEN = {**PERSON, "nationality": "IDN"}
HOME_PASS = {**PASS, "number": "XB000001", "issuing_state": "IDN"}
HOME_PASSPORT = {**PASSPORT, "number": "X0123456", "issuing_state": "IDN"}
MALAYSIAN = {**PERSON, "nationality": "MYS"}
SARAWAK_PASS = {**PASS, "issuing_state": "MYS"}
PAPUAN = {**PERSON, "nationality": "PNG"}
PNG_CARD = {**PASS, "issuing_state": "PNG"}
LONG_AGO = NOW - timedelta(days=500)

MOTAAIN = Place("PLBN-11", "PLBN Motaain", "PLBN", "NTT", "TLS", "Asia/Makassar", -8.952, 124.949)
WINI = Place("PLBN-13", "PLBN Wini", "PLBN", "NTT", "TLS", "Asia/Makassar", -9.181, 124.483)
SKOUW = Place("PLBN-16", "PLBN Skouw", "PLBN", "Papua", "PNG", "Asia/Jayapura", -2.603, 140.997)
NEAR = Place("PLB-99", "Pos dekat", "PLB", "NTT", "TLS", "Asia/Makassar", -8.955, 124.951)
PLACES = {place.id: place for place in (MOTAAIN, WINI, SKOUW, NEAR)}


def crossing(
    at: datetime | None = NOW, *, id: str = "r-1", place: str = "PLBN-11", **fields: Any
) -> RecordView:
    """A crossing on foot, by a Timorese with a passport, in, now, at Motaain."""
    body = {
        "direction": "entry",
        "capture": "table",
        "mode": "foot",
        "person": PERSON,
        "document": PASSPORT,
        **fields,
    }
    return view("crossing", body, id=id, place=place, occurred_at=at)


def before(days: float = 0, minutes: float = 0, **fields: Any) -> RecordView:
    """An earlier crossing of the same document."""
    return crossing(NOW - timedelta(days=days, minutes=minutes), id="r-0", **fields)


def knows(*history: RecordView, since: datetime | None = LONG_AGO, legal: Any = None) -> Context:
    """What a rule knows, with posts that have a position."""
    plain = context(history=history, history_since=since, legal=legal)
    return Context(plain.now, plain.legal, plain.history, plain.history_since, (), PLACES)


def speaks(rule: str, record: RecordView, known: Context | None = None, name: str = "") -> RuleCase:
    return RuleCase(rule, True, record, known or knows(), name)


def quiet(rule: str, record: RecordView, known: Context | None = None, name: str = "") -> RuleCase:
    return RuleCase(rule, False, record, known or knows(), name)


LOST = ListedDocument(
    "lost_documents", same("Dokumen hilang"), "C0123456", "TLS", "IMI", "hilang", "e-1"
)

DOCUMENTS = (
    speaks("document_expired", crossing(document={**PASSPORT, "expires": "2026-03-09"})),
    quiet(
        "document_expired", crossing(document={**PASSPORT, "expires": "2026-03-10"}), name="today"
    ),
    quiet("document_expired", crossing(document={**PASSPORT, "expires": "2026-03"}), name="month"),
    quiet("document_expired", crossing(document={"number": "1"}), name="no_expiry"),
    quiet(
        "document_expired",
        crossing(direction="exit", document={**VISA, "expires": "2026-01-01"}),
        name="a_visa_has_its_own",
    ),
    speaks("visa_expired", crossing(further_documents=[{**VISA, "expires": "2026-03-09"}])),
    speaks("visa_expired", crossing(document={**VISA, "expires": "2026-03-09"}), name="alone"),
    quiet(
        "visa_expired",
        crossing(further_documents=[{**VISA, "expires": "2026-03-10"}]),
        name="today",
    ),
    quiet(
        "visa_expired",
        crossing(direction="exit", further_documents=[{**VISA, "expires": "2026-03-09"}]),
        name="way_out",
    ),
    quiet(
        "visa_expired",
        crossing(further_documents=[{**VISA, "issuing_state": "AUS", "expires": "2026-03-09"}]),
        name="another_states",
    ),
    quiet(
        "visa_expired",
        crossing(person=CITIZEN, further_documents=[{**VISA, "expires": "2026-03-09"}]),
        name="citizen",
    ),
    speaks(
        "dates_contradict", crossing(person={**PERSON, "birth_date": "2026-03-11"}), name="born"
    ),
    speaks("citizenship_unclear", crossing(person={**PERSON, "other_nationalities": ["IDN"]})),
    speaks("citizenship_unclear", crossing(person={**PERSON, "nationality": "XXX"}), name="XXX"),
    speaks(
        "citizenship_unclear", crossing(document={**PASSPORT, "issuing_state": "IDN"}), name="ours"
    ),
    quiet("citizenship_unclear", crossing()),
    quiet("citizenship_unclear", crossing(person=CITIZEN), name="citizen"),
    quiet("citizenship_unclear", crossing(further_documents=[VISA]), name="visa_of_ours"),
    speaks("dates_contradict", crossing(document={**PASSPORT, "issued": "2031-01-01"})),
    quiet(
        "dates_contradict", crossing(document={**PASSPORT, "issued": "2026-03-10"}), name="today"
    ),
    quiet("dates_contradict", crossing(person={**PERSON, "birth_date": "2026"}), name="newborn"),
    speaks("document_expires_soon", crossing(document={**PASSPORT, "expires": "2026-06-01"})),
    quiet("document_expires_soon", crossing(), name="long"),
    quiet(
        "document_expires_soon",
        crossing(person=CITIZEN, document={**HOME_PASSPORT, "expires": "2026-06-01"}),
        name="citizen",
    ),
    quiet(
        "document_expires_soon", crossing(document={**PASS, "expires": "2026-06-01"}), name="pass"
    ),
    speaks("check_digit_wrong", crossing(mrz={"lines": [], "layout": "TD3", "wrong": ["birth"]})),
    speaks(
        "check_digit_wrong",
        crossing(
            mrz={
                "lines": [],
                "layout": "TD3",
                "wrong": ["birth", "composite"],
                "suggestions": {"birth": "740812"},
            }
        ),
        name="misread",
    ),
    quiet("check_digit_wrong", crossing(mrz={"lines": [], "layout": "TD3"})),
    speaks("document_reported_lost", crossing(), context(listed=[LOST])),
    quiet("document_reported_lost", crossing()),
    speaks("state_code_unknown", crossing(person={**PERSON, "nationality": "BOS"})),
    quiet(
        "state_code_unknown", crossing(person={**PERSON, "nationality": "XXA"}), name="stateless"
    ),
    quiet("state_code_unknown", crossing()),
)

MOVEMENT = (
    speaks("impossible_travel", crossing(), knows(before(minutes=80, place="PLBN-16"))),
    speaks("impossible_travel", crossing(), knows(before(minutes=12, place="PLBN-13")), "by_land"),
    speaks("impossible_travel", crossing(), knows(before(place="PLBN-16")), "at_once"),
    quiet("impossible_travel", crossing(), knows(before(days=1, place="PLBN-16")), "by_air"),
    quiet("impossible_travel", crossing(), knows(before(minutes=1, place="PLB-99")), "near"),
    quiet("impossible_travel", crossing(), knows(before(minutes=1)), "same_post"),
    quiet(
        "impossible_travel",
        crossing(),
        knows(before(minutes=12, place="PLBN-16", document={**PASSPORT, "number": "C9"})),
        "other_document",
    ),
    quiet(
        "impossible_travel",
        crossing(local_time="2026-03-10"),
        knows(before(minutes=80, place="PLBN-16")),
        "a_day_without_an_hour",
    ),
    quiet("impossible_travel", crossing(None), knows(before(place="PLBN-16")), "no_time"),
    speaks("exit_without_entry", crossing(direction="exit")),
    speaks(
        "exit_without_entry",
        crossing(direction="exit"),
        knows(before(2, direction="exit")),
        "twice",
    ),
    quiet("exit_without_entry", crossing(direction="exit"), knows(before(2)), "entered"),
    quiet(
        "exit_without_entry",
        crossing(direction="exit"),
        knows(since=NOW - timedelta(days=30)),
        "young_node",
    ),
    quiet("exit_without_entry", crossing(direction="exit", person=CITIZEN), name="citizen"),
    quiet(
        "exit_without_entry",
        crossing(direction="exit"),
        knows(before(minutes=40, direction="exit", capture="carrier_list"), before(2)),
        "announced",
    ),
    quiet(
        "exit_without_entry",
        crossing(direction="exit", stay={"basis": "residence_permit"}),
        name="resident",
    ),
    quiet(
        "exit_without_entry",
        crossing(direction="exit", document=PNG_CARD, person=PAPUAN),
        name="length_not_entered",
    ),
    quiet(
        "entry_while_inside",
        crossing(),
        knows(before(minutes=40, capture="carrier_list")),
        "announced",
    ),
    quiet(
        "entry_while_inside",
        crossing(person={**PERSON, "nationality": "MYS"}),
        knows(before(3, document={**PASSPORT, "number": "C9"})),
        "namesake",
    ),
    speaks("entry_while_inside", crossing(), knows(before(3))),
    quiet("entry_while_inside", crossing(), knows(before(3, direction="exit")), "left"),
    quiet("entry_while_inside", crossing(), knows(before(3), since=None), "young_node"),
)

OUT = crossing(direction="exit")
PASS_OUT = crossing(direction="exit", document=PASS)


def entered(days: float, **fields: Any) -> Context:
    return knows(before(days, **fields))


STAYS = (
    speaks("overstay", OUT, entered(41), "visa_free"),
    quiet("overstay", OUT, entered(30), "visa_free_last_day"),
    speaks("overstay", OUT, entered(12, stay={"permitted_days": 10}), "as_given"),
    quiet("overstay", OUT, entered(41, stay={"permitted_days": 60}), "as_given"),
    speaks("overstay", OUT, entered(12, stay={"permitted_until": "2026-03-01"}), "until"),
    quiet("overstay", OUT, entered(41, stay={"basis": "visit_visa"}), "visit_visa"),
    quiet("overstay", OUT, knows(), "no_entry"),
    quiet("overstay", OUT, knows(before(2, direction="exit"), before(50)), "exit_between"),
    quiet("overstay", crossing(), entered(41), "inward"),
    speaks("overstay", PASS_OUT, entered(11, document=PASS), "pass"),
    quiet("overstay", PASS_OUT, entered(10, document=PASS), "pass_last_day"),
    quiet(
        "overstay",
        crossing(direction="exit", document=PASS, extensions=1),
        entered(19, document=PASS),
        "pass_extended",
    ),
    speaks(
        "overstay",
        crossing(direction="exit", document=PASS, extensions=2),
        entered(31, document=PASS),
        "pass_ceiling",
    ),
    speaks(
        "overstay",
        crossing(direction="exit", document=SARAWAK_PASS, person=MALAYSIAN),
        entered(20, document=SARAWAK_PASS, person=MALAYSIAN),
        "disputed_between",
    ),
    speaks(
        "overstay",
        crossing(direction="exit", document=PNG_CARD, person=PAPUAN),
        entered(31, document=PNG_CARD, person=PAPUAN),
        "length_not_entered",
    ),
    quiet(
        "overstay",
        crossing(direction="exit", document=PNG_CARD, person=PAPUAN),
        entered(30, document=PNG_CARD, person=PAPUAN),
        "length_not_entered",
    ),
    speaks(
        "overstay",
        crossing(document=HOME_PASS, person={**PERSON, "nationality": None}),
        knows(before(12, direction="exit", document=HOME_PASS, person=CITIZEN)),
        "pass_of_ours_nationality_unread",
    ),
    speaks(
        "overstay",
        OUT,
        knows(
            before(minutes=40, direction="exit", capture="carrier_list"),
            before(41),
        ),
        "announced",
    ),
    quiet(
        "overstay",
        crossing(direction="exit", person={**PERSON, "nationality": "AUS"}),
        knows(before(41, document={**PASSPORT, "number": "C9"})),
        "namesake",
    ),
    speaks(
        "overstay",
        crossing(document=HOME_PASS, person=CITIZEN, residence={"area": "53.04.02"}),
        knows(before(12, direction="exit", document=HOME_PASS, person=CITIZEN)),
        "citizen_back_late",
    ),
)

CHILD = {**PERSON, "birth_date": "2015-05-01"}
SHOWN = {"name": "BETE LUAN", "evidence": ["birth_certificate"]}

MINORS = (
    speaks("minor_without_guardian_evidence", crossing(person=CHILD)),
    speaks(
        "minor_without_guardian_evidence",
        crossing(person=CHILD, guardian={"name": "MARIA SOARES"}),
        name="same_family_name",
    ),
    quiet(
        "minor_without_guardian_evidence",
        crossing(person=CHILD, guardian=SHOWN),
        name="other_family_name",
    ),
    quiet("minor_without_guardian_evidence", crossing(), name="adult"),
    quiet(
        "minor_without_guardian_evidence",
        crossing(person={**PERSON, "birth_date": "2027-01-01"}),
        name="not_born",
    ),
    speaks(
        "minor_without_guardian_evidence",
        crossing(person={**PERSON, "birth_date": "2008-03-11"}),
        name="eighteen_tomorrow",
    ),
    quiet(
        "minor_without_guardian_evidence",
        crossing(person={**PERSON, "birth_date": "2008-03-10"}),
        name="eighteen_today",
    ),
    speaks(
        "minor_without_guardian_evidence",
        crossing(person={**PERSON, "birth_date": "2008"}),
        name="perhaps",
    ),
    speaks(
        "minor_without_guardian_evidence",
        crossing(companions=[{"primary_identifier": "ANA", "birth_date": "2018-01-20"}]),
        name="companion",
    ),
    quiet(
        "minor_without_guardian_evidence",
        crossing(person=CHILD, direction="transit"),
        name="transit",
    ),
)


def home(area: str = "53.04.02", **fields: Any) -> RecordView:
    """A resident of Belu on the way out with a pass."""
    body = {
        "direction": "exit",
        "person": CITIZEN,
        "document": HOME_PASS,
        "residence": {"area": area, "text": area},
    }
    return crossing(**{**body, **fields})


def to(text: str, area: str = "") -> dict[str, str]:
    return {"area": area, "text": text} if area else {"text": text}


PASSES = (
    speaks("border_pass_residence", home("53.21.01"), name="not_listed"),
    speaks("border_pass_residence", home(residence=to("Surabaya")), name="unknown_name"),
    quiet("border_pass_residence", home()),
    quiet("border_pass_residence", home(residence=to("Kobalima")), name="old_name"),
    quiet("border_pass_residence", home("53.21.10"), name="split_area"),
    quiet("border_pass_residence", crossing(residence=to("Dili")), name="no_pass"),
    speaks("border_pass_destination", home(destination=to("Dili"))),
    quiet("border_pass_destination", home(destination=to("Balibó"))),
    quiet(
        "border_pass_destination",
        crossing(direction="exit", document=PASS, destination=to("Dili")),
        name="way_home",
    ),
    speaks(
        "border_pass_destination",
        home("61.07.05", destination=to("Serian"), place="PLBN-04"),
        name="narrower",
    ),
    quiet(
        "border_pass_destination",
        home("61.07.05", destination=to("Bau"), place="PLBN-04"),
        name="narrower",
    ),
    speaks("border_pass_validity", home(document={**HOME_PASS, "issued": "2022-06-01"})),
    quiet("border_pass_validity", home(document={**HOME_PASS, "issued": "2025-05-31"}), name="12"),
    quiet("border_pass_validity", crossing(document={**PASSPORT, "issued": "2020-01-01"})),
    speaks(
        "border_pass_validity",
        home(document={**HOME_PASS, "issued": None, "expires": "2029-01-01"}),
        name="issue_date_missing",
    ),
    quiet(
        "border_pass_validity",
        home(document={**HOME_PASS, "issued": None, "expires": "2027-03-01"}),
        name="issue_date_missing",
    ),
    speaks("border_pass_extensions", crossing(document=PASS, extensions=3)),
    quiet("border_pass_extensions", crossing(document=PASS, extensions=2)),
    speaks("border_pass_post", crossing(document=PASS, place="PLBN-16")),
    speaks("border_pass_post", crossing(document=PASS, place="PLB-99"), name="not_named"),
    quiet("border_pass_post", crossing(document=PASS)),
    speaks("border_pass_no_agreement", crossing(document={**PASS, "issuing_state": "AUS"})),
    quiet("border_pass_no_agreement", crossing(document={**PASS, "issuing_state": "PHL"})),
    quiet("border_pass_no_agreement", home()),
    speaks("border_pass_other_post", PASS_OUT, entered(2, document=PASS, place="PLBN-13")),
    quiet("border_pass_other_post", PASS_OUT, entered(2, document=PASS), "same_post"),
    quiet(
        "border_pass_other_post",
        crossing(document=PASS),
        knows(before(2, direction="exit", document=PASS, place="PLBN-13")),
        "way_out",
    ),
    speaks(
        "border_pass_purpose",
        crossing(document=SARAWAK_PASS, person=MALAYSIAN, purpose="work"),
    ),
    quiet(
        "border_pass_purpose",
        crossing(document=SARAWAK_PASS, person=MALAYSIAN, purpose="market"),
        name="covered",
    ),
    quiet("border_pass_purpose", crossing(document=PASS, purpose="work"), name="no_list"),
)

RULE_CASES = (*DOCUMENTS, *MOVEMENT, *STAYS, *MINORS, *PASSES)

__all__ = ["RULE_CASES", "UTC", "crossing", "knows", "legal_row"]
