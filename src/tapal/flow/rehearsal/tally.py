"""What many walks come to: ends, ways, tasks by desk, and how late they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import Final

from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow.rehearsal.ground import Began
from tapal.flow.rehearsal.walk import Waited, Walked

Desk = tuple[str, str]
"""Who does a step: the agency, and the power that it asks for."""
Whose = Callable[[Began, engine.Step], str]
MOST_WAYS: Final = 12


@dataclass(slots=True)
class Work:
    """The tasks of one step or of one desk.

    `recorded` of them had a person's own answer, the others an assumed one; `second` of these because
    four eyes ask for another person than the one who answered.
    """

    tasks: int = 0
    answered: int = 0
    recorded: int = 0
    second: int = 0
    late: int = 0
    waits: list[timedelta] = field(default_factory=list)
    overdue: list[timedelta] = field(default_factory=list)

    def add(self, task: Waited) -> None:
        """Count a task in."""
        self.tasks += 1
        self.answered += task.answered
        self.recorded += task.answered and task.recorded
        self.second += task.answered and task.second
        self.waits.append(task.until - task.opened)
        if task.late:
            self.late += 1
            self.overdue.append(task.overdue)

    @property
    def middle(self) -> int:
        """How many minutes a task waited, in the middle."""
        return _minutes(self.waits)

    @property
    def middle_overdue(self) -> int:
        """How many minutes the late ones were late, in the middle."""
        return _minutes(self.overdue)


@dataclass(slots=True)
class Told:
    """What the cases of a trial come to in one version, or in the versions that are in force."""

    cases: int = 0
    ended: int = 0
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By what the alert was found to be, and the end's name in Indonesian; `labels` has both."""
    labels: dict[str, Text] = field(default_factory=dict)
    ways: Counter[tuple[str, ...]] = field(default_factory=Counter)
    steps: dict[str, Work] = field(default_factory=dict)
    desks: dict[Desk, Work] = field(default_factory=dict)
    step_labels: dict[str, Text] = field(default_factory=dict)
    stuck: Counter[str] = field(default_factory=Counter)
    all: Work = field(default_factory=Work)

    def add(self, began: Began, walked: Walked, whose: Whose) -> None:
        """Count a walk in."""
        self.cases += 1
        self.ended += walked.ended_at is not None
        if walked.trouble:
            self.stuck[walked.trouble[:200]] += 1
        elif walked.end is not None:
            self.labels[walked.end.label.id] = walked.end.label
            self.ends[walked.end.closes, walked.end.label.id] += 1
        self.ways[tuple(_named(walked))] += 1
        for task in walked.tasks:
            self.labels[task.step.label.id] = task.step.label
            self.step_labels[task.step.id] = task.step.label
            desk = (whose(began, task.step), task.step.power)
            self.steps.setdefault(task.step.id, Work()).add(task)
            self.desks.setdefault(desk, Work()).add(task)
            self.all.add(task)

    def troubles(self) -> list[tuple[str, int]]:
        """Why cases stood still on their way, and how many each."""
        return self.stuck.most_common()

    def common_ways(self) -> list[tuple[list[Text], int]]:
        """The ways that most cases took, in words, the most frequent first."""
        return [
            ([self.labels[name] for name in way], times)
            for way, times in self.ways.most_common(MOST_WAYS)
        ]

    def ends_told(self) -> list[tuple[Text, str, int]]:
        """The ends by how many came to each: its name, what the alert was found to be, how many."""
        return [
            (self.labels[name], closes, times) for (closes, name), times in self.ends.most_common()
        ]


def _named(walked: Walked) -> Sequence[str]:
    """A walk's tasks that were answered, and its end, in words."""
    said = [task.step.label.id for task in walked.tasks if task.answered]
    return [*said, walked.end.label.id] if walked.end is not None and not walked.trouble else said


def _minutes(times: Sequence[timedelta]) -> int:
    return round(median(t.total_seconds() for t in times) / 60) if times else 0
