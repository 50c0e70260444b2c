"""Decision tables: what a cell asks, which row decides, what is refused, and why in both languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, StringConstraints

from tapal.core.errors import Rejected
from tapal.core.finding import Finding, Weight
from tapal.core.legal import LegalBook
from tapal.core.marking import Mark, Sensitivity
from tapal.core.profiles import (
    MAX_ROWS,
    OPERATORS,
    Bounds,
    Case,
    Column,
    Operator,
    Ready,
    Row,
    Sort,
    Table,
    Verdict,
    body_fields,
    check_columns,
    check_rows,
    check_whole,
    compared,
    conditions,
    context_fields,
    level_of,
    make_ready,
    operand_of,
    shown,
    usable,
)
from tapal.core.record import Place, RecordView
from tapal.core.rules import Context
from tapal.core.text import Text, same

S = Sensitivity
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
STATES = {"TLS": Text("Timor-Leste", "Timor-Leste"), "MYS": Text("Malaysia", "Malaysia")}


class Item(BaseModel):
    code: Annotated[str | None, Mark("Kode", "Code", S.INTERNAL)] = None
    kilos: Annotated[int | None, Mark("Berat", "Weight", S.INTERNAL)] = None


class Body(BaseModel):
    state: Annotated[str | None, Mark("Negara", "State", S.INTERNAL, codes=STATES)] = None
    born: Annotated[Day | None, Mark("Lahir", "Born", S.RESTRICTED, True)] = None
    words: Annotated[str | None, Mark("Kata", "Words", S.INTERNAL)] = None
    way: Annotated[Literal["in", "out"] | None, Mark("Arah", "Way", S.INTERNAL)] = None
    sure: Annotated[bool | None, Mark("Pasti", "Sure", S.INTERNAL)] = None
    secret: Annotated[str | None, Mark("Rahasia", "Secret", S.CONFIDENTIAL)] = None
    free: Annotated[dict[str, str] | None, Mark("Bebas", "Free", S.INTERNAL)] = None
    items: Annotated[list[Item], Text("Barang", "Item")] | None = None


FIELDS = {**body_fields(Body), **context_fields({})}
AT = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
POST = Place("P", "Post", type="PLBN", neighbour="TLS", zone="Asia/Makassar")
OPEN = Bounds((), ())


def view(body: dict[str, Any] | None = None, at: datetime = AT, **more: Any) -> RecordView:
    return RecordView("r", "k", "A", "P", at, at, S.INTERNAL, body or {}, **more)


def case(
    body: dict[str, Any] | None = None, *, history: tuple[RecordView, ...] = (), **more: Any
) -> Case:
    found = more.pop("found", ())
    context = Context(AT, LegalBook(()), history=history, places={"P": POST})
    return Case(view(body, **more), context, found)


def ready(*columns: tuple[str, str], rows: list[tuple[list[str], str]]) -> Ready:
    """A table of cells as somebody would type them."""
    asked = tuple(Column(f, Operator(o)) for f, o in columns)
    typed = tuple(
        Row(
            tuple(
                operand_of(FIELDS[c.field], c.operator, t)
                for c, t in zip(asked, cells, strict=True)
            ),
            Verdict(verdict),
        )
        for cells, verdict in rows
    )
    return make_ready(Table(asked, typed), FIELDS)


def fits(field: str, operator: str, text: str, subject: Case) -> bool:
    return ready((field, operator), rows=[([text], "look")]).decide(subject) == 0


@pytest.mark.parametrize(
    ("field", "operator", "text", "body", "expected"),
    [
        ("state", "any_of", "timor-leste", {"state": "TLS"}, True),
        ("state", "any_of", "MYS", {"state": "TLS"}, False),
        ("state", "none_of", "MYS", {"state": "TLS"}, True),
        ("state", "none_of", "MYS", {}, False),
        ("state", "absent", "ya", {}, True),
        ("state", "present", "ya", {"state": "TLS"}, True),
        ("words", "contains", "red", {"words": "A RED bag"}, True),
        ("words", "starts_with", "red", {"words": "A RED bag"}, False),
        ("sure", "any_of", "tidak", {"sure": False}, True),
        ("way", "any_of", "in, out", {"way": "out"}, True),
        ("items.kilos", "at_least", "10", {"items": [{"kilos": 3}, {"kilos": 12}]}, True),
        ("items.kilos", "at_most", "2", {"items": [{"kilos": 3}, {"kilos": 12}]}, False),
        ("items.kilos", "between", "4..12", {"items": [{"kilos": 12}]}, True),
        ("items.kilos", "at_least", "1", {"items": [{"kilos": "many"}]}, False),
        ("items.code", "none_of", "X", {"items": [{"code": "Y"}, {"code": "X"}]}, False),
        ("born", "years_under", "18", {"born": "2010-11-24"}, True),
        ("born", "years_at_least", "16", {"born": "2010-11-24"}, True),
        ("born", "years_at_least", "16", {"born": "2010-11-25"}, False),
        # A partial date fits only where every day that it may mean does.
        ("born", "years_under", "18", {"born": "2008"}, False),
        ("born", "years_under", "18", {"born": "2009"}, True),
        ("born", "before", "01-01-2009", {"born": "2008-12"}, True),
        ("born", "between", "2008..2009", {"born": "2009-12-31"}, True),
        ("born", "days_ahead", "30", {"born": "2026-12-24"}, True),
        ("born", "days_ahead", "30", {"born": "2026-11-23"}, False),
        ("born", "days_ago", "1", {"born": "2026-11-23"}, True),
        ("born", "before", "2000", {"born": "nonsense"}, False),
        ("context.place", "any_of", "P", {}, True),
        ("context.neighbour", "any_of", "TLS", {}, True),
        ("context.weekday", "any_of", "selasa", {}, True),
        ("context.hour", "between", "22..5", {}, True),
        ("context.hour", "between", "5..21", {}, False),
    ],
)
def test_a_cell_asks_what_it_says(
    field: str, operator: str, text: str, body: dict[str, Any], expected: bool
) -> None:
    assert fits(field, operator, text, case(body)) is expected


def test_the_first_row_that_fits_decides_and_a_pass_row_shields() -> None:
    table = ready(
        ("way", "any_of"),
        ("state", "any_of"),
        rows=[(["in", ""], "pass"), (["", "TLS"], "look"), (["", "TLS, MYS"], "alert")],
    )
    assert table.decide(case({"way": "in", "state": "TLS"})) == 0
    assert table.decide(case({"way": "out", "state": "TLS"})) == 1
    assert table.decide(case({"way": "out", "state": "MYS"})) == 2
    assert table.decide(case({"way": "out"})) is None


def test_earlier_records_are_those_before_of_the_same_kind_and_owner() -> None:
    def other(days: float, **more: Any) -> RecordView:
        given = {"kind": "k", "owner": "A", "weight": Weight.NOTE, **more}
        at = AT - timedelta(days=days)
        return RecordView(
            f"h{days}{given['kind']}", given["kind"], given["owner"], "P", at, at, S.INTERNAL, {},
            weight=given["weight"],
        )  # fmt: skip

    history = (
        other(1, weight=Weight.ALERT), other(8), other(-1), other(2, kind="x"), other(3, owner="B")
    )  # fmt: skip
    subject = case(history=history)
    assert fits("context.earlier_7", "between", "1..1", subject)
    assert fits("context.earlier_30", "between", "2..2", subject)
    assert fits("context.earlier_alerts", "between", "1..1", subject)


def test_a_finding_above_the_profiles_level_is_unknown_to_it() -> None:
    found = (Finding("open_rule", Weight.LOOK, same("x")), Finding("shut", Weight.LOOK, same("x")))
    context = Context(AT, LegalBook(()))
    levels = {"open_rule": S.RESTRICTED, "shut": S.CONFIDENTIAL}
    subject = Case(view(), context, found, lambda f: levels[f.rule])
    assert fits("context.findings", "any_of", "open_rule", subject)
    assert not fits("context.findings", "any_of", "shut", subject)
    table = ready(
        ("context.findings", "any_of"), ("secret", "absent"), rows=[(["shut", "ya"], "look")]
    )
    assert table.decide(subject) == 0


@pytest.mark.parametrize("text", ["20261124", "2026-11-24"])
def test_a_day_without_an_hour_has_none(text: str) -> None:
    assert fits("context.hour", "absent", "ya", case(occurred_text=text))
    assert not fits("context.hour", "absent", "ya", case(occurred_text=f"{text}2030"))


def test_sorts_follow_the_models_types_and_free_tables_are_no_field() -> None:
    sorts = {name: field.sort for name, field in body_fields(Body).items()}
    assert sorts == {
        "state": Sort.CODE, "born": Sort.DAY, "words": Sort.TEXT, "way": Sort.CODE,
        "sure": Sort.CODE, "secret": Sort.TEXT, "items.code": Sort.TEXT, "items.kilos": Sort.NUMBER,
    }  # fmt: skip
    assert FIELDS["items.kilos"].label == Text("Barang: Berat", "Item: Weight")


@pytest.mark.parametrize(
    ("field", "operator", "text"),
    [
        ("state", "any_of", "XYZ"),
        ("state", "any_of", "__import__('os').system('true')"),
        ("state", "any_of", "TLS' OR 1=1 --"),
        ("items.kilos", "at_least", "1e9999"),
        ("items.kilos", "at_least", "nan"),
        ("items.kilos", "at_least", "{{ 7*7 }}"),
        ("items.kilos", "between", "5"),
        ("items.kilos", "between", "9..5"),
        ("items.kilos", "at_least", "١٢"),
        ("context.hour", "between", "22..24"),
        ("context.hour", "at_least", "2.5"),
        ("born", "before", "31-02-2020"),
        ("born", "years_under", "-1"),
        ("born", "years_under", "99999999999"),
        ("words", "contains", "x" * 81),
        ("words", "contains", "a\x00b"),
        ("words", "any_of", ", ".join(map(str, range(61)))),
    ],
)
def test_what_cannot_be_read_is_refused(field: str, operator: str, text: str) -> None:
    with pytest.raises(Rejected):
        operand_of(FIELDS[field], Operator(operator), text)


def test_markup_and_braces_in_a_text_are_only_text() -> None:
    text = '<script>alert(1)</script> {0.__class__} %s ${x} ".*"'
    assert fits("words", "contains", text, case({"words": f"see {text}"}))
    assert not fits("words", "contains", text, case({"words": "see nothing"}))
    field = FIELDS["words"]
    told = conditions([(field, Operator.CONTAINS, (text,))])
    assert text in told.id and text in told.en


@given(st.text(max_size=40), st.sampled_from(sorted(FIELDS)), st.data())
def test_what_is_read_is_shown_so_that_it_reads_alike(
    text: str, name: str, data: st.DataObject
) -> None:
    field = FIELDS[name]
    operator = data.draw(st.sampled_from(OPERATORS[field.sort]))
    try:
        read = operand_of(field, operator, text)
    except Rejected:
        return
    assert operand_of(field, operator, shown(field, operator, read)) == read
    make_ready(Table((Column(name, operator),), (Row((read,), Verdict.LOOK),)), FIELDS).decide(
        case()
    )


def test_each_cell_is_explained_with_what_was_there() -> None:
    table = ready(
        ("state", "any_of"), ("items.kilos", "at_least"),
        rows=[(["MYS", "10"], "alert"), (["TLS", ""], "look")],
    )  # fmt: skip
    first, second = table.explain(case({"state": "TLS", "items": [{"kilos": 12}]}))
    assert [cell.fits for cell in first.cells] == [False, True] and not first.fits
    assert second.decides and second.fits and not first.decides
    pair = compared(first.cells[0])
    assert (pair.ours, pair.agree) == (Text("Timor-Leste", "Timor-Leste"), False)
    assert pair.theirs == Text("salah satu dari Malaysia", "any of Malaysia")


@given(st.lists(st.tuples(st.sampled_from(["", "TLS", "MYS"]), st.sampled_from(["", "5", "50"])),
                min_size=1, max_size=40), st.sampled_from(["TLS", "MYS", None]), st.integers(0, 60))  # fmt: skip
def test_the_fast_way_says_what_the_explained_way_says(
    cells: list[tuple[str, str]], state: str | None, kilos: int
) -> None:
    table = ready(
        ("state", "any_of"), ("items.kilos", "at_least"), rows=[(list(c), "look") for c in cells]
    )
    subject = case({"state": state, "items": [{"kilos": kilos}]})
    first = next((e.number for e in table.explain(subject) if e.fits), None)
    assert table.decide(subject) == first


def test_a_stored_table_reads_back() -> None:
    table = ready(("state", "any_of"), ("born", "before"), rows=[(["TLS", ""], "look")]).table
    assert Table.of(json.loads(json.dumps(table.json()))) == table
    for broken in ({"columns": [["state", "exec"]], "rows": []},
                   {"columns": [], "rows": [[[], "arrest"]]}):  # fmt: skip
        with pytest.raises(ValueError, match="is not a valid"):
            Table.of(broken)


def test_columns_and_rows_are_held_to_the_lists() -> None:
    def refused(table: Table) -> bool:
        try:
            check_columns(table, FIELDS)
            check_rows(table, FIELDS)
        except Rejected:
            return True
        return False

    asks = Column("state", Operator.ANY_OF)
    row = Row((("TLS",),), Verdict.LOOK)
    assert not refused(Table((asks,), (row,) * MAX_ROWS))
    assert refused(Table((asks,), (row,) * (MAX_ROWS + 1)))
    assert refused(Table((asks, asks), ()))
    assert refused(Table((Column("free", Operator.ANY_OF),), ()))
    assert refused(Table((Column("state.__class__", Operator.ANY_OF),), ()))
    assert refused(Table((Column("state", Operator.AT_LEAST),), ()))
    assert refused(Table((asks,), (Row((("nowhere",),), Verdict.LOOK),)))
    assert refused(Table((asks,), (Row((), Verdict.LOOK),)))
    columns = tuple(Column("items.code", o) for o in OPERATORS[Sort.TEXT])
    more = tuple(Column("words", o) for o in OPERATORS[Sort.TEXT])
    assert refused(Table(columns + more, ()))


def test_what_may_not_be_a_ground_is_refused() -> None:
    alone = Bounds((), ("state", "context.neighbour"))
    on_state = Table((Column("state", Operator.ANY_OF), Column("words", Operator.CONTAINS)),
                     (Row((("TLS",), None), Verdict.LOOK),))  # fmt: skip
    with pytest.raises(Rejected, match="rests on State alone"):
        check_whole(on_state, FIELDS, alone)
    check_whole(on_state, FIELDS, OPEN)
    shields = Table(on_state.columns, (Row((("TLS",), None), Verdict.PASS),
                                       Row((None, ("x",)), Verdict.LOOK)))  # fmt: skip
    check_whole(shields, FIELDS, alone)
    for rows in ((), (Row((None, None), Verdict.LOOK),), (Row((None, ("x",)), Verdict.PASS),)):
        with pytest.raises(Rejected):
            check_whole(Table(on_state.columns, rows), FIELDS, OPEN)
    for missing in (Bounds(None, ()), Bounds((), None)):
        with pytest.raises(Rejected, match="rule row"):
            check_whole(on_state, FIELDS, missing)


def test_fields_that_are_forbidden_or_too_high_are_not_offered() -> None:
    offered = usable(FIELDS, Bounds(("items.*", "born"), ()), S.RESTRICTED)
    assert not {"items.code", "items.kilos", "born", "secret"} & offered.keys()
    assert "state" in offered
    assert usable(FIELDS, Bounds(None, ()), S.WITHHELD) == {}


def test_a_profile_is_as_high_as_its_strictest_field_and_restricted_at_least() -> None:
    def level(*names: str) -> Sensitivity:
        return level_of(Table(tuple(Column(n, Operator.PRESENT) for n in names)), FIELDS)

    assert level("state") == S.RESTRICTED
    assert level("state", "secret") == S.CONFIDENTIAL
