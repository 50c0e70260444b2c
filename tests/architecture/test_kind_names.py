"""Nothing outside kinds/ compares a kind's name: what differs is asked of the contract."""

import ast
import re
from collections.abc import Iterator

import pytest

from tapal.kinds import KINDS
from tests.architecture.sources import PACKAGE, modules, shown, tracked, tree

NAMES = frozenset(KINDS)
LOOKUPS = {"get", "pop", "setdefault", "startswith", "endswith", "index", "count"}


def constants(node: ast.AST | None) -> Iterator[str]:
    """The strings of an expression that is a constant or a collection of constants."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.Tuple() | ast.List() | ast.Set():
            for part in node.elts:
                yield from constants(part)


def compared(node: ast.AST) -> Iterator[str]:
    """The strings that one node compares with, matches or looks up."""
    match node:
        case ast.Compare():
            for part in (node.left, *node.comparators):
                yield from constants(part)
        case ast.MatchValue():
            yield from constants(node.value)
        case ast.Subscript():
            yield from constants(node.slice)
        case ast.Dict():
            for key in node.keys:
                yield from constants(key)
        case ast.Call(func=ast.Attribute(attr=attr)) if attr in LOOKUPS:
            for part in node.args[:1]:
                yield from constants(part)


def offences(module: ast.Module, names: frozenset[str]) -> list[tuple[int, str]]:
    """Each line of a module where a kind's name is compared."""
    return [
        (getattr(node, "lineno", 0), text)
        for node in ast.walk(module)
        for text in compared(node)
        if text in names
    ]


def test_no_code_outside_kinds_compares_a_kinds_name() -> None:
    outside = [path for path in modules(under=PACKAGE) if PACKAGE / "kinds" not in path.parents]
    found = [
        f"{shown(path, line)} {text}"
        for path in outside
        for line, text in offences(tree(path), NAMES)
    ]
    assert found == []


def test_no_page_compares_a_kinds_name() -> None:
    if not NAMES:
        pytest.skip("no kind yet")
    test = re.compile(r"\{%\s*(?:el)?if\b[^%]*['\"](?:" + "|".join(sorted(NAMES)) + r")['\"]")
    found = [
        shown(path, number)
        for path in tracked()
        if path.is_relative_to(PACKAGE) and path.suffix in {".html", ".txt"}
        if PACKAGE / "kinds" not in path.parents
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if test.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "if kind == 'goat': pass",
        "if kind in ('goat', 'sheep'): pass",
        "x = KINDS['goat']",
        "x = KINDS.get('goat')",
        "x = {'goat': 1}",
        "match kind:\n  case 'goat': pass",
        "match kind:\n  case 'cow' | 'goat': pass",
    ],
)
def test_a_comparison_is_seen(line: str) -> None:
    assert offences(ast.parse(line), frozenset({"goat"}))


@pytest.mark.parametrize("line", ["show('goat')", "x = 'goat'", "if kind == other: pass"])
def test_a_mention_is_not(line: str) -> None:
    assert not offences(ast.parse(line), frozenset({"goat"}))
