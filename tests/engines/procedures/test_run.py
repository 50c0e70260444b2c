"""Procedures run: steps, choices, words that stay out of the run, timers by the house's time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tapal.core.errors import Missing, Rejected
from tapal.engines import procedures
from tapal.engines.procedures import Host, Moved
from tests.architecture.sources import PACKAGE
from tests.engines.procedures.diagrams import (
    TWO_STEPS,
    choice,
    diagram,
    end,
    flow,
    gate,
    question,
    script,
    start,
    step,
    timer,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def host(minutes: float = 0, clocks: dict[str, float] | None = None) -> Host:
    """The house at some minutes after noon, with its named clocks in minutes."""

    def clock(name: str, since: datetime) -> datetime | None:
        length = (clocks or {}).get(name)
        return None if length is None else since + timedelta(minutes=length)

    return Host(NOON + timedelta(minutes=minutes), clock)


def steps(moved: Moved) -> list[str]:
    return [r.step.id for r in moved.ready]


def stored(moved: Moved) -> dict[str, object]:
    """The state as it comes back from a database, which may sort an object's names."""
    return dict(json.loads(json.dumps(moved.state, sort_keys=True)))


def answer(xml: bytes, moved: Moved, minutes: float = 0, **answers: object) -> Moved:
    return procedures.answer(xml, stored(moved), moved.ready[0].key, answers, host(minutes))


def test_an_answer_chooses_the_way() -> None:
    begun = procedures.start(TWO_STEPS, {"alert": "1"}, host())
    assert steps(begun) == ["ask"] and not begun.done
    measure = answer(TWO_STEPS, begun, same="yes")
    assert steps(measure) == ["measure"]
    ended = answer(TWO_STEPS, measure, ground="art. 13")
    assert ended.done and [e.closes for e in ended.ended] == ["referred"]
    cleared = answer(TWO_STEPS, begun, same="no")
    assert cleared.done and [e.closes for e in cleared.ended] == ["false"]
    assert cleared.passed == ("ask", "gate", "cleared")


def test_words_stay_out_of_the_run() -> None:
    begun = procedures.start(TWO_STEPS, {}, host())
    moved = answer(TWO_STEPS, begun, same="yes", why="He says MARIA is his wife")
    assert "MARIA" not in json.dumps(moved.state)


def test_an_answer_that_does_not_fit_changes_nothing() -> None:
    begun = procedures.start(TWO_STEPS, {}, host())
    tries: tuple[dict[str, object], ...] = ({}, {"same": "maybe"}, {"same": ""})
    for given in tries:
        with pytest.raises(Rejected) as wrong:
            answer(TWO_STEPS, begun, 0, **given)
        assert wrong.value.place == "same"
    assert steps(answer(TWO_STEPS, begun, same="yes")) == ["measure"]


def test_a_step_is_answered_once() -> None:
    begun = procedures.start(TWO_STEPS, {}, host())
    moved = answer(TWO_STEPS, begun, same="yes")
    with pytest.raises(Missing):
        procedures.answer(TWO_STEPS, stored(moved), begun.ready[0].key, {"same": "no"}, host())


def test_a_question_left_open_can_be_asked_by_a_gateway() -> None:
    xml = diagram(
        start(),
        step("ask", question("stay", "number", "false") + question("well", "yes_no")),
        gate("gate", "else"),
        end("long"),
        end("short"),
        flow("start", "ask"),
        flow("ask", "gate"),
        flow("gate", "long", "stay != null &amp;&amp; stay > 30 &amp;&amp; well"),
        flow("gate", "short", id="else"),
    )
    begun = procedures.start(xml, {}, host())
    assert answer(xml, begun, well="yes").ended[0].id == "short"
    assert answer(xml, begun, well="yes", stay="31").ended[0].id == "long"
    assert answer(xml, begun, well="no", stay=31).ended[0].id == "short"


ESCALATES = diagram(
    start(),
    step("ask", choice("same", ["yes", "no"])),
    timer("late", "clock:ask", on="ask", interrupting=False),
    step("remind", power="alert.close"),
    end("done"),
    end("reminded"),
    flow("start", "ask"),
    flow("ask", "done"),
    flow("late", "remind"),
    flow("remind", "reminded"),
)


def test_a_late_step_opens_another_beside_it_once() -> None:
    begun = procedures.start(ESCALATES, {}, host(clocks={"ask": 30}))
    assert begun.due == NOON + timedelta(minutes=30)
    early = procedures.wake(ESCALATES, stored(begun), host(29))
    assert steps(early) == ["ask"] and early.due == begun.due
    late = procedures.wake(ESCALATES, stored(early), host(31))
    assert sorted(steps(late)) == ["ask", "remind"] and late.due is None
    again = procedures.wake(ESCALATES, stored(late), host(500))
    assert sorted(steps(again)) == ["ask", "remind"]


def test_an_answer_in_time_ends_the_clock() -> None:
    begun = procedures.start(ESCALATES, {}, host(clocks={"ask": 30}))
    ended = answer(ESCALATES, begun, 5, same="yes")
    assert ended.done and ended.due is None


def test_a_clock_that_no_rule_sets_never_runs_out() -> None:
    begun = procedures.start(ESCALATES, {}, host())
    assert begun.due is None
    assert steps(procedures.wake(ESCALATES, stored(begun), host(10_000_000))) == ["ask"]


def test_an_interrupting_timer_takes_the_step_away() -> None:
    xml = diagram(
        start(),
        step("ask"),
        timer("late", "PT2H", on="ask"),
        end("done"),
        end("given_up"),
        flow("start", "ask"),
        flow("ask", "done"),
        flow("late", "given_up"),
    )
    begun = procedures.start(xml, {}, host())
    assert procedures.wake(xml, stored(begun), host(119)).ready
    ended = procedures.wake(xml, stored(begun), host(120))
    assert ended.done and ended.ended[0].id == "given_up"


def test_waiting_between_steps() -> None:
    xml = diagram(
        start(), timer("pause", "P1DT1H30M"), step("then"), end("done"),
        flow("start", "pause"), flow("pause", "then"), flow("then", "done"),
    )  # fmt: skip
    begun = procedures.start(xml, {}, host())
    assert begun.due == NOON + timedelta(days=1, hours=1, minutes=30) and not begun.ready
    assert steps(procedures.wake(xml, stored(begun), host(25.5 * 60))) == ["then"]


def test_two_ways_at_once_meet_again() -> None:
    xml = diagram(
        start(), gate("split", kind="parallel"), step("one"), step("two"),
        gate("join", kind="parallel"), end("done"),
        flow("start", "split"), flow("split", "one"), flow("split", "two"),
        flow("one", "join"), flow("two", "join"), flow("join", "done"),
    )  # fmt: skip
    begun = procedures.start(xml, {}, host())
    assert sorted(steps(begun)) == ["one", "two"]
    half = answer(xml, begun)
    assert len(half.ready) == 1 and not half.done
    assert answer(xml, half).done


def test_a_loop_through_a_person_goes_round() -> None:
    xml = diagram(
        start(), script("zero", "n = 0"), gate("again", ""), step("ask", choice("more", ["yes", "no"])),
        script("count", "n = n + 1"), gate("more_gate", "out"), end("done"),
        flow("start", "zero"), flow("zero", "again"), flow("again", "ask"), flow("ask", "count"),
        flow("count", "more_gate"), flow("more_gate", "again", 'more == "yes" &amp;&amp; n &lt; 3'),
        flow("more_gate", "done", id="out"),
    )  # fmt: skip
    moved = procedures.start(xml, {}, host())
    keys = set()
    for _ in range(2):
        keys.add(moved.ready[0].key)
        moved = answer(xml, moved, more="yes")
        assert steps(moved) == ["ask"]
    assert len(keys | {moved.ready[0].key}) == 3
    assert answer(xml, moved, more="yes").done


def test_an_expression_that_does_not_fit_leaves_the_run_as_it_was() -> None:
    xml = diagram(
        start(), step("ask", question("stay", "number", "false")), gate("gate", "else"),
        end("a"), end("b"), flow("start", "ask"), flow("ask", "gate"),
        flow("gate", "a", "stay > 30"), flow("gate", "b", id="else"),
    )  # fmt: skip
    begun = procedures.start(xml, {}, host())
    with pytest.raises(procedures.Stuck, match="stay"):
        answer(xml, begun)
    assert steps(procedures.wake(xml, stored(begun), host())) == ["ask"]
    assert answer(xml, begun, 0, stay=31).ended[0].id == "a"


def reckons(*lines: str) -> bytes:
    return diagram(
        start(), script("run", "\n".join(lines)), step("ask"), end("done"),
        flow("start", "run"), flow("run", "ask"), flow("ask", "done"),
    )  # fmt: skip


def test_what_a_script_reckons_stays_small() -> None:
    """`a = a + a` in 24 lines took 1.1 GB; a loop that adds its list up took minutes."""
    doubling = reckons("a = 'xxxxxxxxxx'", *["a = a + a"] * 19)
    with pytest.raises(procedures.Stuck, match="characters"):
        procedures.start(doubling, {}, host())
    lists = reckons("l = rules.filter(x, true)", *["l = l + l"] * 12)
    with pytest.raises(procedures.Stuck, match="characters"):
        procedures.start(lists, {"rules": ["a", "b"]}, host())
    assert steps(procedures.start(reckons("n = size(rules) + 1"), {"rules": []}, host())) == ["ask"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["a = 1"] * 21, "at most 20"),
        (["a = rules.filter(x, size(rules + rules) > 0)"], "in a loop"),
        (["a = rules.map(x, rules)"], "no function map"),
        (["a = size(rules) // rules"], "one line"),
        (["agency = 'IMI'"], "may not be overwritten"),
    ],
)
def test_a_script_that_could_grow_is_refused(lines: list[str], said: str) -> None:
    xml = reckons(*lines)
    assert any(said in f.reason.en for f in procedures.checked(xml)[1])


FORM = diagram(
    start(),
    step(
        "ask",
        question("n", "number", "false") + question("d", "date", "false")
        + question("y", "yes_no", "false") + question("l", "line", "false")
        + question("t", "text", "false") + choice("c", ["a", "b"], "false"),
    ),
    end("done"), flow("start", "ask"), flow("ask", "done"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", "9" * 5000), ("n", 10**30), ("n", 1.5), ("n", True), ("n", "1_0"), ("n", "NaN"),
        ("d", "20260101"), ("d", "2026-13-01"), ("d", 20260101), ("d", ["2026-01-01"]),
        ("y", "perhaps"), ("y", {}), ("y", 1), ("l", "x" * 301), ("l", ["x"]), ("l", {"a": 1}),
        ("t", "x" * 4001), ("t", 7), ("c", "z"), ("c", ["a"]), ("c", None.__class__),
        ("other", "x"), ("alert", "x"), ("c\x00", "a"),
    ],
)  # fmt: skip
def test_an_answer_of_a_wrong_sort_or_size_is_refused_by_its_name(name: str, value: object) -> None:
    form = procedures.checked(FORM)[0].steps["ask"].form  # type: ignore[union-attr]
    with pytest.raises(Rejected) as wrong:
        procedures.fitting(form, {name: value})
    assert wrong.value.place == name


def test_answers_of_the_right_sort_are_typed() -> None:
    form = procedures.checked(FORM)[0].steps["ask"].form  # type: ignore[union-attr]
    given = {"n": " -7 ", "d": "2026-03-02", "y": "no", "l": " x ", "t": "", "c": "b"}
    typed = {"n": -7, "d": "2026-03-02", "y": False, "l": "x", "c": "b"}
    assert procedures.fitting(form, given) == typed


@pytest.mark.parametrize("wait", ["P0D", "PT0M", "P0DT0H0M", "PT999999999H", "PT"])
def test_a_time_of_nought_or_of_ages_is_refused(wait: str) -> None:
    circle = diagram(
        start(), gate("join"), timer("wait", wait), gate("gate", "back"), end("done"),
        flow("start", "join"), flow("join", "wait"), flow("wait", "gate"),
        flow("gate", "done", "weight == 9"), flow("gate", "join", id="back"),
    )  # fmt: skip
    assert [f.place for f in procedures.checked(circle)[1]] == ["wait"]


def test_the_text_says_what_lies_behind_a_gateway_that_only_joins() -> None:
    xml = (PACKAGE / "procedures" / "list_outage.bpmn").read_bytes()
    diagram, _ = procedures.checked(xml)
    assert diagram is not None
    lines = procedures.outline(diagram)
    said = {line.id: [way.en for way in line.ways] for line in lines if line.step}
    assert len(said["declare"]) == 3 and "…" not in str(said)
