"""The rule on minors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tapal.core.finding import Compared, Finding, Weight
from tapal.core.legal import LegalRow
from tapal.core.record import RecordView
from tapal.core.rules import Context, rule
from tapal.core.text import Text, same
from tapal.kinds.crossing.codes import EVIDENCE
from tapal.kinds.crossing.entities import full_name
from tapal.kinds.crossing.rules.facts import (
    anniversary,
    day_of,
    first_day,
    last_day,
    limit,
    unsure,
)

_BORN = Text("tanggal lahir", "date of birth")
_WITH = Text("bersama {guardian}", "with {guardian}")
_ALONE = Text("tanpa wali yang disebut", "with no guardian named")
_SAID = Text(
    "Anak {years} tahun {led}, bukti perwalian belum ditunjukkan. Minta {wanted}. Nama keluarga yang "
    "berbeda tidak membuktikan apa pun.{tail}",
    "A child of {years} {led}; no evidence of guardianship was shown. Ask for {wanted}. A different "
    "family name proves nothing.{tail}",
)
# Ways of capture in which the officer could have asked for evidence.
_ASKED = frozenset({"form", "table"})


@dataclass(frozen=True, slots=True)
class _Minor:
    path: str
    name: str
    birth_date: str
    evidence: frozenset[str]
    guardian: str


@rule(
    Text("Anak tanpa bukti perwalian", "Minor without evidence of guardianship"),
    legal=("crossing.minor_age_years", "crossing.guardian_evidence"),
)
def minor_without_guardian_evidence(record: RecordView, context: Context) -> Iterator[Finding]:
    """Tell a minor for whom no evidence of guardianship was shown.

    Evidence is a birth certificate, family card or consent letter (a legal row). The family name
    proves nothing either way and is never compared. A carrier's list and a scan cannot carry
    evidence: there it is something to look at. Source: UU 35/2014; best interests of the child.
    """
    day = day_of(record, context)
    age = limit(context.legal.settle("crossing.minor_age_years", day))
    if age is None or record.get("direction") == "transit":
        return
    accepted = context.legal.settle("crossing.guardian_evidence", day)
    known = {str(each) for value in accepted.values for each in value or ()}
    for minor in _persons(record):
        grown_by = anniversary(first_day(minor.birth_date), int(age.values[-1]) * 12)
        surely = anniversary(last_day(minor.birth_date), int(age.values[-1]) * 12) > day
        if grown_by <= day and not surely:
            continue
        if minor.evidence & known if known else minor.evidence:
            continue
        if first_day(minor.birth_date) > day:
            continue  # not born yet: the date is wrong, which another rule says
        yield _finding(record, minor, (age.rows, accepted.rows), day, certain=grown_by > day)


def _persons(record: RecordView) -> Iterator[_Minor]:
    person = record.get("person") or {}
    guardian = record.get("guardian") or {}
    if person.get("birth_date"):
        yield _one(person, "person", guardian.get("evidence"), guardian.get("name"))
    for index, each in enumerate(record.get("companions") or ()):
        if each.get("birth_date"):
            yield _one(each, f"companions.{index}", each.get("evidence"), full_name(person))


def _one(part: Mapping[str, Any], path: str, evidence: Any, guardian: Any) -> _Minor:
    return _Minor(
        path, full_name(part), str(part["birth_date"]), frozenset(evidence or ()), guardian or ""
    )


def _finding(
    record: RecordView,
    minor: _Minor,
    rows: tuple[tuple[LegalRow, ...], tuple[LegalRow, ...]],
    day: date,
    *,
    certain: bool,
) -> Finding:
    born = first_day(minor.birth_date)
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    asked = record.get("capture") in _ASKED
    led = _WITH.fill(guardian=minor.guardian) if minor.guardian else _ALONE
    path = minor.path.split(".")[0]
    return Finding(
        "minor_without_guardian_evidence",
        Weight.ALERT if asked and certain else Weight.LOOK,
        _SAID.fill(
            years=years, led=led, wanted=_wanted(rows[1]), tail=unsure((*rows[0], *rows[1]))
        ),
        (f"{path}.birth_date", f"{'guardian' if path == 'person' else path}.evidence"),
        (Compared(_BORN, minor.birth_date, day.isoformat(), None),),
        cites=(*rows[0], *rows[1]),
        about=minor.path,
    )


def _wanted(rows: tuple[LegalRow, ...]) -> Text:
    """What to ask for, in the words of the legal rows' kinds of evidence."""
    kinds = dict.fromkeys(str(each) for row in rows for each in row.value or ())
    words = [EVIDENCE.get(kind, same(kind)) for kind in kinds] or list(EVIDENCE.values())
    return Text(_or([word.id for word in words], "atau"), _or([word.en for word in words], "or"))


def _or(words: list[str], conjunction: str) -> str:
    *rest, last = words
    return f"{', '.join(rest)}, {conjunction} {last}" if rest else last
