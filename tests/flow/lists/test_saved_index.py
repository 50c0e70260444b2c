"""The saved index of the lists: it keeps up with changes, and is never that of another store."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from tapal.engines.screening import Query
from tapal.flow import listed, reference, saved_index
from tapal.store.models import Cursor, Listing
from tests.flow.lists.test_versions import put

pytestmark = [pytest.mark.django_db, pytest.mark.road]

PEOPLE = [f"P{n},Person,{name}" for n, name in enumerate(
    ("Maria Bere", "Yohanes Seran", "Domingos Amaral", "Siti Rahmawati", "Wang Xiaoming"), 1
)]  # fmt: skip


def bring(*rows: str) -> None:
    """Make these rows the list's new version."""
    text = "\n".join(["id,schema,name", *rows])
    put(text.encode(), roll="sanctions", shape="csv")


def found(name: str) -> list[str]:
    hits = listed.current().index.match(Query("Person", (name,)))
    return [hit.listed.entity_id for hit in hits]


@pytest.fixture
def built(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every list counts as large; gives what was built, by number of entries."""
    made: list[int] = []

    def apart() -> bool:
        # The test's transaction is not seen by another process.
        made.append(listed.build_saved())
        return True

    monkeypatch.setattr(listed, "SMALL", 0)
    monkeypatch.setattr(listed, "REBUILD_AT", 10.0)
    monkeypatch.setattr(saved_index, "build_apart", apart)
    return made


def test_a_change_costs_what_changed(built: list[int]) -> None:
    bring(*PEOPLE)
    assert found("Maria Bere") == ["sanctions:P1"]
    bring(*PEOPLE[1:4], "P5,Person,Wang Daming", "P6,Person,Antonio Guterres")
    assert found("Maria Bere") == []
    assert found("Antonio Guterres") == ["sanctions:P6"]
    assert "sanctions:P5" in found("Wang Daming")
    assert built == [5]


def test_the_next_process_loads_it_and_catches_up(built: list[int]) -> None:
    bring(*PEOPLE)
    found("Maria Bere")
    bring(*PEOPLE[1:])
    reference.forget()
    assert found("Maria Bere") == [] and found("Siti Rahmawati") == ["sanctions:P4"]
    assert built == [5]


def test_an_entry_that_comes_back_is_found_once(built: list[int]) -> None:
    bring(*PEOPLE)
    found("Maria Bere")
    bring(*PEOPLE[1:])
    bring(*PEOPLE)
    assert found("Maria Bere") == ["sanctions:P1"]


def test_many_changes_build_it_anew(built: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    bring(*PEOPLE)
    found("Maria Bere")
    monkeypatch.setattr(listed, "REBUILD_AT", 0.1)
    bring(*PEOPLE[:2])
    reference.forget()
    assert found("Yohanes Seran") == ["sanctions:P2"] and found("Siti Rahmawati") == []
    assert built == [5, 2]


def test_an_index_of_another_history_is_not_taken(built: list[int]) -> None:
    bring(*PEOPLE)
    found("Maria Bere")
    # As after putting back a backup: the same number, another history.
    row = Cursor.objects.get(name=listed.LISTS)
    row.data = {"marks": {str(row.position): "0123456789abcdef"}}
    row.save()
    Listing.objects.filter(entity_id="P1").delete()
    reference.forget()
    assert found("Maria Bere") == []
    assert built == [5, 4]


@pytest.mark.parametrize("cut", ["index.json", "person-0/word.npy", "person-0"])
def test_a_broken_index_is_built_anew(built: list[int], cut: str) -> None:
    bring(*PEOPLE)
    found("Maria Bere")
    held = next(saved_index.folder().glob("[0-9]*")) / cut
    if held.is_dir():
        held.rename(held.with_name("elsewhere"))
    else:
        held.write_bytes(held.read_bytes()[:20])
    reference.forget()
    assert found("Maria Bere") == ["sanctions:P1"]
    assert built == [5, 5]


def test_where_nothing_can_be_saved_it_is_built_here(
    built: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_index, "build_apart", lambda: False)
    bring(*PEOPLE)
    assert found("Maria Bere") == ["sanctions:P1"]
    bring(*PEOPLE[1:])
    assert found("Maria Bere") == [] and built == []


def test_only_the_newest_is_kept(built: list[int]) -> None:
    bring(*PEOPLE)
    listed.build_saved()
    bring(*PEOPLE[1:])
    listed.build_saved()
    names = [p.name for p in saved_index.folder().iterdir() if p.name != "lock"]
    assert len(names) == 1
    assert json.loads((saved_index.folder() / names[0] / "index.json").read_text())["segments"]


def test_questions_go_on_while_a_list_changes(built: list[int]) -> None:
    bring(*PEOPLE)
    index = listed.current().index
    missed: list[str] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            if not index.match(Query("Person", ("Siti Rahmawati",))):
                missed.append("Siti Rahmawati")

    asker = threading.Thread(target=ask)
    asker.start()
    for n in range(20):
        bring(*PEOPLE[1:], f"N{n},Person,Agus Setiawan {n}")
        listed.current()
    over.set()
    asker.join()
    assert not missed
