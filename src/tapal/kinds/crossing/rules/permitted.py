"""How long a stay may last: as the entry gave it, by agreement, or by the basis of the visa."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from tapal.core.legal import LegalRow
from tapal.core.record import RecordView
from tapal.core.rules import Context
from tapal.core.text import Text
from tapal.kinds.crossing.codes import STAY_BASES
from tapal.kinds.crossing.rules.facts import Limit, last_day, limit
from tapal.kinds.crossing.rules.pass_facts import is_border_pass, treaty_of

_BORDER_PASS = Text("pas lintas batas", "border pass")
_ENTRY_PERMIT = Text("izin masuk", "entry permit")


@dataclass(frozen=True, slots=True)
class Permitted:
    """The longest stay in days and what it rests on.

    `until` is its last day where the entry named one; `extended` counts extensions of a length that
    nobody recorded.
    """

    most: Limit
    basis: Text
    until: date | None = None
    extended: int = 0


def permitted_stay(
    record: RecordView, last: RecordView, context: Context, start: date
) -> Permitted | None:
    """The stay that began with `last`, on `start`, and ends with `record`; None without any rule.

    The document shown at the beginning decides, not the one shown at the end.
    """
    more = max(0, (record.get("extensions") or 0) - (last.get("extensions") or 0))
    given = _given(last, start)
    if given and more and is_border_pass(last):
        return _longer(given, more, last, context, start)
    if given is None and is_border_pass(last):
        return _by_agreement(record, last, context, start)
    found = given or _by_basis(record, last, context, start)
    if found is None or not more:
        return found
    return replace(found, most=replace(found.most, certain=False, disputed=False), extended=more)


def _given(last: RecordView, start: date) -> Permitted | None:
    """What the officer gave at entry."""
    until, days = last.get("stay.permitted_until"), last.get("stay.permitted_days")
    end = last_day(until) if until else None
    if end:
        days = (end - start).days
    if not isinstance(days, int):
        return None
    most = Limit((float(days),), (), certain=True, disputed=False)
    return Permitted(most, _ENTRY_PERMIT, end)


def _longer(
    given: Permitted, more: int, last: RecordView, context: Context, start: date
) -> Permitted:
    """A stay given on a pass, longer by the agreement's days for each extension, up to its ceiling."""
    terms = _terms(last, context, start)
    if terms.days is None:
        return replace(given, most=replace(given.most, certain=False), extended=more)
    days = given.most.values[0]
    most = max(days, terms.capped(days + terms.days.values[-1] * terms.times(more)))
    sure = terms.days.certain
    until = given.until + timedelta(days=int(most - days)) if given.until else None
    return Permitted(Limit((most,), terms.rows, sure, disputed=False), _ENTRY_PERMIT, until)


def _by_basis(
    record: RecordView, last: RecordView, context: Context, start: date
) -> Permitted | None:
    basis = last.get("stay.basis") or _free_of_visa(record, context, start)
    found = limit(context.legal.settle("visa.stay_days", start, basis=basis or "-"))
    return Permitted(found, STAY_BASES.get(basis, Text("visa", "visa"))) if found else None


def _free_of_visa(record: RecordView, context: Context, day: date) -> str:
    free = context.legal.settle("visa.free_nationalities", day)
    states = {str(state) for value in free.values for state in value or ()}
    return "visa_free" if record.get("person.nationality") in states else ""


@dataclass(frozen=True, slots=True)
class _Terms:
    """What an agreement says of a stay; a part that nobody entered is None."""

    days: Limit | None
    ceiling: Limit | None
    count: Limit | None
    found: tuple[LegalRow, ...]

    @property
    def rows(self) -> tuple[LegalRow, ...]:
        """The rows of a stay that was extended."""
        return tuple(
            row for each in (self.days, self.ceiling, self.count) if each for row in each.rows
        )

    def times(self, used: int) -> int:
        """How many of the extensions count."""
        return min(used, int(self.count.values[-1])) if self.count else used

    def capped(self, days: float) -> float:
        return min(days, self.ceiling.values[-1]) if self.ceiling else days


def _terms(last: RecordView, context: Context, day: date) -> _Terms:
    neighbour = treaty_of(last, context).neighbour
    settled = context.legal.settle("plb.stay_days", day, neighbour=neighbour)
    return _Terms(
        limit(settled),
        limit(context.legal.settle("plb.max_days", day, neighbour=neighbour)),
        limit(context.legal.settle("plb.extension_count", day, neighbour=neighbour)),
        settled.rows,
    )


def _by_agreement(
    record: RecordView, last: RecordView, context: Context, day: date
) -> Permitted | None:
    """Days by agreement times one more than the extensions used, never above its ceiling."""
    terms = _terms(last, context, day)
    if not terms.found:
        return None
    if terms.days is None:
        return Permitted(Limit((), terms.found, certain=False, disputed=False), _BORDER_PASS)
    times = terms.times(max(record.get("extensions") or 0, last.get("extensions") or 0))
    values = tuple(terms.capped(value * (1 + times)) for value in terms.days.values)
    rows = terms.rows if times else terms.days.rows
    return Permitted(Limit(values, rows, terms.days.certain, terms.days.disputed), _BORDER_PASS)
