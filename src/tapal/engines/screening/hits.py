"""A listing weighed, in words: the sentences for and against, and the values compared."""

from __future__ import annotations

from tapal.engines.screening import evidence
from tapal.engines.screening import features as f
from tapal.engines.screening.ask import Question, Weighed
from tapal.engines.screening.model import Band, Compared, Hit, Listed, Query, Verdict
from tapal.engines.screening.names import Name
from tapal.engines.screening.reasons import sentence
from tapal.engines.screening.subject import Subject, subject_of_listing

_VERDICTS: dict[int, Verdict] = {f.OTHER: "differ", f.UNKNOWN: "unknown", f.SAME: "agree"}


def hit(
    query: Query,
    listed: Listed,
    first: int,
    asked: Question,
    found: Weighed,
    band: Band,
    score: float,
) -> Hit:
    """Put a weighed listing into words; `first` is the place of its first name in its segment."""
    theirs = subject_of_listing(listed)
    name = theirs.names[found.theirs - first] if found.theirs >= 0 else None
    rows = [
        *_names(asked, found, name, band),
        _date(asked.subject, theirs, found),
        _country(asked.subject, listed, found),
        _document(query, listed, found),
        _gender(query, listed, found),
    ]
    reasons = (sentence(field, how, a, b) for field, how, a, b, _ in rows)
    compared: tuple[Compared, ...] = tuple(
        (field, a, b, verdict) for field, how, a, b, verdict in rows if (a or b) and how != "common"
    )
    return Hit(listed, score, band, tuple(r for r in reasons if r), compared)


Row = tuple[str, str, str, str, Verdict]


def _names(asked: Question, found: Weighed, theirs: Name | None, band: Band) -> list[Row]:
    if found.ours is None and theirs is None and not asked.names:
        return []
    ours = (found.ours or (asked.names[0] if asked.names else None)) or Name("", ())
    other = theirs.text if theirs else ""
    how, verdict = _name_verdict(found)
    rows: list[Row] = [("name", how, ours.text, other, verdict)]
    if band is Band.TIE:
        rows.append(("name", "common", ours.text, other, "unknown"))
    return rows


def _name_verdict(found: Weighed) -> tuple[str, Verdict]:
    levels = found.levels
    if found.gain < 0:
        return "other", "differ"
    if levels[f.SWAPPED] == 0:
        return "swapped", "differ"
    if levels[f.CONFLICTS] < 3 or levels[f.NUMBERS] == 0 or levels[f.FORMS] == f.OTHER:
        return "conflict", "differ"
    if levels[f.OURS] < 3 or levels[f.THEIRS] < 3:
        return "part", "agree"
    return ("same" if levels[f.WORST] == len(f.WORST_FROM) - 1 else "sound"), "agree"


def _date(ours: Subject, theirs: Subject, found: Weighed) -> Row:
    level = int(found.levels[f.DATE])
    how = f.LEVELS["date"][level]
    day = ours.days[0] if ours.days else 0
    other = next((d for d in theirs.days if f.compare_days(day, d) == level), 0)
    other = other or (theirs.days[0] if theirs.days else 0)
    verdict: Verdict = "agree"
    if level in (f.NOT_ASKED, f.DATE_UNKNOWN, f.YEAR_BESIDE):
        verdict = "unknown"
    elif level in (f.OTHER_DAY, f.SAME_YEAR_OTHER_DAY):
        verdict = "differ"
    if ours.kind != "person":
        how = ""
    return "birthDate", how, evidence.written(day), evidence.written(other), verdict


def _country(ours: Subject, listed: Listed, found: Weighed) -> Row:
    level = int(found.levels[f.COUNTRY])
    pair = ", ".join(sorted(ours.countries)), ", ".join(listed.nationalities)
    return "nationality", f.LEVELS["country"][level], *pair, _VERDICTS[level]


def _document(query: Query, listed: Listed, found: Weighed) -> Row:
    level = int(found.levels[f.DOCUMENT])
    verdict: Verdict = "unknown"
    if level >= f.OTHER_ISSUER:
        verdict = "agree"
    elif level == f.OTHER_HULL:
        verdict = "differ"
    pairs = [(evidence.apart(a, b), a, b) for a, _ in query.documents for b, _ in listed.documents]
    _, ours, theirs = min(pairs, default=(0, "", ""))
    if not pairs:
        ours = query.documents[0][0] if query.documents else ""
        theirs = listed.documents[0][0] if listed.documents else ""
    return "document", f.LEVELS["document"][level], ours, theirs, verdict


def _gender(query: Query, listed: Listed, found: Weighed) -> Row:
    level = int(found.levels[f.GENDER])
    how = f.LEVELS["gender"][level]
    return "gender", how, query.gender or "", listed.gender or "", _VERDICTS[level]
