"""Planted, found, missed, false."""

from typing import Any

from tapal.simulation import Found, score


def plant(id_: str, rule: str | None, place: str, **more: Any) -> dict[str, Any]:
    where = {"file": "day.csv", "place": place}
    known = {"id": id_, "rule": rule, "findable": rule is not None, "document": f"DOC-{id_}"}
    return {**known, "where": where, **more}


PLANTED = {
    "planted": [
        plant("A", "document_expired", "row 2"),
        plant("B", "document_expired", "row 3"),
        plant("C", "reject", "", document=""),
        plant("D", None, "row 5"),
    ],
    "decoys": [plant("E", "list_match", "row 6")],
}


def line(found: list[Found], rule: str) -> tuple[int, int, int, int]:
    each = next(each for each in score(PLANTED, found).lines if each.rule == rule)
    return each.planted, each.found, each.missed, each.false


def test_found_at_its_place_in_a_file_in_any_folder() -> None:
    found = [Found("messages/2026/day.csv", "row 2", "document_expired")]
    assert line(found, "document_expired") == (2, 1, 1, 0)
    assert score(PLANTED, found).missed == ("B", "C")


def test_found_on_its_document_at_another_place() -> None:
    found = [Found("next.csv", "row 9", "document_expired", document="DOC-B")]
    assert line(found, "document_expired") == (2, 1, 1, 0)


def test_a_plant_without_a_place_is_found_anywhere_in_its_file() -> None:
    assert line([Found("day.csv", "line 56", "reject")], "reject") == (1, 1, 0, 0)


def test_a_note_finds_nothing_and_a_look_is_never_false() -> None:
    note = Found("day.csv", "row 2", "document_expired", weight="note")
    assert line([note], "document_expired") == (2, 0, 2, 0)
    look = Found("day.csv", "row 99", "document_expired", weight="look")
    assert score(PLANTED, [look]).false == ()


def test_another_rule_at_a_planted_place_is_neither_found_nor_false() -> None:
    other = [Found("other.csv", "row 1", "list_match", document="DOC-A")]
    result = score(PLANTED, other)
    assert result.total.found == 0 and result.false == ()


def test_an_alert_where_nothing_findable_was_planted_is_false() -> None:
    stray = Found("other.csv", "row 2", "overstay")
    on_hidden = Found("other.csv", "row 5", "overstay", document="DOC-D")
    assert line([stray], "overstay") == (0, 0, 0, 1)
    assert score(PLANTED, [on_hidden]).false == (on_hidden,)


def test_an_alert_on_a_decoy_is_false_and_named() -> None:
    caught = Found("other.csv", "row 6", "list_match", document="DOC-E")
    result = score(PLANTED, [caught])
    assert result.decoys_caught == ("E",)
    assert result.false == (caught,)


def test_total_counts_what_cannot_be_found() -> None:
    total = score(PLANTED, []).total
    assert (total.planted, total.missed, total.hidden) == (3, 3, 1)
