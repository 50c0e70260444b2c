"""One case walked through a version in memory: the engine runs, the clocks go by, nothing is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from tapal.core.errors import Rejected
from tapal.engines import procedures as engine
from tapal.flow.diagrams import xml_of
from tapal.flow.rehearsal.ground import Began, Given
from tapal.store.models import Procedure

# A walk that has not ended after so many moves goes in a circle.
MOST_MOVES: Final = 60
# How long a step without a clock waits, where nobody ever answered it.
_WITHOUT_CLOCK: Final = timedelta(hours=1)
Clock = Callable[[str, datetime, str], datetime | None]
"""When a clock of a name that begins at a moment runs out at a place."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is taken where nothing was recorded. It is told beside every figure that rests on it.

    `answers` are by step and field, what a person declared; without one the most frequent recorded
    answer of that step counts, then its first option. `share` is the part of its clock that a step
    waits, where nobody ever answered such a step.
    """

    answers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Habit:
    """What is usual at a step over all that was recorded: answers by field, the middle time."""

    answers: Mapping[str, Any]  # Any: JSON
    after: timedelta


@dataclass(slots=True)
class Waited:
    """One task of a walk: its step, how long it waited, how late it ended, whether it was answered.

    `recorded` says that a person's own answer of that case was taken, `by` whose. `second` says that
    his answer could not be taken, for four eyes: he had done the step that another has to do.
    """

    step: engine.Step
    opened: datetime
    due: datetime | None
    until: datetime
    answers: Mapping[str, Any] = field(default_factory=dict)
    recorded: bool = False
    answered: bool = False
    by: str = ""
    second: bool = False

    @property
    def late(self) -> bool:
        """Whether its clock ran out before it was answered, or took it away."""
        if self.due is None:
            return False
        return self.until > self.due or (not self.answered and self.until == self.due)

    @property
    def overdue(self) -> timedelta:
        """How long after its clock it ended; nothing for one in time."""
        return max(self.until - self.due, timedelta(0)) if self.due else timedelta(0)


@dataclass(slots=True)
class Walked:
    """A case's way: the ids of what it passed, its tasks, its end, or why it stood still."""

    passed: list[str] = field(default_factory=list)
    tasks: list[Waited] = field(default_factory=list)
    end: engine.End | None = None
    trouble: str = ""
    ended_at: datetime | None = None


class Walker:
    """Walks cases through one version."""

    def __init__(
        self, version: Procedure, clock: Clock, habits: Mapping[str, Habit], assumed: Assumed
    ) -> None:
        self.version = version
        self._xml = xml_of(version)
        self._clock, self._habits, self._assumed = clock, habits, assumed

    def walk(self, began: Began) -> Walked:
        """A case from its beginning until it ends or nothing more would happen."""
        found = Walked()
        try:
            self._walk(began, found)
        except engine.Stuck as wrong:
            found.trouble = str(wrong)
        return found

    def _walk(self, began: Began, found: Walked) -> None:
        place, now = began.cause.place, began.at
        moved = engine.start(self._xml, began.cause.known(), self._host(now, place))
        waits: dict[str, Waited] = {}
        times: dict[str, int] = {}
        for _ in range(MOST_MOVES):
            found.passed += moved.passed
            found.end = moved.ended[-1] if moved.ended else found.end
            self._look(moved, waits, times, began, now, found)
            if moved.done:
                found.ended_at = now
                return
            key = min(waits, key=lambda k: waits[k].until, default=None)
            if moved.due is None and key is None:
                found.trouble = "nothing waits"
                return
            if key is None or (moved.due is not None and moved.due <= waits[key].until):
                assert moved.due is not None
                now = max(now, moved.due)
                moved = engine.wake(self._xml, moved.state, self._host(now, place))
                continue
            task = waits.pop(key)
            now, task.answered = max(now, task.until), True
            moved = engine.answer(self._xml, moved.state, key, task.answers, self._host(now, place))
        found.trouble = f"it has not ended after {MOST_MOVES} moves"

    def _host(self, now: datetime, place: str) -> engine.Host:
        return engine.Host(now, lambda name, since: self._clock(name, since, place))

    def _look(
        self,
        moved: engine.Moved,
        waits: dict[str, Waited],
        times: dict[str, int],
        began: Began,
        now: datetime,
        found: Walked,
    ) -> None:
        """Open the tasks that wait now; what waits no more was taken away."""
        ready = {each.key: each.step for each in moved.ready}
        for key in waits.keys() - ready.keys():
            waits.pop(key).until = now
        for key, step in ready.items():
            if key not in waits:
                number = times[step.id] = times.get(step.id, 0) + 1
                waits[key] = self._opened(step, number, began, now, found)
                found.tasks.append(waits[key])

    def _opened(
        self, step: engine.Step, number: int, began: Began, now: datetime, found: Walked
    ) -> Waited:
        name = step.clock or f"{self.version.name}.{step.id}"[:40]
        due = self._clock(name, now, began.cause.place)
        own = began.recorded if began.name == self.version.name else {}
        given = next(iter(own.get(step.id, ())[number - 1 : number]), None)
        habit = self._habits.get(step.id)
        after = given.after if given else habit.after if habit else self._usual(now, due)
        second = given is not None and given.by == _doer(step.not_by, found.tasks)
        answers, recorded = self._answers(step, None if second else given, now)
        by = given.by if given is not None and recorded else ""
        return Waited(step, now, due, now + after, answers, recorded, by=by, second=second)

    def _usual(self, now: datetime, due: datetime | None) -> timedelta:
        return (due - now) * self._assumed.share if due else _WITHOUT_CLOCK

    def _answers(
        self, step: engine.Step, given: Given | None, now: datetime
    ) -> tuple[dict[str, Any], bool]:
        """The recorded answer where it fits the form as it is drawn now, else the assumed one."""
        if given is not None:
            asked = {field.name for field in step.form}
            answers = {k: v for k, v in given.answers.items() if k in asked}
            try:
                engine.fitting(step.form, answers)
                return answers, True
            except Rejected:
                pass  # the form has changed since
        return {field.name: self._one(step, field, now) for field in step.form}, False

    def _one(self, step: engine.Step, field: engine.Field, now: datetime) -> Any:
        said = self._assumed.answers.get((step.id, field.name))
        habit = self._habits.get(step.id)
        for value in (said, habit.answers.get(field.name) if habit else None):
            if value is not None:
                try:
                    engine.fitting((field,), {field.name: value})
                    return value
                except Rejected:
                    continue
        return _first(field, now)


def _doer(step: str, tasks: Sequence[Waited]) -> str | None:
    """Whose recorded answer was taken to a step, of several passings the last; None where nobody's."""
    done = (task.by for task in reversed(tasks) if task.step.id == step and task.by)
    return next(done, None)


def _first(field: engine.Field, now: datetime) -> Any:
    if field.type == "choice":
        return field.options[0].value
    return {"yes_no": True, "number": 1, "date": now.date().isoformat()}.get(field.type, "…")


def habits(all_began: Iterable[Began]) -> dict[str, dict[str, Habit]]:
    """What is usual, by procedure and step: the most frequent answers, and the middle of the times."""
    given: dict[str, dict[str, list[Given]]] = {}
    for began in all_began:
        for step, said in began.recorded.items():
            given.setdefault(began.name, {}).setdefault(step, []).extend(said)
    return {
        name: {step: _habit(said) for step, said in steps.items() if said}
        for name, steps in given.items()
    }


def _habit(given: list[Given]) -> Habit:
    values: dict[str, dict[str, tuple[int, Any]]] = {}
    for each in given:
        for name, value in each.answers.items():
            held = values.setdefault(name, {})
            times = held.get(repr(value), (0, value))[0]
            held[repr(value)] = (times + 1, value)
    usual = {name: max(held.values(), key=lambda each: each[0])[1] for name, held in values.items()}
    middle = median(each.after.total_seconds() for each in given)
    return Habit(usual, timedelta(seconds=middle))
