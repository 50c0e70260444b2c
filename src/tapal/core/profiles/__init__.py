"""Risk profiles: own typed decision tables over the marked fields of a kind and what is known besides.

A table names fields, operators and values from closed lists; nothing in it is evaluated. Rows are read
from the top and the first that fits decides. Each decision can be explained cell by cell.
"""

from tapal.core.profiles.check import (
    Bounds,
    check_columns,
    check_rows,
    check_whole,
    level_of,
    named,
    usable,
)
from tapal.core.profiles.decide import Explained, ExplainedCell, Ready, make_ready
from tapal.core.profiles.fields import (
    CONTEXT,
    Case,
    body_fields,
    context_fields,
    earlier,
    seen_findings,
)
from tapal.core.profiles.table import (
    COUNTING,
    MAX_COLUMNS,
    MAX_ROWS,
    OPERATORS,
    Column,
    Field,
    Operand,
    Operator,
    Row,
    Sort,
    Table,
    Verdict,
)
from tapal.core.profiles.typed import operand_of, shown
from tapal.core.profiles.words import compared, condition, conditions, operand_said, value_said

__all__ = [
    "CONTEXT",
    "COUNTING",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "OPERATORS",
    "Bounds",
    "Case",
    "Column",
    "Explained",
    "ExplainedCell",
    "Field",
    "Operand",
    "Operator",
    "Ready",
    "Row",
    "Sort",
    "Table",
    "Verdict",
    "body_fields",
    "check_columns",
    "check_rows",
    "check_whole",
    "compared",
    "condition",
    "conditions",
    "context_fields",
    "earlier",
    "level_of",
    "make_ready",
    "named",
    "operand_of",
    "operand_said",
    "seen_findings",
    "shown",
    "usable",
    "value_said",
]
