"""The procedure engine: BPMN 2.0 diagrams checked, run and told in words. Plain types in and out."""

from tapal.engines.procedures.check import checked
from tapal.engines.procedures.diagram import Diagram, in_english
from tapal.engines.procedures.forms import fitting
from tapal.engines.procedures.outline import Line, outline
from tapal.engines.procedures.run import (
    Refused,
    Stuck,
    answer,
    build,
    passed,
    set_back,
    start,
    waiting,
    wake,
)
from tapal.engines.procedures.words import (
    CLOSINGS,
    NAMESPACE,
    VERDICTS,
    End,
    Fault,
    Field,
    Head,
    Host,
    Moved,
    Option,
    Ready,
    Step,
    fault,
)

__all__ = [
    "CLOSINGS",
    "NAMESPACE",
    "VERDICTS",
    "Diagram",
    "End",
    "Fault",
    "Field",
    "Head",
    "Host",
    "Line",
    "Moved",
    "Option",
    "Ready",
    "Refused",
    "Step",
    "Stuck",
    "answer",
    "build",
    "checked",
    "fault",
    "fitting",
    "in_english",
    "outline",
    "passed",
    "set_back",
    "start",
    "waiting",
    "wake",
]
