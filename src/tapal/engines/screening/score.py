"""Weigh one listing against one query: names, dates, countries, documents into a band.

The weights are few and meant to be read. They were set by sense and then adjusted by hand over
some ten rounds against the public screening set and the public name pairs, so the figures on
those two sets are optimistic; a set not seen while adjusting is the fair measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

from tapal.engines.screening import evidence
from tapal.engines.screening.align import Alignment, Lexicon, align
from tapal.engines.screening.evidence import Day, Document, Weighed
from tapal.engines.screening.model import Band, Compared, Hit, Listed, Query, Verdict
from tapal.engines.screening.names import Family, Name
from tapal.engines.screening.reasons import sentence

ALERT_AT = 12.5
"""Nats from which an officer is alerted: about a rare full name, or a common one and its birth
date. As odds 270,000 to 1, against the few listed among many travellers."""
LOOK_AT = 8.5
ALERT_SCORE = 0.70
_SPREAD = 2.5

NAME_MOST = 18.0
WHOLE_NAME = 3.5
"""Least weight of a whole name that agrees, be it of words that tell little."""
NAME_LEAST = -8.0
NOTHING_SHARED = -8.0
CONFLICT = 5.0
EXTRA = 1.4
SOFT_OVER = 0.3

# An organisation or ship is named so as to be unlike others: one word more is another one.
BODY_BONUS = 4.0
CRAFT_BONUS = 6.0
BODY_EXTRA = 5.0
BODY_CONFLICT = 9.0
NUMBERS_DIFFER = 12.0
FORMS_DIFFER = 6.0


@dataclass(frozen=True, slots=True)
class Subject:
    """Normalised fields of a query or a listing."""

    kind: Family
    names: tuple[Name, ...]
    days: tuple[Day, ...]
    countries: frozenset[str]
    documents: tuple[Document, ...]
    gender: str | None


@dataclass(frozen=True, slots=True)
class Scored:
    """A listing's total and what it is made of."""

    total: float
    band: Band
    name: Alignment
    ours: Name
    theirs: Name
    day: Weighed
    country: Weighed
    document: Weighed
    gender: Weighed
    their_day: Day | None


def name_nats(found: Alignment, ours: Name, theirs: Name, kind: Family) -> float:
    """The weight of two names' agreement, less what speaks against it."""
    if not found.pairs:
        return NOTHING_SHARED
    nats = min(found.gain, NAME_MOST)
    if found.full and nats < WHOLE_NAME and all(t.soft for t in theirs.tokens):
        nats = WHOLE_NAME
    if kind == "person":
        nats -= CONFLICT * found.conflicts + EXTRA * (found.ours + found.theirs)
        return max(NAME_LEAST, nats - SOFT_OVER * found.soft)
    nats += CRAFT_BONUS if kind == "craft" else BODY_BONUS
    nats -= BODY_CONFLICT * found.conflicts + BODY_EXTRA * (found.ours + found.theirs)
    nats -= NUMBERS_DIFFER * found.numbers_differ
    if ours.forms and theirs.forms and not (ours.forms & theirs.forms):
        nats -= FORMS_DIFFER
    return max(NAME_LEAST, nats)


def best_name(
    ours: tuple[Name, ...], theirs: tuple[Name, ...], kind: Family, lexicon: Lexicon
) -> tuple[float, Alignment, Name, Name]:
    """The pair of names that speaks loudest for one and the same."""
    best: tuple[float, Alignment, Name, Name] | None = None
    for a in ours:
        for b in theirs:
            found = align(a, b, lexicon)
            nats = name_nats(found, a, b, kind)
            if best is None or nats > best[0]:
                best = nats, found, a, b
    return best or (0.0, _NO_NAME, _UNNAMED, _UNNAMED)


_UNNAMED = Name("", ())
_NO_NAME = Alignment(0.0, 0, 0, 0, 0, 0.0, 0)


def weigh_up(ours: Subject, theirs: Subject, lexicon: Lexicon) -> Scored | None:
    """Compare every field and add up; None where the listing may be left out."""
    nats, found, a, b = best_name(ours.names, theirs.names, ours.kind, lexicon)
    day, their_day = _best_day(ours.days, theirs.days)
    country = evidence.countries(ours.countries, theirs.countries)
    document = evidence.documents(ours.documents, theirs.documents)
    if ours.kind == "craft" and document is evidence.OTHER_DOCUMENT:
        document = evidence.craft_numbers(ours.documents, theirs.documents)
    gender = evidence.genders(ours.gender, theirs.gender)
    if not found.pairs and document.nats <= 0:
        return None
    total = nats + day.nats + country.nats + document.nats + gender.nats
    if document is evidence.SAME_DOCUMENT:
        # A listed document is in the hand: whoever carries it, somebody must look.
        total = max(total, ALERT_AT + 0.5)
    if total >= ALERT_AT:
        band = Band.ALERT
    elif ours.kind == "person" and found.full and _undecided(day, country, gender):
        band = Band.TIE
    elif total >= LOOK_AT:
        band = Band.LOOK
    else:
        return None
    return Scored(total, band, found, a, b, day, country, document, gender, their_day)


def _best_day(ours: tuple[Day, ...], theirs: tuple[Day, ...]) -> tuple[Weighed, Day | None]:
    if not ours or not theirs:
        return evidence.UNKNOWN, theirs[0] if theirs else None
    if len(ours) == 1 and len(theirs) == 1:
        return evidence.birth_dates(ours[0], theirs[0]), theirs[0]
    pairs = [(evidence.birth_dates(x, y), y) for x in ours for y in theirs]
    return max(pairs, key=lambda p: p[0].nats)


_VAGUE = frozenset({"unknown", "same_year", "same_placeholder", "year_beside"})


def _undecided(day: Weighed, country: Weighed, gender: Weighed) -> bool:
    """Nothing speaks against it, and too little is known of the birth date to decide."""
    return day.how in _VAGUE and "differ" not in (country.verdict, gender.verdict)


def points(total: float) -> float:
    """Nats as a score from 0 to 1 that is 0.70 where the alert begins."""
    return round(1 / (1 + exp(-(total - ALERT_AT) / _SPREAD - log(ALERT_SCORE / 0.3))), 4)


def _written(day: Day | None) -> str:
    if day is None:
        return ""
    return "-".join(f"{n:04}" if i == 0 else f"{n:02}" for i, n in enumerate(day) if n)


def _document_pair(query: Query, listed: Listed, how: Weighed) -> tuple[str, str]:
    for number, _ in query.documents:
        for other, _ in listed.documents:
            a = ((evidence.document_number(number), ""),)
            b = ((evidence.document_number(other), ""),)
            same_issuer_aside = evidence.documents(a, b)
            if same_issuer_aside.nats >= how.nats:
                return number, other
    ours = query.documents[0][0] if query.documents else ""
    return ours, listed.documents[0][0] if listed.documents else ""


def _name_verdict(found: Alignment) -> tuple[str, Verdict]:
    if not found.pairs:
        return "other", "differ"
    if found.conflicts or found.numbers_differ:
        return "conflict", "differ"
    if found.ours or found.theirs:
        return "part", "agree"
    return ("same" if found.worst == 1.0 else "sound"), "agree"


def hit(query: Query, listed: Listed, ours: Subject, scored: Scored) -> Hit:
    """Put a scored listing into words."""
    how, verdict = _name_verdict(scored.name)
    rows: list[tuple[str, str, str, str, Verdict]] = []
    if scored.ours.text or scored.theirs.text:
        rows.append(("name", how, scored.ours.text, scored.theirs.text, verdict))
    if scored.band is Band.TIE:
        rows.append(("name", "common", scored.ours.text, scored.theirs.text, "unknown"))
    if ours.kind == "person":
        our_day = _written(ours.days[0] if ours.days else None)
        their_day = _written(scored.their_day)
        rows.append(("birthDate", scored.day.how, our_day, their_day, scored.day.verdict))
    countries = ", ".join(sorted(ours.countries)), ", ".join(listed.nationalities)
    rows.append(("nationality", scored.country.how, *countries, scored.country.verdict))
    numbers = _document_pair(query, listed, scored.document)
    rows.append(("document", scored.document.how, *numbers, scored.document.verdict))
    genders = query.gender or "", listed.gender or ""
    rows.append(("gender", scored.gender.how, *genders, scored.gender.verdict))
    reasons = (sentence(f, how, a, b) for f, how, a, b, _ in rows)
    compared: tuple[Compared, ...] = tuple(
        (f, a, b, v) for f, how, a, b, v in rows if (a or b) and how != "common"
    )
    return Hit(listed, points(scored.total), scored.band, tuple(r for r in reasons if r), compared)
