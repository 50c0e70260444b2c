"""Only tapal.flow writes to the store's models."""

import ast

import pytest

from tests.architecture.sources import PACKAGE, modules, shown, tree
from tests.architecture.writes import writes


def test_only_flow_writes_to_store_models() -> None:
    outside = [path for path in modules(under=PACKAGE) if PACKAGE / "flow" not in path.parents]
    found = [
        f"{shown(path, line)} .{call}()" for path in outside for line, call in writes(tree(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "Record.objects.create(body={})",
        "Record.objects.using('x').filter(pk=1).update(body={})",
        "Record(body={}).save()",
        "Record.objects.bulk_create([])",
        "for row in Record.objects.all(): row.delete()",
        "rows = Record.objects.all(); old = rows.filter(pk=1); old.delete()",
        "await Record.objects.acreate()",
        "def f(row: Record | None): row.delete()",
        "def f(request): request.thing.save()",
    ],
)
def test_a_write_is_seen(line: str) -> None:
    code = f"from tapal.store.models import Record\n{line}"
    assert [number for number, _ in writes(ast.parse(code))] == [2]


@pytest.mark.parametrize(
    "line",
    [
        "{}.update(a=1)",
        "seen = set(); seen.update([1])",
        "Record.objects.filter(pk=1).count()",
        "import shutil; cache.delete('x')",
    ],
)
def test_other_calls_are_not(line: str) -> None:
    code = f"from tapal.store.models import Record\n{line}"
    assert list(writes(ast.parse(code))) == []


def test_models_by_module_name_are_seen_too() -> None:
    code = "from tapal.store import models as m\nm.Record.objects.create()"
    assert [number for number, _ in writes(ast.parse(code))] == [2]
    code = "import tapal.store.models.road\ntapal.store.models.road.Record().save()"
    assert [number for number, _ in writes(ast.parse(code))] == [2]
