"""Each named question on rows that were counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tapal.engines.lake.ask import Allowed, LakeReader
from tapal.engines.lake.table import LakeTable, Mark
from tapal.flow.figures import QUESTIONS, Window
from tapal.flow.figures.door import expression_of
from tapal.flow.lake_rows import all_columns
from tapal.kinds import KINDS

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
WINDOW = Window(date(2026, 11, 23), date(2026, 11, 24), NOON + timedelta(hours=8))
MOTAAIN, SKOUW = "PLBN-11", "PLBN-16"

# Any: a row's values as the lake's columns take them.
Row = dict[str, Any]


def row(type_: str, subject: int, **more: Any) -> Row:
    """One event at noon of the 24th at Motaain, unless said otherwise."""
    at = more.pop("at", NOON)
    place = more.pop("place", MOTAAIN)
    kind = more.pop("kind", "crossing")
    return {
        "month": "2026-11",
        "type": type_,
        "at": at,
        "node": "here",
        "scope": f"IMI|{kind}|2",
        "owner": "IMI",
        "kind": kind,
        "sensitivity": 2,
        "place": place,
        "subject": subject,
        "occurred_at": at,
        "received_at": at,
        "local_day": (at + timedelta(hours=8)).date(),
        "local_hour": (at + timedelta(hours=8)).hour,
        **more,
    }


def crossed(subject: int, direction: str, nationality: str | None = "TLS", **more: Any) -> Row:
    """A crossing at a counter."""
    capture = more.pop("capture", "form")
    told = {"f_direction": direction, "f_capture": capture, "f_person__nationality": nationality}
    return row(more.pop("type_", "record.received"), subject, **told, **more)


def ask(name: str, rows: Sequence[Row], folder: Path) -> list[Row]:
    """What a question gives on these rows, in the order in which they happened."""
    numbered = [each | {"seq": number} for number, each in enumerate(rows, 1)]
    made = LakeTable(folder, all_columns())
    made.append(numbered, Mark(len(rows), "x", NOON.isoformat()))
    question = QUESTIONS[name]
    allowed = (Allowed(frozenset(each["scope"] for each in rows)),)
    return LakeReader(folder, all_columns()).run(expression_of(question, allowed, WINDOW))


YESTERDAY = NOON - timedelta(days=1)
CROSSINGS = [
    crossed(1, "entry"),
    crossed(2, "entry", at=YESTERDAY),
    crossed(3, "exit", "IDN", place=SKOUW),
    crossed(4, "exit", None),
    # Two weeks ago; announced by a carrier; in transit: none of them counts.
    crossed(5, "entry", at=NOON - timedelta(days=14)),
    crossed(6, "entry", capture="carrier_list"),
    crossed(7, "transit"),
    # An officer mended it: it was an exit, at another hour it is the same record.
    crossed(2, "exit", at=YESTERDAY, type_="record.revised"),
    # A consignment has no crossing.
    row("record.received", 8, kind="phyto", f_statement="certificate"),
]
MINUTE = timedelta(minutes=1)
ALERTS = [
    row("alert.opened", 1, name="overstay"),
    row("alert.joined", 1, name="overstay"),
    row("alert.taken", 1, name="overstay", at=NOON + 10 * MINUTE),
    row("alert.closed", 1, name="overstay", outcome="true", at=NOON + 30 * MINUTE),
    row("alert.opened", 2, name="overstay"),
    row("alert.closed", 2, name="overstay", outcome="false", at=NOON + 20 * MINUTE),
    # Its closing was taken back: it is open again.
    row("alert.opened", 3, name="overstay", place=SKOUW),
    row("alert.closed", 3, name="overstay", outcome="true", place=SKOUW, at=NOON + 30 * MINUTE),
    row("alert.reopened", 3, name="overstay", place=SKOUW, at=NOON + 40 * MINUTE),
    row("alert.opened", 4, name="list_match"),
    row("alert.opened", 5, name="list_match", at=NOON - timedelta(days=9)),
]
TASKS = [
    row("task.opened", 1, name="a", due_at=NOON + 60 * MINUTE),
    row("task.closed", 1, name="a", due_at=NOON + 60 * MINUTE, at=NOON + 30 * MINUTE),
    row("task.opened", 2, name="a", due_at=NOON + 60 * MINUTE),
    row("task.closed", 2, name="a", due_at=NOON + 60 * MINUTE, at=NOON + 90 * MINUTE),
    row("task.opened", 3, name="a", due_at=NOON + 60 * MINUTE),
    row("task.opened", 4, name="b", due_at=None),
    row("task.opened", 5, name="b", due_at=NOON + timedelta(days=3), place=SKOUW),
]
CONSIGNMENTS = [
    row("record.received", n, kind="phyto", f_statement=statement, f_direction=way, f_state=state)
    for n, (statement, way, state) in enumerate(
        [
            ("certificate", "import", "released"),
            ("certificate", "import", "released"),
            ("certificate", "export", "released"),
            ("certificate", None, "refused"),
            ("inspection", "import", "open"),
        ]
    )
]
SOURCES = [
    crossed(1, "entry", received_at=NOON - 5 * MINUTE),
    crossed(2, "entry"),
    crossed(3, "entry", place=SKOUW, received_at=NOON - 60 * MINUTE),
]

CASES: dict[str, tuple[list[Row], list[Row]]] = {
    "crossings_by_day": (
        CROSSINGS,
        [
            {"day": date(2026, 11, 23), "entries": 0, "exits": 1},
            {"day": date(2026, 11, 24), "entries": 1, "exits": 2},
        ],
    ),
    "crossings_by_hour": (CROSSINGS, [{"hour": 12, "entries": 1, "exits": 3}]),
    "crossings_by_nationality": (
        CROSSINGS,
        [
            {"nationality": "TLS", "entries": 1, "exits": 1},
            {"nationality": "IDN", "entries": 0, "exits": 1},
            {"nationality": None, "entries": 0, "exits": 1},
        ],
    ),
    "crossings_by_post": (
        CROSSINGS,
        [
            {"place": MOTAAIN, "entries": 1, "exits": 2},
            {"place": SKOUW, "entries": 0, "exits": 1},
        ],
    ),
    "alert_yield": (
        ALERTS,
        [
            {"reason": "overstay", "opened": 3, "closed": 2, "true": 1, "false": 1}
            | {"true_rate": 50.0, "false_rate": 50.0},
            {"reason": "list_match", "opened": 1, "closed": 0, "true": 0, "false": 0}
            | {"true_rate": None, "false_rate": None},
        ],
    ),
    "time_in_queue": (
        ALERTS,
        [
            # 10 and 20 minutes, and one that nobody looked at.
            {"place": MOTAAIN, "opened": 3, "unseen": 1, "median": 15.0, "slowest": 19.0},
            {"place": SKOUW, "opened": 1, "unseen": 0, "median": 30.0, "slowest": 30.0},
        ],
    ),
    "overstays": (
        ALERTS,
        [
            {"place": MOTAAIN, "opened": 2, "true": 1},
            {"place": SKOUW, "opened": 1, "true": 0},
        ],
    ),
    "late_tasks": (
        TASKS,
        [
            {"place": MOTAAIN, "opened": 4, "waiting": 2, "late": 1, "done_late": 1},
            {"place": SKOUW, "opened": 1, "waiting": 1, "late": 0, "done_late": 0},
        ],
    ),
    "consignments_by_outcome": (
        CONSIGNMENTS,
        [
            {"state": "refused", "imports": 0, "exports": 0, "others": 1},
            {"state": "released", "imports": 2, "exports": 1, "others": 0},
        ],
    ),
    "source_freshness": (
        SOURCES,
        [
            {"owner": "IMI", "kind": "crossing", "place": SKOUW}
            | {"last": NOON - 60 * MINUTE, "age": 540},
            {"owner": "IMI", "kind": "crossing", "place": MOTAAIN} | {"last": NOON, "age": 480},
        ],
    ),
}


def test_each_question_has_its_case() -> None:
    assert set(CASES) == set(QUESTIONS)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_counts_as_one_counts_by_hand(name: str, tmp_path: Path) -> None:
    rows, expected = CASES[name]
    assert ask(name, rows, tmp_path) == expected


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_is_whole(name: str) -> None:
    question = QUESTIONS[name]
    columns = [column.name for column in question.columns]
    assert question.name == name and question.label.id.endswith("?")
    assert all((question.sentence.id, question.sentence.en, question.label.en))
    # What is counted is kept back when it is small, or it is said why that need not be.
    assert bool(question.disclosure.cells) != bool(question.disclosure.why)
    beside = {each for names in question.disclosure.cells.values() for each in names}
    assert {*question.disclosure.cells, *beside, *question.shown} <= set(columns)
    lakes = [set(kind.lake) for kind in KINDS.values()]
    assert not question.fields or any(set(question.fields) <= lake for lake in lakes)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_no_rows_are_no_answer_and_no_fault(name: str, tmp_path: Path) -> None:
    assert ask(name, [row("message.read", 1)], tmp_path) == []
