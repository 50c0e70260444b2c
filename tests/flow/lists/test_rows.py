"""Rows of a list file that share an id, or have none that can be kept: told, none lost in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tapal.core.errors import Rejected
from tapal.flow.lists import draft, import_list
from tapal.flow.lists.reading import read
from tapal.store.models import Listing
from tests.flow.lists.test_versions import HEAD, OPERATOR, put

LONG = "https://lists.example/" + "a" * 110


def csv(*rows: tuple[str, str]) -> bytes:
    return HEAD + "".join(f"tangkal,{i},{name},,,\n" for i, name in rows).encode()


def names() -> list[str]:
    held = Listing.objects.filter(removed_at=None).order_by("data")
    return sorted(name for row in held for name in row.data["names"])


def test_of_two_rows_with_one_id_the_first_is_told_with_its_place_and_the_mend(home: Path) -> None:
    made = import_list(csv(("T-1", "ROSA MALI"), ("T-2", "JOAO"), ("T-1", "MARIA")), actor=OPERATOR)
    assert names() == ["JOAO", "MARIA"]
    (fault,) = made.faults
    assert (fault.place, fault.taken) == ("line 2, id", False)
    assert "line 4" in fault.reason.en and "line 4" in fault.reason.id
    assert fault.mend.en and fault.mend.id
    (row,) = made.versions
    assert row.fault_count == 1 and row.faults[0]["place"] == "line 2, id"


def test_two_rows_alike_lose_nothing_and_are_told_so(home: Path) -> None:
    (fault,) = import_list(csv(("T-1", "ROSA MALI"), ("T-1", "ROSA MALI")), actor=OPERATOR).faults
    assert (fault.place, fault.taken) == ("line 2, id", True)


def test_one_id_on_two_lists_is_two_entries(home: Path) -> None:
    found = read([HEAD + b"tangkal,1,ROSA MALI,,,\ncegah,1,ROSA MALI,,,\n"])
    assert not found.faults and {code: list(rows) for code, rows in found.rows.items()} == {
        "tangkal": ["1"],
        "cegah": ["1"],
    }


def test_ids_alike_in_their_beginning_are_two_entries(home: Path) -> None:
    data = csv((f"{LONG}/1", "ROSA MALI"), (f"{LONG}/2", "JOAO"))
    made = import_list(data, actor=OPERATOR)
    assert names() == ["JOAO", "ROSA MALI"]
    assert [(f.place, f.taken) for f in made.faults] == [("line 2, id", True), ("line 3, id", True)]
    kept = {row.entity_id for row in Listing.objects.all()}
    assert len(kept) == 2 and all(len(each) == 120 for each in kept)
    assert all(any(k in f.reason.en for f in made.faults) for k in kept)
    again = put(data)
    assert (again.added, again.changed, again.removed, again.kept) == (0, 0, 0, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_entities_in_the_encodings_of_office_programs_are_read(home: Path, encoding: str) -> None:
    line = {"id": "e1", "schema": "Person", "properties": {"name": ["ANSELMO BÉLO"]}}
    data = json.dumps(line, ensure_ascii=False).encode(encoding)
    assert not import_list(data, actor=OPERATOR, roll="dpo").faults
    assert names() == ["ANSELMO BÉLO"]


def test_an_array_of_entities_is_told_as_what_it_is(home: Path) -> None:
    line = json.dumps({"id": "e1", "schema": "Person", "properties": {"name": ["A B"]}})
    found = read([f"{line}\n[{line}]\n".encode()], roll="dpo")
    assert [(f.place, f.reason.en) for f in found.faults] == [
        ("line 2", "This line is not an entity.")
    ]


WAYS = b"list,id,name,direction,valid_from,valid_until\n"


def test_no_row_widens_the_direction_that_the_law_gives_a_list(home: Path) -> None:
    data = (
        WAYS
        + b"cegah,1,ROSA MALI,in,,\ncegah,2,JOAO,both,,\ncegah,3,MARIA,out,,\ndpo,4,BELO,in,,\n"
    )
    made = import_list(data, actor=OPERATOR)
    held = dict(Listing.objects.values_list("entity_id", "direction"))
    assert held == {"1": "", "2": "", "3": "exit", "4": "entry"}
    assert [(f.place, f.taken) for f in made.faults] == [
        ("line 2, direction", True),
        ("line 3, direction", True),
    ]


def test_an_entry_whose_days_end_before_they_begin_is_told(home: Path) -> None:
    data = WAYS + b"dpo,1,ROSA MALI,,2026-07,2026-06-30\ndpo,2,JOAO,,2026,2026\n"
    (fault,) = import_list(data, actor=OPERATOR).faults
    assert (fault.place, fault.taken) == ("line 2, valid_until", True)


def test_a_list_that_is_not_there_is_told_as_that(home: Path) -> None:
    bad_date = WAYS + b",1,ROSA MALI,,2026-13,\n"
    with pytest.raises(Rejected) as refused:
        read([bad_date], roll="un")
    assert refused.value.place == "list" and "un" in refused.value.reason.en
    assert "tangkal" in refused.value.mend.en


@pytest.mark.parametrize("rest", ["", 'dpo,3,"MARIA",,,\n'])
def test_rows_swallowed_by_an_open_quotation_mark_are_told(home: Path, rest: str) -> None:
    data = f'{WAYS.decode()}dpo,0,BELO,,,\ndpo,1,"ROSA MALI,,,\ndpo,2,JOAO,,,\n{rest}'
    made = import_list(data.encode(), actor=OPERATOR, roll="dpo")
    assert names() == ["BELO"]
    (fault,) = made.faults
    assert fault.place.startswith("lines 3-") and not fault.taken and "quotation" in fault.reason.en


def test_what_no_database_takes_is_kept_in_its_place(home: Path) -> None:
    line = {"id": "e\x001", "schema": "Person",
            "properties": {"name": ["ANSELMO\x00 BELO"], "gender": ["\ud800"]}}  # fmt: skip
    draft([json.dumps(line).encode()], actor=OPERATOR, roll="dpo")
    import_list(json.dumps(line).encode(), actor=OPERATOR, roll="dpo")
    assert names() == ["ANSELMO␀ BELO"]
