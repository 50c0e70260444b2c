"""The procedure engine: BPMN 2.0 diagrams checked, run and told in words. Plain types in and out."""

from tapal.engines.procedures.check import checked
from tapal.engines.procedures.diagram import Diagram, in_english
from tapal.engines.procedures.outline import Line, outline
from tapal.engines.procedures.run import (
    Refused,
    Stuck,
    answer,
    fitting,
    passed,
    start,
    waiting,
    wake,
)
from tapal.engines.procedures.words import (
    NAMESPACE,
    End,
    Fault,
    Field,
    Host,
    Moved,
    Option,
    Ready,
    Step,
)

__all__ = [
    "NAMESPACE",
    "Diagram",
    "End",
    "Fault",
    "Field",
    "Host",
    "Line",
    "Moved",
    "Option",
    "Ready",
    "Refused",
    "Step",
    "Stuck",
    "answer",
    "checked",
    "fitting",
    "in_english",
    "outline",
    "passed",
    "start",
    "waiting",
    "wake",
]
