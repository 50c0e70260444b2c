"""Procedures run: steps, choices, words that stay out of the run, timers by the house's time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tapal.core.errors import Missing, Rejected
from tapal.engines import procedures
from tapal.engines.procedures import Host, Moved
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
