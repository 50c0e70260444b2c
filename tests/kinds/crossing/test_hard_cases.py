"""Cases at the edges of the law: disputed limits, extensions, time zones, leap days, doubtful dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tapal.core.finding import Finding, Weight
from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.core.text import same
from tapal.kinds.crossing import CROSSING
from tapal.kinds.crossing.rules.facts import day_of
from tests.kinds.builders import legal_row
from tests.kinds.crossing.cases import (
    HOME_PASS,
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
)
from tests.kinds.crossing.desk import SIGNER, Desk, listed


def findings(name: str, record: RecordView, known: Context | None = None) -> list[Finding]:
    rule = next(rule for rule in CROSSING.rules if rule.name == name)
    return list(rule.check(record, known or knows()))


def weights(name: str, record: RecordView, known: Context | None = None) -> list[Weight]:
    return [finding.weight for finding in findings(name, record, known)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


# The border pass.


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (14, []),
        (15, [Weight.LOOK]),
        (30, [Weight.LOOK]),
        (31, [Weight.ALERT]),
    ],
)
def test_a_disputed_length_of_stay_speaks_by_each_of_its_values(
    days: int, expected: list[Weight]
) -> None:
    leaving = crossing(direction="exit", document=SARAWAK_PASS, person=MALAYSIAN)
    known = entered(days, document=SARAWAK_PASS, person=MALAYSIAN)
    assert weights("overstay", leaving, known) == expected


@pytest.mark.parametrize(
    ("extensions", "days", "over"),
    [(0, 10, False), (0, 11, True), (1, 20, False), (1, 21, True), (2, 30, False), (2, 31, True)],
)
def test_each_extension_gives_ten_days_more_and_never_more_than_thirty(
    extensions: int, days: int, over: bool
) -> None:
    leaving = crossing(direction="exit", document=PASS, extensions=extensions)
    assert bool(findings("overstay", leaving, entered(days, document=PASS))) is over


@pytest.mark.parametrize(
    "given", [{"permitted_days": 10}, {"permitted_until": "2026-02-28"}], ids=["days", "until"]
)
def test_an_extension_counts_also_where_the_entry_wrote_a_length(given: dict[str, Any]) -> None:
    """In on 18 February for ten days; back on 10 March, the 20th day."""
    known = entered(20, document=PASS, stay=given)
    extended = crossing(direction="exit", document=PASS, extensions=1)
    assert weights("overstay", extended, known) == []
    assert weights("overstay", PASS_OUT, known) == [Weight.ALERT]
    longer = entered(21, document=PASS, stay={"permitted_days": 10})
    assert weights("overstay", extended, longer) == [Weight.ALERT]
    twice = crossing(direction="exit", document=PASS, extensions=2)
    assert weights("overstay", twice, entered(31, document=PASS, stay={"permitted_days": 10})) == [
        Weight.ALERT
    ]


def test_an_extended_visa_over_what_the_entry_gave_is_looked_at() -> None:
    """By how much a visa was extended nobody said: the officer asks for the permit."""
    known = entered(41, stay={"permitted_days": 30})
    extended = crossing(direction="exit", extensions=1)
    (finding,) = findings("overstay", extended, known)
    assert finding.weight is Weight.LOOK
    assert "diperpanjang" in finding.text.id
    assert weights("overstay", OUT, known) == [Weight.ALERT]


def test_the_stay_is_that_of_the_document_shown_at_entry() -> None:
    """In on a pass (ten days), out on a passport that gives thirty: the pass counts."""
    known = knows(before(15, document=PASS))
    (finding,) = findings("overstay", OUT, known)
    assert finding.weight is Weight.LOOK, "only name and birth date join the two"
    assert "10 hari" in finding.text.id
    assert findings("overstay", PASS_OUT, knows(before(15))) == []


@pytest.mark.parametrize(
    ("issued", "expires", "over"),
    [
        ("2025-06-01", "2026-05-31", False),
        ("2025-06-01", "2026-06-01", False),
        ("2025-06-01", "2026-06-02", True),
        ("2024-02-29", "2025-02-28", False),
        ("2024-02-29", "2025-03-01", False),
        ("2024-02-29", "2025-03-02", True),
        # Known in part: whatever it may lawfully mean is not held against the holder.
        ("2025", "2026-05-31", False),
        ("2025-06", "2026-06", False),
        ("2024", "2026-05-31", True),
    ],
)
def test_a_pass_runs_for_its_agreements_months(issued: str, expires: str, over: bool) -> None:
    document = {**HOME_PASS, "issued": issued, "expires": expires}
    assert bool(findings("border_pass_validity", home(document=document))) is over


def test_back_through_a_post_of_another_line_alerts_through_another_of_this_one_is_noted() -> None:
    known = entered(2, document=PASS, place="PLBN-13")
    assert weights("border_pass_other_post", PASS_OUT, known) == [Weight.NOTE]
    astray = crossing(direction="exit", document=PASS, place="PLBN-16")
    assert weights("border_pass_post", astray) == [Weight.ALERT]


# Days.


def test_a_time_that_was_sent_in_another_zone_has_the_posts_own_day() -> None:
    """17.30 Greenwich is half past one on the next day at Motaain; 23.30 in Jakarta as well."""
    for local, zone in (("2026-03-10T17:30", "+0000"), ("2026-03-10T23:30", "Asia/Jakarta")):
        instant = "2026-03-10T17:30+00:00" if zone == "+0000" else "2026-03-10T16:30+00:00"
        record = crossing(at(instant), local_time=local, zone=zone)
        assert day_of(record, knows()) == date(2026, 3, 11), zone


def test_a_carriers_list_keeps_the_day_of_its_port() -> None:
    record = crossing(
        at("2026-03-10T16:30+00:00"),
        capture="carrier_list",
        local_time="2026-03-10T23:30",
        zone="Asia/Jakarta",
    )
    assert day_of(record, knows()) == date(2026, 3, 10)


def test_a_document_that_is_good_for_its_last_day_at_the_post_is_good() -> None:
    last = {**PASSPORT, "expires": "2026-03-10"}
    late = crossing(at("2026-03-10T15:59+00:00"), document=last)  # 23.59 at Motaain
    after = crossing(at("2026-03-10T16:01+00:00"), document=last)  # 00.01 on the 11th
    assert findings("document_expired", late) == []
    assert weights("document_expired", after) == [Weight.ALERT]


def test_a_stay_over_two_time_zones_counts_the_days_of_both_calendars() -> None:
    """In at Skouw, 00.30 WIT on the 1st (15.30 on the 28th, UTC); out at Motaain on the 31st."""
    came = crossing(at("2026-02-28T15:30+00:00"), id="r-0", place="PLBN-16")
    for hour, over in (("15:30", False), ("16:30", True)):  # 23.30 WITA, then 00.30 next day
        leaves = crossing(at(f"2026-03-31T{hour}+00:00"), direction="exit")
        assert bool(findings("overstay", leaves, knows(came))) is over


def test_a_leap_day_is_a_day_of_the_stay() -> None:
    """From 20 February: ten days end on 1 March in a leap year, on 2 March in another."""
    for year, last in ((2028, 1), (2026, 2)):
        came = crossing(at(f"{year}-02-20T03:00+00:00"), id="r-0", document=PASS)
        for day, over in ((last, False), (last + 1, True)):
            leaves = crossing(
                at(f"{year}-03-{day:02}T03:00+00:00"), direction="exit", document=PASS
            )
            known = knows(came, since=at(f"{year - 2}-01-01T00:00+00:00"))
            assert bool(findings("overstay", leaves, known)) is over, (year, day)


# Minors.


@pytest.mark.parametrize(("day", "minor"), [("2026-02-28", True), ("2026-03-01", False)])
def test_a_child_of_the_leap_day_comes_of_age_on_the_first_of_march(day: str, minor: bool) -> None:
    record = crossing(
        at(f"{day}T03:00+00:00"), person={**PERSON, "birth_date": "2008-02-29"}, local_time=day
    )
    assert bool(findings("minor_without_guardian_evidence", record)) is minor


def test_no_family_name_of_child_or_guardian_makes_a_difference() -> None:
    child = {**PERSON, "birth_date": "2015-05-01"}
    said = {
        finding.text.id.replace(name, "…")
        for name in ("MARIA SOARES", "YOHANES BETE", "SOARES", "")
        for finding in findings(
            "minor_without_guardian_evidence",
            crossing(person=child, guardian={"name": name} if name else None),
        )
    }
    assert len(said) == 2  # with a guardian named, and with none


# Who may be refused, and who may be held.


@pytest.mark.parametrize("direction", ["entry", "exit", "transit", None])
@pytest.mark.parametrize("outcome", [None, "second_inspection", "back_at_counter"])
@pytest.mark.parametrize(
    "who",
    [
        {"nationality": "IDN"},
        {"nationality": "TLS", "other_nationalities": ["IDN"]},
        {"nationality": None},
    ],
)
def test_nobody_who_may_be_a_citizen_is_refused_by_any_way(
    who: dict[str, Any], outcome: str | None, direction: str | None
) -> None:
    desk = Desk(
        listed("tangkal"),
        direction=direction,
        person={**PERSON, **who},
        decision={"outcome": outcome, "second_desk": "grounds_found"} if outcome else None,
    )
    assert not {"propose_refusal", "sign_refusal"} & (desk.offers() | desk.offers(SIGNER))
    desk.body["decision"] = {"outcome": "refusal_proposed", "proposed_by": "IMI-0009"}
    assert "sign_refusal" not in desk.offers(SIGNER)


@pytest.mark.parametrize("part", ["companions.0", "guardian"])
def test_the_ban_of_a_companion_is_no_ground_against_the_traveller(part: str) -> None:
    """Persons are let go separately: each on what is said of him."""
    held = listed("cegah").data
    of_other = Finding(
        "list_match", Weight.ALERT, same("x"), (f"{part}.primary_identifier",), data=held
    )
    assert "propose_exit_hold" not in Desk(of_other, direction="exit").offers()
    own = Finding("list_match", Weight.ALERT, same("x"), ("person.primary_identifier",), data=held)
    assert "propose_exit_hold" in Desk(own, of_other, direction="exit").offers()


def test_an_exit_ban_holds_no_entry_and_an_entry_ban_no_exit() -> None:
    for roll, direction in (("cegah", "entry"), ("tangkal", "exit")):
        offers = Desk(listed(roll), direction=direction).offers()
        assert "propose_exit_hold" not in offers
    assert "propose_refusal" not in Desk(listed("tangkal"), direction="exit").offers()


def test_a_hold_whose_ban_no_longer_stands_is_not_signed() -> None:
    desk = Desk(listed("cegah"), direction="exit")
    desk.act("propose_exit_hold", ground="IMI/CEGAH/12/2026", facts="nama dan lahir cocok")
    assert "sign_exit_hold" in desk.offers(SIGNER)
    desk.findings = ()
    assert "sign_exit_hold" not in desk.offers(SIGNER)


def test_gaps_say_nothing_of_a_young_node() -> None:
    leaving = crossing(direction="exit")
    young = knows(since=leaving.received_at - timedelta(days=59))
    assert findings("exit_without_entry", leaving, young) == []


def test_of_two_values_of_an_agreement_the_newer_rows_day_decides() -> None:
    """A renewed text is another row with its day: what was lawful then stays lawful."""
    old = legal_row("plb.stay_days", 14, neighbour="TLS")
    new = legal_row("plb.stay_days", 5, neighbour="TLS")
    rows = [
        type(old)(**{**_fields(old), "id": "old", "valid_to": date(2026, 2, 28)}),
        type(new)(**{**_fields(new), "id": "new", "valid_from": date(2026, 3, 1)}),
    ]
    before_it = knows(before(12, document=PASS), legal=rows)
    after_it = knows(before(8, document=PASS), legal=rows)
    assert findings("overstay", PASS_OUT, before_it) == []
    assert weights("overstay", PASS_OUT, after_it) == [Weight.ALERT]


def _fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}
