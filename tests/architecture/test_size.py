"""Files and functions stay small enough to be read at one sitting."""

import ast

from tests.architecture.sources import modules, shown, tracked, tree

FILE_LINES = 500
FUNCTION_LINES = 60
CODE = {".py", ".html", ".css", ".js", ".mjs", ".sh"}


def test_no_file_is_longer_than_500_lines() -> None:
    files = [path for path in tracked() if path.suffix in CODE and "migrations" not in path.parts]
    lengths = {path: len(path.read_text().splitlines()) for path in files}
    assert [shown(path, lines) for path, lines in lengths.items() if lines > FILE_LINES] == []


def test_no_function_is_longer_than_60_lines() -> None:
    found = [
        f"{shown(path, node.lineno)} {node.name}: {length}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert found == []


def test_no_file_is_named_for_no_subject() -> None:
    vague = {"utils.py", "util.py", "helpers.py", "helper.py", "misc.py", "common.py"}
    assert [shown(path, 1) for path in modules() if path.name in vague] == []
