"""Running a procedure: SpiffWorkflow walks the diagram, CEL answers its questions, the house keeps time.

A run's state is JSON without the diagram: the diagram is found again by its hash, so a run goes on
with the version that it began with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any, Final

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions.timer import DurationTimerEventDefinition
from SpiffWorkflow.util.task import TaskState

from tapal.core.errors import Missing, TapalError
from tapal.engines.procedures import cel
from tapal.engines.procedures.check import checked
from tapal.engines.procedures.diagram import Diagram
from tapal.engines.procedures.forms import kept
from tapal.engines.procedures.words import KNOWN, Host, Moved, Ready

# Moves without a person that one answer may cause: far above any sensible diagram.
_MOST_MOVES: Final = 1_000
# How long the reckoning of one move may take: others wait for the rows that it holds.
_LONGEST_SECONDS: Final = 2.0
_FORMAT: Final = 1
_host: ContextVar[Host] = ContextVar("host")
_until: ContextVar[float] = ContextVar("until")


class Stuck(TapalError):
    """The run cannot go on: an expression does not fit what it knows, or it never comes to rest."""


class Refused(Stuck):
    """The diagram has faults; it is not run."""


def build(xml: bytes) -> None:
    """Make of a diagram what is run. Raises Refused where that cannot be done."""
    _spec(xml)


def start(xml: bytes, known: Mapping[str, Any], host: Host) -> Moved:
    """Begin a procedure. `known` are ids and choices that its gateways may ask about.

    Raises Refused for a diagram with faults, Stuck when it cannot go on.
    """
    diagram, spec = _spec(xml)
    workflow = BpmnWorkflow(spec, script_engine=_Engine())
    workflow.task_tree.data.update(known)
    return _move(workflow, diagram, host, lambda: None)


def answer(
    xml: bytes, state: Mapping[str, Any], key: str, answers: Mapping[str, Any], host: Host
) -> Moved:
    """Complete a step that waits. `answers` are by field name; words among them are not kept.

    Raises Missing when the step does not wait (any more), Rejected for an answer that does not fit.
    """
    diagram, _ = _spec(xml)
    workflow = _restored(xml, state)
    for task in _waiting(workflow):
        if str(task.id) == key:
            step = diagram.steps[task.task_spec.bpmn_id]
            task.data.update(kept(step.form, answers))
            return _move(workflow, diagram, host, task.run)
    raise Missing


def wake(xml: bytes, state: Mapping[str, Any], host: Host) -> Moved:
    """Let the timers fire whose time has come; a run that has none stays as it is."""
    diagram, _ = _spec(xml)
    return _move(_restored(xml, state), diagram, host, lambda: None)


def set_back(state: Mapping[str, Any], by: timedelta) -> dict[str, Any]:
    """The same run as if its timers had been set that much earlier."""
    workflow = state["workflow"]
    return {
        **state,
        "workflow": {**workflow, "tasks": [_earlier(t, by) for t in workflow["tasks"]]},
    }


def _earlier(task: Mapping[str, Any], by: timedelta) -> Mapping[str, Any]:
    data = task["internal_data"]
    if not data.get("event_value"):
        return task
    due = datetime.fromisoformat(data["event_value"])
    moved = due if due >= _NEVER else due - by
    return {**task, "internal_data": {**data, "event_value": moved.isoformat()}}


def waiting(xml: bytes, state: Mapping[str, Any]) -> tuple[Ready, ...]:
    """The steps that wait for a person."""
    diagram, _ = _spec(xml)
    return _ready(_restored(xml, state), diagram)


def passed(xml: bytes, state: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the diagram's elements that a run has completed, in order."""
    done = _restored(xml, state).get_tasks(state=TaskState.COMPLETED)
    return tuple(i for t in _in_order(done) if (i := getattr(t.task_spec, "bpmn_id", None)))


class _Engine(PythonScriptEngine):  # type: ignore[misc]  # the library has no types
    """CEL in the place of the library's Python, which ran whatever a diagram held."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        if said := _timer_text(expression):
            return said
        return cel.evaluate(expression.strip(), task.data)

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        for name, expression in cel.assignments(script):
            if monotonic() > _until.get():
                raise Stuck(f"the run reckoned for more than {_LONGEST_SECONDS} seconds")
            task.data[name] = cel.evaluate(expression, task.data)
            own = sum(cel.size(v) for k, v in task.data.items() if k not in KNOWN)
            if own > cel.LARGEST:
                raise Stuck(f"the run reckoned more than {cel.LARGEST} characters")
        return True

    def call_service(self, task: Any, **kwargs: Any) -> Any:
        raise Stuck("a diagram calls no service")


def _timer_text(expression: str) -> str | None:
    text = expression.strip()
    return text if text.startswith(("clock:", "P")) and " " not in text else None


class _Timer(DurationTimerEventDefinition):  # type: ignore[misc]  # the library has no types
    """A timer by the house's time: it is set once, and fires at the first look after its time."""

    def has_fired(self, my_task: Any) -> bool:
        host = _host.get()
        due = my_task._get_internal_data("event_value")
        if due is None:
            due = _runs_out(self.expression.strip(), host).isoformat()
            my_task._set_internal_data(event_value=due)
        if datetime.fromisoformat(due) <= host.now:
            my_task._set_internal_data(event_fired=True)
        return bool(my_task._get_internal_data("event_fired", False))


_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
_PARTS: Final = re.compile(r"^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$")


def _runs_out(said: str, host: Host) -> datetime:
    """When a timer that starts now runs out; a clock without a rule row never does."""
    if said.startswith("clock:"):
        return host.clock(said.removeprefix("clock:"), host.now) or _NEVER
    match = _PARTS.match(said)
    if match is None:
        raise Stuck(f"{said}: not a duration")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return host.now + timedelta(days=days, hours=hours, minutes=minutes)


@lru_cache(maxsize=64)
def _spec(xml: bytes) -> tuple[Diagram, Any]:
    """The diagram and what the library made of it. Raises Refused."""
    diagram, faults = checked(xml)
    if diagram is None or faults:
        raise Refused("; ".join(f"{f.place}: {f.reason.en}" for f in faults))
    parser = BpmnParser()
    try:
        # A copy: the parser writes into the tree that it reads.
        parser.add_bpmn_xml(etree.fromstring(etree.tostring(diagram.root)))
        spec = parser.get_spec(diagram.id)
    except Exception as wrong:  # the library's errors share no class
        raise Refused(f"{diagram.id}: {wrong}") from wrong
    for node in spec.task_specs.values():
        event = getattr(node, "event_definition", None)
        if isinstance(event, DurationTimerEventDefinition):
            node.event_definition = _Timer(event.name, event.expression)
    try:
        BpmnWorkflow(spec)  # lays out what lies ahead: without end where a gateway waits for itself
    except RecursionError:
        raise Refused(f"{diagram.id}: a gateway waits for what comes out of itself") from None
    return diagram, spec


_serializer = BpmnWorkflowSerializer()


def _saved(workflow: Any) -> dict[str, Any]:
    """The run as JSON. The library's own words for the diagram stay out of it."""
    told = {
        "data": workflow.data,
        "success": workflow.success,
        "completed": workflow.completed,
        "last_task": str(workflow.last_task.id) if workflow.last_task is not None else None,
        "root": str(workflow.task_tree.id),
        # A list: a parent comes before its children, and a database may reorder an object's names.
        "tasks": [_serializer.to_dict(t) for t in workflow.tasks.values()],
    }
    return {"format": _FORMAT, "workflow": told}


def _restored(xml: bytes, state: Mapping[str, Any]) -> Any:
    if state.get("format") != _FORMAT:
        raise Stuck(f"a run of format {state.get('format')} is not known")
    spec = _spec(xml)[1]
    try:
        return _read_back(state["workflow"], spec)
    except Exception as wrong:  # the library's errors share no class
        raise Stuck(f"the run cannot be read back: {wrong}") from wrong


def _read_back(told: Mapping[str, Any], spec: Any) -> Any:
    workflow = _serializer.from_dict(
        {
            **{k: told[k] for k in ("data", "success", "completed", "last_task", "root")},
            "tasks": {each["id"]: each for each in told["tasks"]},
            "typename": "BpmnWorkflow",
            "spec": spec,
            "subprocess_specs": {},
            "subprocesses": {},
            "bpmn_events": [],
            "correlations": {},
        }
    )
    workflow.script_engine = _Engine()
    return workflow


def _move(workflow: Any, diagram: Diagram, host: Host, first: Callable[[], object]) -> Moved:
    """Make a move and let the run come to rest."""
    token, until = _host.set(host), _until.set(monotonic() + _LONGEST_SECONDS)
    try:
        before = {t.id for t in workflow.get_tasks(state=TaskState.COMPLETED)}
        first()
        workflow.refresh_timers()
        _rest(workflow)
        done = [t for t in workflow.get_tasks(state=TaskState.COMPLETED) if t.id not in before]
        told = [i for t in _in_order(done) if (i := getattr(t.task_spec, "bpmn_id", None))]
        due = _due(workflow)
    except Stuck:
        raise
    except Exception as wrong:  # the library's errors share no class
        raise Stuck(str(wrong)) from wrong
    finally:
        _host.reset(token)
        _until.reset(until)
    finished = bool(workflow.completed)
    ready = () if finished else _ready(workflow, diagram)
    return Moved(
        state=_saved(workflow),
        ready=ready,
        due=None if finished else due,
        passed=tuple(told),
        ended=tuple(diagram.ends[i] for i in told if i in diagram.ends),
        done=finished,
    )


def _rest(workflow: Any) -> None:
    moves = 0

    def count(_: Any) -> None:
        nonlocal moves
        moves += 1
        if moves > _MOST_MOVES:
            raise Stuck(f"the run made {_MOST_MOVES} moves without coming to rest")

    workflow.do_engine_steps(will_complete_task=count)


def _in_order(tasks: list[Any]) -> list[Any]:
    return sorted(tasks, key=lambda t: (t.last_state_change, t.depth))


def _waiting(workflow: Any) -> Iterator[Any]:
    return (t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual)


def _ready(workflow: Any, diagram: Diagram) -> tuple[Ready, ...]:
    return tuple(
        Ready(str(t.id), diagram.steps[t.task_spec.bpmn_id])
        for t in _waiting(workflow)
        if t.task_spec.bpmn_id in diagram.steps
    )


def _due(workflow: Any) -> datetime | None:
    times = [
        datetime.fromisoformat(value)
        for task in workflow.get_tasks(state=TaskState.WAITING)
        if isinstance(getattr(task.task_spec, "event_definition", None), _Timer)
        and (value := task._get_internal_data("event_value"))
    ]
    first = min(times, default=_NEVER)
    return None if first >= _NEVER else first
