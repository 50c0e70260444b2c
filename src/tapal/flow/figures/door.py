"""The door to the figures: who may ask, which rows are counted for him, and the trace he leaves."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.clauses import Reach, narrow
from tapal.core.errors import Denied, Missing
from tapal.core.lake import LAKE_LEVEL
from tapal.core.mandates import OVERSEE, READ_STATISTICS, level
from tapal.core.marking import Purpose
from tapal.flow import lake
from tapal.flow.figures import QUESTIONS
from tapal.flow.figures.disclosure import NEVER, keep_back
from tapal.flow.figures.question import Answer, Question, Rows, Window
from tapal.flow.lake_rows import all_columns, scope_text
from tapal.flow.reference import legal_book
from tapal.flow.share import access, compile, purposes
from tapal.kinds import KINDS

if TYPE_CHECKING:
    from tapal.engines.lake.ask import Allowed, LakeReader, Table
    from tapal.engines.lake.manifest import Manifest

SMALLEST = "lake.smallest_cell"
FIGURES = "figures"
LONGEST_DAYS = 366
FIRST_ZONE = "Asia/Jayapura"
_KEPT = 512


def open_figures(actor: Actor, *, now: datetime | None = None) -> Figures:
    """The figures for an actor, as agreements and mandates stand now.

    Who holds `statistics.read` asks for statistics, an auditor for oversight. Raises Denied, and
    leaves a trace, for who holds neither.
    """
    moment = now or timezone.now()
    purpose = Purpose.STATISTICS if READ_STATISTICS in actor.powers else Purpose.OVERSIGHT
    if not actor.powers & {READ_STATISTICS, OVERSEE}:
        access.note(actor, purpose, access.DENIED, subject=FIGURES)
        raise Denied
    purposes.must_cover(actor, purpose, moment)
    return Figures(actor, purpose, compile.reach_of(actor, purpose, moment), moment)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one actor may ask of the lake at one moment; at a post, that post's figures alone."""

    actor: Actor
    purpose: Purpose
    reach: Reach
    now: datetime

    def manifest(self) -> Manifest | None:
        """How far the lake reaches; None where there is none yet."""
        return _reader().manifest()

    def ask(
        self,
        names: Iterable[str],
        *,
        place: str | None = None,
        days: int = 30,
        until: date | None = None,
        act: str = access.COUNT,
    ) -> list[Answer]:
        """Answers to named questions over so many days, up to the lake's last or to `until`, with
        one trace.

        Raises Missing for a name that no question bears, for another post than the actor's own, and
        where there is no lake yet.
        """
        wanted = [QUESTIONS[name] for name in names if name in QUESTIONS]
        place = place or self.actor.post
        held = self.manifest()
        if not wanted or not self.actor.acts_at(place) or held is None or held.as_of is None:
            raise Missing
        window = _window(held.as_of, days, until)
        answers = [self._answer(question, place, window, held) for question in wanted]
        access.note(
            self.actor,
            self.purpose,
            act,
            subject=FIGURES,
            question=f"{place or '*'}: {', '.join(q.name for q in wanted)}",
            clauses=(clause.code for clause in self.reach.clauses),
            count=sum(len(answer.rows) for answer in answers),
        )
        return answers

    def _answer(
        self, question: Question, place: str | None, window: Window, held: Manifest
    ) -> Answer:
        allowed = self._allowed(question, place)
        key = (lake.folder(), held.identity, question.name, window, allowed)
        rows = _remembered(key, lambda: _run(question, allowed, window))
        smallest = smallest_cell(window)
        kept, hidden = keep_back(rows, question.disclosure, smallest)
        told = None if smallest == NEVER or not question.disclosure.cells else smallest
        agencies = {scope.split("|")[0] for part in allowed for scope in part.scopes}
        return Answer(question, kept, window, place, tuple(sorted(agencies)), told, hidden)

    def _allowed(self, question: Question, place: str | None) -> tuple[Allowed, ...]:
        if question.rows in (Rows.RECORDS, Rows.ARRIVALS):
            return _records(self.reach, frozenset(question.fields), place)
        return self._work(place)

    def _work(self, place: str | None) -> tuple[Allowed, ...]:
        """Alerts and tasks: the agency's own; for oversight those of all."""
        from tapal.engines.lake.ask import Allowed

        owners = compile.agencies_on(compile.today(self.now)).owners(self.actor.agency)
        every = self.purpose is Purpose.OVERSIGHT
        highest = LAKE_LEVEL if every else min(LAKE_LEVEL, level(self.actor.powers))
        scopes = frozenset(
            scope_text(s.owner, s.kind, s.sensitivity)
            for s in compile.scope_table().values()
            if s.sensitivity <= highest and (every or s.owner in owners)
        )
        return (Allowed(scopes, place),) if scopes else ()


def smallest_cell(window: Window) -> int:
    """The least count that may be told, by its rule row; without one nothing is told."""
    settled = legal_book().settle(SMALLEST, window.until)
    values = [value for value in settled.values if isinstance(value, int)]
    return max(values, default=NEVER)


def _window(as_of: datetime, days: int, until: date | None) -> Window:
    # The east is two hours ahead of the capital: its day may have begun already.
    last = until or as_of.astimezone(ZoneInfo(FIRST_ZONE)).date()
    span = max(1, min(days, LONGEST_DAYS))
    return Window(last - timedelta(days=span - 1), last, as_of)


def _records(reach: Reach, fields: frozenset[str], place: str | None) -> tuple[Allowed, ...]:
    """The rows of which some clause gives all of the fields, of kinds that have them in the lake."""
    from tapal.engines.lake.ask import Allowed

    kinds = {name for name, kind in KINDS.items() if fields <= set(kind.lake)}
    numbers = {
        n for n, s in reach.scopes.items() if s.kind in kinds and s.sensitivity <= LAKE_LEVEL
    }
    clauses = (
        replace(c, fields={n: f for n, f in c.fields.items() if n in numbers and fields <= f})
        for c in reach.clauses
    )
    groups: dict[tuple[str | None, datetime | None, datetime | None], set[str]] = defaultdict(set)
    for seek in narrow(Reach.of(clauses, reach.scopes).seeks, place=place):
        scope = reach.scopes[seek.scope]
        text = scope_text(scope.owner, scope.kind, scope.sensitivity)
        groups[seek.place, seek.since, seek.until].add(text)
    return tuple(
        Allowed(frozenset(scopes), *where)
        for where, scopes in sorted(groups.items(), key=lambda item: repr(item[0]))
    )


# Any: a row's values as Python has them.
def _run(
    question: Question, allowed: tuple[Allowed, ...], window: Window
) -> list[dict[str, object]]:
    return _reader().run(expression_of(question, allowed, window)) if allowed else []


def expression_of(
    question: Question, allowed: tuple[Allowed, ...], window: Window
) -> Callable[[Table], Table]:
    """A question as an expression over the lake's events, of the rows that may be counted."""
    from tapal.engines.lake import ask

    def expression(whole: Table) -> Table:
        events = ask.narrowed(whole, question.fields)
        if question.rows is Rows.RECORDS:
            seen = ask.allowed_rows(events, allowed)
            rows = ask.between(ask.present(seen), window.since, window.until)
        elif question.rows is Rows.ARRIVALS:
            came = ask.allowed_rows(events.filter(events.type == ask.RECEIVED), allowed)
            rows = ask.between(came, window.since, window.until)
        else:
            of_sort = events.type.startswith(question.rows.value.removesuffix("s") + ".")
            rows = ask.opened_between(
                ask.allowed_rows(events.filter(of_sort), allowed), window.since, window.until
            )
        return question.ask(rows, window)

    return expression


_answers: OrderedDict[object, list[dict[str, object]]] = OrderedDict()
_readers: dict[object, LakeReader] = {}
_lock = Lock()


def _remembered(key: object, find: object) -> list[dict[str, object]]:
    """An answer of this process from the same lake to the same question by one who may count the same."""
    assert callable(find)
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    found: list[dict[str, object]] = find()
    with _lock:
        _answers[key] = found
        while len(_answers) > _KEPT:
            _answers.popitem(last=False)
    return found


def _reader() -> LakeReader:
    from tapal.engines.lake.ask import LakeReader

    key = (lake.folder(), tuple(KINDS))
    with _lock:
        if key not in _readers:
            _readers.clear()
            _readers[key] = LakeReader(lake.folder(), all_columns())
        return _readers[key]
