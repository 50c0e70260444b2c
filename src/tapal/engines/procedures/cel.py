"""The only language of a diagram: CEL, which ends, calls nothing and writes nothing."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any, Final

from tapal.core.errors import TapalError

# Importing cel brings its command line along, which nobody here asks: 14 MB in every process.
sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))
import cel  # noqa: E402

LONGEST: Final = 400
MOST_LINES: Final = 20
# What one run may keep of its own reckoning, in characters and entries: `a = a + a` doubles.
LARGEST: Final = 500
_FUNCTIONS: Final = frozenset(
    {"contains", "endsWith", "has", "int", "matches", "size", "startsWith", "string"}
    | {"all", "exists", "exists_one", "filter"}
)
# Nested in one another these grow with a power of what they go over; so does one that adds lists
# together at each of its rounds.
_LOOP: Final = re.compile(r"\.\s*(?:all|exists|exists_one|existsOne|filter|map)\s*\(\s*(\w*)")
# The library knows it and names it among no functions: it makes lists that grow.
_MAP: Final = re.compile(r"\.\s*map\s*\(")
_ASSIGNMENT: Final = re.compile(r"^([a-z][a-z0-9_]{0,39})\s*=(?!=)\s*(\S.*)$")


class BadExpression(TapalError):
    """An expression that is no CEL, or that does not fit what the run knows."""


def names(expression: str) -> set[str]:
    """The names that an expression asks for. Raises BadExpression for what does not compile."""
    program = _program(expression)
    strange = {f for f in program.functions() if f[:1].isalpha() or f[:2] == "__"} - _FUNCTIONS
    if strange:
        raise BadExpression(f"{expression}: no function {min(strange)}")
    return set(program.variables()) - set(_LOOP.findall(expression))


def evaluate(expression: str, known: Mapping[str, Any]) -> Any:
    """The value of an expression over what the run knows. Raises BadExpression."""
    try:
        return _program(expression).execute(dict(known))
    except Exception as wrong:  # the library's errors share no class
        raise BadExpression(f"{expression}: {wrong}") from wrong


def assignments(script: str) -> list[tuple[str, str]]:
    """The `name = CEL` lines of a script task. Raises BadExpression for anything else."""
    found = []
    lines = list(filter(None, map(str.strip, script.splitlines())))
    if len(lines) > MOST_LINES:
        raise BadExpression(f"{len(lines)} lines; at most {MOST_LINES}")
    for line in lines:
        match = _ASSIGNMENT.match(line)
        if match is None:
            raise BadExpression(f"{line}: not of the form name = expression")
        _program(match[2])
        found.append((match[1], match[2]))
    return found


def size(value: Any) -> int:
    """How large a value is: its characters and entries. Numbers and moments count as one."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, Mapping):
        return 1 + sum(size(k) + size(v) for k, v in value.items())
    if isinstance(value, list | tuple):
        return 1 + sum(map(size, value))
    return 1


@lru_cache(maxsize=1024)
def _program(expression: str) -> cel.Program:
    if len(expression) > LONGEST:
        raise BadExpression(f"longer than {LONGEST} characters")
    if "//" in expression or "\n" in expression:
        # A comment between a dot and its loop would hide it from the count below.
        raise BadExpression("an expression is one line without a comment")
    if len(_LOOP.findall(expression)) > 1:
        raise BadExpression("at most one of all, exists, exists_one, filter")
    if _MAP.search(expression):
        raise BadExpression("no function map")
    if _LOOP.search(expression) and "+" in expression:
        raise BadExpression("nothing is added together in a loop")
    try:
        return cel.compile(expression)
    except Exception as wrong:
        raise BadExpression(f"{expression}: {wrong}") from wrong
