"""Which work is late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapal.core.text import Text
from tapal.flow.figures.question import Column, Disclosure, Question, Rows, Window

if TYPE_CHECKING:
    from tapal.engines.lake.ask import Table


def late(rows: Table, window: Window) -> Table:
    """By post: tasks opened, still open, late now, and done but after their time."""
    each = rows.group_by("subject").aggregate(
        place=rows.place.min(),
        due=rows.due_at.max(),
        last=rows.type.argmax(rows.seq),
        closed=rows.at.max(where=rows.type == "task.closed"),
    )
    done = each.last == "task.closed"
    return (
        each.group_by("place")
        .aggregate(
            opened=each.count(),
            waiting=(~done).sum(),
            late=(~done & (each.due < window.as_of)).fill_null(False).sum(),
            done_late=(done & (each.closed > each.due)).fill_null(False).sum(),
        )
        .order_by("place")
    )


QUESTIONS = (
    Question(
        "late_tasks",
        Text("Tugas mana yang terlambat?", "Which work is late?"),
        Text(
            "Tugas yang dibuka pada hari-hari ini; terlambat: masih terbuka setelah tenggatnya.",
            "Tasks opened on these days; late: still open past their time.",
        ),
        Rows.TASKS,
        late,
        (
            Column("place", Text("Pos", "Post"), "place"),
            Column("opened", Text("Dibuka", "Opened")),
            Column("waiting", Text("Masih terbuka", "Still open")),
            Column("late", Text("Terlambat", "Late")),
            Column("done_late", Text("Selesai terlambat", "Done late")),
        ),
        Disclosure({}, why="It counts an agency's own work by post, and no traveller."),
        chart="bar",
        shown=("waiting", "late", "done_late"),
    ),
)
