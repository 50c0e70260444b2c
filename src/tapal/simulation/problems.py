"""Planted problems of documents, stays, minors and border passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from tapal.simulation.people import Background, Person
from tapal.simulation.planting import Planter, days_before

TIMORESE_PASS = Background("TLS", ("tetun",), "border_pass", ("TLS-BOB-BALIBO",))
BELU_PASS = Background("IDN", ("timor",), "border_pass", ("53.04.02",))
WUTUNG_CARD = Background("PNG", ("png",), "border_pass", ("PNG-VAN-BEWANI-WUTUNG-ONEI",))
TIMORESE = Background("TLS", ("tetun",), "passport")
SARAWAKIAN = Background("MYS", ("iban", "malay"), "passport")
PAPUAN_NEIGHBOUR = Background("PNG", ("png",), "passport")
NTT_CITIZEN = Background("IDN", ("timor", "java"), "passport")
KALBAR_CITIZEN = Background("IDN", ("dayak", "malay"), "passport")
SINGAPOREAN = Background("SGP", ("singapore",), "passport")


def plant_documents(planter: Planter) -> None:
    """Expired, misread and impossible documents."""
    for background, post, ago in (
        (TIMORESE, "PLBN-11", 12),
        (SARAWAKIAN, "PLBN-02", 3),
        (PAPUAN_NEIGHBOUR, "PLBN-16", 95),
        (SINGAPOREAN, "TPI-04", 1),
    ):
        day = planter.day()
        person = planter.somebody(background, day)
        state = background.nationality
        old = planter.registry.document(
            background.document_class, state, day, expires=days_before(day, ago)
        )
        person = replace(person, document=old)
        planter.plant(
            f"passport expired {ago} days before the entry",
            "document_expired",
            planter.cross(person, post, "entry", day),
        )
    # At the gates of Entikong, and from a handheld reader in a bus at Aruk.
    for background, post, mode in (
        (SARAWAKIAN, "PLBN-02", "foot"),
        (KALBAR_CITIZEN, "PLBN-01", "bus"),
    ):
        day = planter.day()
        person = planter.somebody(background, day)
        planter.plant(
            "one digit of the birth date changed in the machine readable zone",
            "check_digit_wrong",
            planter.cross(person, post, "entry", day, fault="check_digit", mode=mode),
        )
    _two_places(planter)


def plant_faults(planter: Planter) -> None:
    """Messages that cannot be read, each in one place only; what stands beside it still counts."""
    for background, post, fault, what, rule in (
        (TIMORESE, "PLBN-11", "no_name", "a row of the table without a name", "reject"),
        (BELU_PASS, "PLBN-11", "no_name", "a form of a border pass without a name", "reject"),
        (SARAWAKIAN, "PLBN-02", "cut_line", "a scanned zone that broke off, in a gate table",
         "reject"),
        (SINGAPOREAN, "TPI-04", "no_name", "a passenger without a name on a carrier's list",
         "reject"),
        (NTT_CITIZEN, "PLBN-13", "bad_date", "a birth date on 31 February", "value_unreadable"),
    ):  # fmt: skip
        day = planter.day()
        person = planter.somebody(background, day)
        planter.plant(what, rule, planter.cross(person, post, "entry", day, fault=fault))
    day = planter.day()
    person, neighbour = planter.somebody(SARAWAKIAN, day), planter.somebody(SARAWAKIAN, day)
    before = planter.cross(neighbour, "PLBN-01", "entry", day, mode="bus")
    at = before.at + timedelta(seconds=20)
    planter.crossings.append(before)
    planter.plant(
        "a scanned zone that broke off, in a reader's memory",
        "reject",
        planter.cross(person, "PLBN-01", "entry", day, fault="cut_line", mode="bus", at=at),
    )


def _two_places(planter: Planter) -> None:
    """The same document at two posts, too far apart for the time between."""
    for background, first, second, minutes in (
        (NTT_CITIZEN, "PLBN-11", "PLBN-02", 35),
        (NTT_CITIZEN, "PLBN-11", "PLBN-16", 80),
        (TIMORESE, "PLBN-11", "PLBN-13", 12),
    ):
        day = planter.day()
        person = planter.somebody(background, day)
        at = planter.by_post[first].at(day, 190)
        later = (at + timedelta(minutes=minutes)).astimezone(planter.by_post[second].zone)
        one, two = ("exit", "entry") if person.nationality == "IDN" else ("entry", "exit")
        planter.plant(
            f"the same passport at {first} and {minutes} minutes later at {second}",
            "impossible_travel",
            planter.cross(person, first, "entry" if one == "entry" else "exit", day, at=at),
            planter.cross(person, second, "entry" if two == "entry" else "exit", day, at=later),
        )


def plant_stays(planter: Planter) -> None:
    """People who stayed longer than they may, seen when they leave."""
    for background, post, days, what in (
        (TIMORESE_PASS, "PLBN-11", 14, "10 days of a border pass without an extension"),
        (TIMORESE_PASS, "PLBN-13", 33, "10 days of a border pass without an extension"),
        (TIMORESE, "PLBN-11", 41, "30 days without a visa"),
        (SARAWAKIAN, "PLBN-02", 38, "30 days without a visa"),
    ):
        day = planter.day()
        entered = days_before(day, days)
        person = planter.somebody(background, entered)
        person = _lasting(planter, person, days)
        planter.plant(
            f"stayed {days} days of the {what}",
            "overstay",
            planter.cross(person, post, "entry", entered),
            planter.cross(person, post, "exit", day),
        )


def _lasting(planter: Planter, person: Person, days: int) -> Person:
    """The person with a document that outlasts the stay, so that only the stay is wrong."""
    document = person.document
    expires = max(document.expires, document.issued + timedelta(days=days + 200))
    length = document.expires - document.issued
    return replace(person, document=replace(document, expires=expires, issued=expires - length))


def plant_minors(planter: Planter) -> None:
    """Children for whom no guardian evidence was shown, and one for whom it was."""
    for background, post, age in (
        (NTT_CITIZEN, "PLBN-11", (15, 16)),
        (KALBAR_CITIZEN, "PLBN-02", (14, 15)),
        (PAPUAN_NEIGHBOUR, "PLBN-16", (9, 10)),
    ):
        day = planter.day()
        child = planter.somebody(background, day, ages=age)
        direction = "exit" if background.nationality == "IDN" else "entry"
        planter.plant(
            "a minor without a guardian and without any evidence of consent",
            "minor_without_guardian_evidence",
            planter.cross(child, post, "exit" if direction == "exit" else "entry", day),
        )
    day = planter.day()
    child = planter.somebody(NTT_CITIZEN, day, ages=(7, 8))
    mother = planter.somebody(NTT_CITIZEN, day, ages=(30, 40))
    planter.plant(
        "a child with another family name than its mother's, with birth certificate",
        "minor_without_guardian_evidence",
        planter.cross(
            child,
            "PLBN-11",
            "exit",
            day,
            guardian=mother,
            evidence=("birth_certificate", "consent_letter"),
        ),
        decoy=True,
        why="a different family name proves nothing here",
    )


def plant_passes(planter: Planter) -> None:
    """Border passes used where, by whom or for longer than their agreement has it."""
    _outside_the_area(planter)
    day = planter.day()
    person = planter.somebody(BELU_PASS, day)
    long = planter.registry.document("border_pass", "IDN", day)
    long = replace(long, expires=long.issued + timedelta(days=365 * 4))
    planter.plant(
        "a border pass valid for four years",
        "border_pass_validity",
        planter.cross(replace(person, document=long), "PLBN-11", "exit", day),
    )
    day = planter.day()
    planter.plant(
        "a border pass extended three times",
        "border_pass_extensions",
        planter.cross(planter.somebody(TIMORESE_PASS, day), "PLBN-11", "exit", day, extensions=3),
    )
    day = planter.day()
    planter.plant(
        "a border pass for Timor-Leste shown at the post to Papua New Guinea",
        "border_pass_post",
        planter.cross(
            planter.somebody(TIMORESE_PASS, day), "PLBN-16", "exit", day, destination="91.71.04"
        ),
    )


def _outside_the_area(planter: Planter) -> None:
    make: tuple[tuple[str, str, Callable[[Person], Person], dict[str, str]], ...] = (
        (
            "border_pass_residence",
            "resident of Kota Atambua, which the arrangement does not list",
            lambda person: replace(person, area="53.04.12"),
            {},
        ),
        (
            "border_pass_residence",
            "resident of Malaka Tengah, which the arrangement does not list",
            lambda person: replace(person, area="53.21.01"),
            {},
        ),
        (
            "border_pass_destination",
            "a border pass for Dili, beyond the listed sub-districts",
            lambda person: person,
            {"destination": "Dili"},
        ),
    )
    for rule, what, change, known in make:
        day = planter.day()
        person = change(planter.somebody(BELU_PASS, day))
        planter.plant(what, rule, planter.cross(person, "PLBN-11", "exit", day, **known))
    day = planter.day()
    planter.plant(
        "a border pass from Balibo for Kupang, beyond the listed sub-districts",
        "border_pass_destination",
        planter.cross(
            planter.somebody(TIMORESE_PASS, day), "PLBN-11", "entry", day, destination="Kupang"
        ),
    )
