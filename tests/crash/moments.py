"""Where a process of the road can be made to die or to stop: named moments between two steps."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

BEFORE, AFTER = "before", "after"

# Moment: (module or class, function, side). Each lies between two steps that a power cut can part.
_HAND: dict[str, tuple[str, str, str]] = {
    "bytes synced, not yet named": ("os", "fsync", AFTER),
    "bytes named, folder not yet synced": ("tapal.flow.raw", "sync_folder", BEFORE),
    "bytes kept, message not yet registered": ("tapal.flow.take", "_register", BEFORE),
    "taken, not yet acknowledged": ("tests.crash.roles", "acknowledge", BEFORE),
    "taken and acknowledged, not yet read": ("tapal.flow.intake", "read", BEFORE),
    "position moved, rows not yet written": ("tapal.flow.intake", "_move", AFTER),
    "rows written, not yet committed": ("tapal.flow.intake", "_write_rejects", AFTER),
    "all read, not yet told": ("tapal.flow.intake", "_finish", BEFORE),
}
_WORKER: dict[str, tuple[str, str, str]] = {
    "claimed": ("tapal.flow.work", "judge", BEFORE),
    "judged": ("tapal.flow.work", "intern_scopes", AFTER),
    "behind the fence": ("tapal.flow.work", "_pass_fence", AFTER),
    "links written": ("tapal.flow.alert", "open_alerts", BEFORE),
    "alerts opened": ("tapal.flow.alert", "open_alerts", AFTER),
    "marked, not yet committed": ("tapal.flow.work", "_mark_worked", AFTER),
    "procedure begun, not yet committed": ("tapal.flow.runs", "begin", AFTER),
    "timer fired, not yet committed": ("tapal.flow.answer", "_conclude", BEFORE),
    "numbered, cursor not yet moved": ("tapal.store.models.log:Cursor", "save", BEFORE),
}
_OFFICER: dict[str, tuple[str, str, str]] = {
    "edited, not yet committed": ("tapal.flow.records", "apply_edit", AFTER),
    "enqueued, not yet committed": ("tapal.flow.records", "enqueue", AFTER),
    "step answered, tasks not yet opened": ("tapal.flow.runs", "follow", BEFORE),
    "step answered, not yet committed": ("tapal.flow.runs", "follow", AFTER),
}
_LEADER: dict[str, tuple[str, str, str]] = {
    "taken back, run not yet put back": ("tapal.flow.takeback", "_restore", BEFORE),
    "taken back, tasks not yet opened again": ("tapal.flow.tasks", "reopen_tasks", BEFORE),
    "taken back, not yet committed": ("tapal.flow.takeback", "_restore", AFTER),
    "case walked again, not yet moved": ("tapal.flow.moving", "_put", BEFORE),
    "case moved, not yet committed": ("tapal.flow.moving", "_put", AFTER),
}
_SECOND: dict[str, tuple[str, str, str]] = {
    "list written, re-screening not yet begun": ("tapal.flow.lists.rescreening", "begin", BEFORE),
    "re-screening begun, not yet committed": ("tapal.flow.lists.rescreening", "begin", AFTER),
}
_SCREENER: dict[str, tuple[str, str, str]] = {
    "part judged, not yet written": ("tapal.flow.lists.rescreening", "_written", BEFORE),
    "place moved, hits not yet sent on": ("tapal.flow.lists.rescreening", "enqueue", BEFORE),
    "hits sent on, not yet committed": ("tapal.flow.lists.rescreening", "enqueue", AFTER),
    "hits sent on and committed": ("tapal.flow.lists.rescreening", "_written", AFTER),
    "hit judged again": _WORKER["alerts opened"],
    "hit marked, not yet committed": _WORKER["marked, not yet committed"],
}
_SENDER: dict[str, tuple[str, str, str]] = {
    "notice written, cursor not yet moved": ("tapal.flow.outbox.writing", "_note", AFTER),
    "notice claimed, not yet sent": ("tapal.flow.outbox.sending", "_left_to_tell", BEFORE),
    "sent and taken, not yet written down": ("tapal.flow.outbox.sending", "_settle", BEFORE),
    "written down, target not yet counted": ("tapal.flow.outbox.sending", "_rest", BEFORE),
    "answer written, not yet committed": ("tapal.flow.replies", "record_event", AFTER),
    "answer due, not yet given": ("tapal.flow.answering", "answer", BEFORE),
}
_LISTER: dict[str, tuple[str, str, str]] = {
    "list judged, not yet stored": ("tapal.flow.signals.lists", "store", BEFORE),
    "alert opened, its finding not yet written": (
        "tapal.flow.signals.lists",
        "insert_objects",
        BEFORE,
    ),
    "finding written, its list not yet": ("tapal.flow.signals.lists", "insert_objects", AFTER),
    "list written, not yet committed": ("tapal.flow.signals.lists", "record_event", AFTER),
    "list committed, the next not yet begun": ("tapal.flow.signals.lists", "store", AFTER),
}
_CLERK: dict[str, tuple[str, str, str]] = {
    "file on the disk, no line of it yet": ("tapal.flow.cases.attachments", "written", BEFORE),
    "line of a file, not yet told": ("tapal.flow.cases.attachments", "line", AFTER),
    "file told, not yet committed": ("tapal.flow.cases.attachments", "record_event", AFTER),
    "line written, not yet told": ("tapal.flow.cases.entries", "line", AFTER),
    "line told, not yet committed": ("tapal.flow.cases.entries", "record_event", AFTER),
    "step of a case written, not yet told": ("tapal.flow.cases.held", "line", AFTER),
    "step of a case told, not yet committed": ("tapal.flow.cases.held", "record_event", AFTER),
}
MOMENTS = {
    **_HAND,
    **_WORKER,
    **_OFFICER,
    **_LEADER,
    **_SECOND,
    **_SCREENER,
    **_SENDER,
    **_LISTER,
    **_CLERK,
}
# Which of them a process of each role reaches.
OF_LISTS = {"second": sorted(_SECOND), "screener": sorted(_SCREENER)}
BY_ROLE = {"hand": sorted(_HAND), "worker": sorted(_WORKER), "officer": sorted(_OFFICER)}
OF_SIGNALS = {"lister": sorted(_LISTER)}
OF_CASES = {"clerk": sorted(_CLERK)}
OF_OUTBOX = {"sender": sorted(_SENDER)}
# Those of them that part two steps of a procedure.
OF_RUNS = {
    "worker": ["procedure begun, not yet committed", "timer fired, not yet committed"],
    "officer": ["step answered, not yet committed", "step answered, tasks not yet opened"],
    "taker-back": sorted(moment for moment in _LEADER if moment.startswith("taken back")),
    "mover": sorted(moment for moment in _LEADER if moment.startswith("case")),
}


def of_runs(role: str) -> list[str]:
    """Where a process that moves procedures can die: an officer there takes back and moves cases too."""
    if role == "worker":
        return OF_RUNS["worker"]
    return [moment for each, held in OF_RUNS.items() if each != "worker" for moment in held]


def arm(moment: str, times: int, sign: signal.Signals) -> None:
    """Let this process send itself `sign` when it reaches a moment for the `times`-th time."""
    where, name, side = MOMENTS[moment]
    module, _, inner = where.partition(":")
    owner = import_module(module)
    if inner:
        owner = getattr(owner, inner)
    setattr(owner, name, _watched(getattr(owner, name), side, times, sign))


# Any: wraps whatever function stands at the moment.
def _watched(
    function: Callable[..., Any], side: str, times: int, sign: signal.Signals
) -> Callable[..., Any]:
    left = times

    def reached() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), sign)

    @wraps(function)
    def watched(*args: Any, **named: Any) -> Any:
        if side == BEFORE:
            reached()
        result = function(*args, **named)
        if side == AFTER:
            reached()
        return result

    return watched
