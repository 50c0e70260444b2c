"""What a version's diagram says of one of its steps."""

from __future__ import annotations

from tapal.core.errors import Missing
from tapal.engines import procedures as engine
from tapal.store.models import Procedure, Task


def xml_of(procedure: Procedure) -> bytes:
    """The diagram's bytes, whatever the database's driver gave."""
    return bytes(procedure.xml)


def step_of(xml: bytes, step_id: str) -> engine.Step:
    """One step. Raises Missing."""
    diagram, _ = engine.checked(xml)
    if diagram is None or step_id not in diagram.steps:
        raise Missing
    return diagram.steps[step_id]


def form_of(task: Task) -> tuple[engine.Field, ...]:
    """The questions of a task; none for one that no procedure opened."""
    if task.run is None:
        return ()
    return step_of(xml_of(task.run.procedure), task.step).form
