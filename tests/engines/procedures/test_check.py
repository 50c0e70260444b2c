"""Diagrams that are refused, each with the place, a sentence and the mend."""

from __future__ import annotations

import pytest

from tapal.engines import procedures
from tapal.engines.procedures import Host
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

WHOLE = (start(), step("ask"), end("done"), flow("start", "ask"), flow("ask", "done"))


def faults(xml: bytes) -> list[tuple[str, str]]:
    return [(f.place, f.reason.en) for f in procedures.checked(xml)[1]]


def test_a_whole_diagram_has_no_faults() -> None:
    assert faults(TWO_STEPS) == [] and faults(diagram(*WHOLE)) == []


def with_script(lines: str) -> bytes:
    return diagram(
        start(), script("run", lines), end("done"), flow("start", "run"), flow("run", "done")
    )


PYTHON = [
    "import os",
    "__import__('os').system('touch /tmp/x')",
    "x = __import__('os').system('id')",
    "x = open('/etc/passwd').read()",
    "x = [c for c in ().__class__.__base__.__subclasses__()]",
    "exec('1')",
    "x = 1; import os",
    "x = lambda: 1",
    "x == 1",
    "X = 1",
    "x.y = 1",
]


@pytest.mark.parametrize("lines", PYTHON)
def test_python_is_refused_and_never_run(lines: str) -> None:
    xml = with_script(lines)
    assert [place for place, _ in faults(xml)] == ["run"]
    with pytest.raises(procedures.Refused):
        procedures.start(xml, {}, Host(None, None))  # type: ignore[arg-type]


def with_condition(when: str) -> bytes:
    return diagram(
        start(), step("ask", choice("same", ["yes", "no"])), gate("gate", "else"),
        end("a"), end("b"), flow("start", "ask"), flow("ask", "gate"),
        flow("gate", "a", when), flow("gate", "b", id="else"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "when",
    [
        "__import__('os')",
        "same ===",
        "same == 'yes' or True",
        "1 " * 300,
        "[1].all(a, [1].all(b, [1].all(c, a == b)))",
        "[1].existsOne(a, [1].existsOne(b, [1].existsOne(c, a == b)))",
        "[1]. //\n map(a, a) == []",
        "other == 1",
        "same.constructor",
    ],
)
def test_a_condition_is_cel_over_what_is_known(when: str) -> None:
    found = faults(with_condition(when))
    if when == "same.constructor":  # plain field access: it compiles, and finds nothing when run
        assert found == []
    else:
        assert [place for place, _ in found] == ["gate_a"]


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ('<bpmn:serviceTask id="s"/>', "s"),
        ('<bpmn:callActivity id="s" calledElement="p"/>', "s"),
        ('<bpmn:subProcess id="s"/>', "s"),
        ('<bpmn:sendTask id="s"/>', "s"),
        ('<bpmn:task id="s"/>', "s"),
        ('<bpmn:adHocSubProcess id="s"/>', "s"),
        ('<x:thing xmlns:x="urn:other" id="s"/>', "s"),
    ],
)
def test_what_is_not_run_is_refused(part: str, place: str) -> None:
    assert place in {p for p, _ in faults(diagram(*WHOLE, part))}


@pytest.mark.parametrize(
    "words",
    [
        "https://example.org/form",
        "see ftp://example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "FILE://x",
    ],
)
def test_an_address_is_refused_wherever_it_stands(words: str) -> None:
    inside = f'<bpmn:textAnnotation id="note"><bpmn:text>{words}</bpmn:text></bpmn:textAnnotation>'
    assert any("address" in r for _, r in faults(diagram(*WHOLE, inside)))
    xml = diagram(*WHOLE).replace(b'name="ask"', f'name="{words}"'.encode())
    assert [(p, r[:7]) for p, r in faults(xml)] == [("ask", "An outs")]


def test_entities_and_document_types_are_refused() -> None:
    bomb = diagram(*WHOLE).replace(
        b'<bpmn:definitions', b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><bpmn:definitions', 1
    )  # fmt: skip
    assert procedures.checked(bomb)[0] is None
    for broken in (b"", b"<a/>", b"not xml", diagram(*WHOLE)[:-20], b"\x00" * 100):
        found, wrong = procedures.checked(broken)
        assert found is None and len(wrong) == 1


def test_a_circle_needs_a_person_or_time() -> None:
    circle = (
        start(), script("one", "n = 1"), gate("gate", "back"), end("done"),
        flow("start", "one"), flow("one", "gate"), flow("gate", "done", "n == 2"),
        flow("gate", "one", id="back"),
    )  # fmt: skip
    assert any("never stop" in r for _, r in faults(diagram(*circle)))
    for stop in (step("ask"), timer("ask", "PT1M")):
        slow = (*circle[:-1], stop, flow("gate", "ask", id="back"), flow("ask", "one"))
        assert faults(diagram(*slow)) == []


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((start(), end("done")), "never reached"),
        ((start(), step("ask"), end("done"), flow("start", "ask")), "dead end"),
        ((start(), start("two"), *WHOLE[1:]), "start events"),
        ((*WHOLE[:2], WHOLE[3]), "no end event"),
        ((*WHOLE, flow("ask", "nowhere")), "is not there"),
        ((start(), step("ask", power=""), *WHOLE[2:]), "power"),
        ((start(), step("ask", notBy="nobody"), *WHOLE[2:]), "Four eyes"),
        ((start(), step("ask", question("Bad name", "line")), *WHOLE[2:]), "Field"),
        ((start(), step("ask", question("x", "colour")), *WHOLE[2:]), "Field"),
        ((start(), step("ask", choice("x", ["one"])), *WHOLE[2:]), "Field"),
        ((start(), timer("ask", "soon"), *WHOLE[2:]), "duration"),
        ((start(), timer("ask", "R/PT1S"), *WHOLE[2:]), "duration"),
        ((start(), timer("ask", "P"), *WHOLE[2:]), "duration"),
        ((start(), gate("ask"), end("done"), end("b"), *WHOLE[3:], flow("ask", "b")), "default"),
        ((*WHOLE[:4], flow("ask", "done", "1 == 1")), "after a gateway"),
    ],
)  # fmt: skip
def test_what_could_not_be_walked_is_refused(parts: tuple[str, ...], said: str) -> None:
    assert any(said in reason for _, reason in faults(diagram(*parts)))


# A clearance that nobody gives: each way to `false` that some token may take without a person.
UNMANNED = [
    (start(), end("done", "false"), flow("start", "done")),
    (start(), script("run", "n = 1"), end("done", "true"), flow("start", "run"), flow("run", "done")),
    (
        start(), gate("gate", "else"), step("ask"), end("done", "false"),
        flow("start", "gate"), flow("gate", "ask", "weight == 3"), flow("gate", "done", id="else"),
        flow("ask", "done"),
    ),
    (
        start(), gate("gate", kind="parallel"), step("ask"), end("a"), end("done", "explained"),
        flow("start", "gate"), flow("gate", "ask"), flow("gate", "done"), flow("ask", "a"),
    ),
    (
        start(), step("ask"), timer("late", "PT1H", on="ask"), end("a"), end("done", "referred"),
        flow("start", "ask"), flow("ask", "a"), flow("late", "done"),
    ),
]  # fmt: skip
# A person has answered, and then time alone judges.
LATE = [
    (
        start(), step("ask"), step("two"), timer("late", "PT1H", on="two"), end("a"),
        end("done", closes), flow("start", "ask"), flow("ask", "two"), flow("two", "a"),
        flow("late", "done"),
    )
    for closes in ("false", "true", "explained")
]  # fmt: skip


@pytest.mark.parametrize("parts", UNMANNED)
def test_an_end_that_closes_is_reached_by_no_way_without_a_person(parts: tuple[str, ...]) -> None:
    assert [p for p, r in faults(diagram(*parts)) if "human task" in r] == ["done"]


@pytest.mark.parametrize("parts", LATE)
def test_time_that_ran_out_judges_nothing(parts: tuple[str, ...]) -> None:
    assert [p for p, r in faults(diagram(*parts)) if "judge" in r] == ["done"]


def test_what_waits_in_vain_may_be_referred_and_a_person_after_time_may_judge() -> None:
    parts = (
        start(), step("ask"), step("two"), timer("late", "PT1H", on="two"), step("three"),
        end("a"), end("done", "referred"), end("false", "false"), flow("start", "ask"),
        flow("ask", "two"), flow("two", "a"), gate("gate", "else"), flow("late", "gate"),
        flow("gate", "done", "weight == 3"), flow("gate", "three", id="else"),
        flow("three", "false"),
    )  # fmt: skip
    assert faults(diagram(*parts)) == []


ASK = step("ask")
HIDDEN_FLOW = '<bpmn:sequenceFlow id="hidden" sourceRef="start" targetRef="done"/>'


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (diagram(start(), ASK, end("done", "banana"), *WHOLE[3:]), "closed as banana"),
        (diagram(*WHOLE, flow("ask", "done")), "used 2 times"),
        (diagram(*WHOLE, step("ask")), "used 2 times"),
        (diagram(*WHOLE).replace(b' id="p"', b""), "process needs an id"),
        (diagram(*WHOLE).replace(b' id="p"', b' id="P P"'), "process needs an id"),
        (diagram(*WHOLE, "<bpmn:serviceTask/>"), "has no id"),
        (diagram(*WHOLE, step("x" * 61)), "more than 60"),
        (
            diagram(*WHOLE).replace(
                b"</bpmn:userTask>",
                b'<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>'
                b"0</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>",
            ),
            "may not stand here",
        ),
        (
            diagram(*WHOLE).replace(
                b"<bpmn:extensionElements>", f"<bpmn:extensionElements>{HIDDEN_FLOW}".encode(), 1
            ),
            "may not stand here",
        ),
        (
            diagram(*WHOLE).replace(
                b'<bpmn:startEvent id="start"/>',
                f'<bpmn:startEvent id="start">{HIDDEN_FLOW}</bpmn:startEvent>'.encode(),
            ),
            "may not stand here",
        ),
        (
            with_script("n = 1").replace(
                b"<bpmn:script>n", b"<bpmn:script>m = 2</bpmn:script><bpmn:script>n"
            ),
            "may not stand here",
        ),
        (
            diagram(*WHOLE).replace(
                b'isExecutable="true">',
                b'isExecutable="true"><bpmn:extensionElements><tapal:procedure reasons="* a:b:c"/>'
                b"</bpmn:extensionElements>",
            ),
            "no reason of an alert",
        ),
    ],
)
def test_what_would_break_or_hide_when_run_is_refused(xml: bytes, said: str) -> None:
    assert any(said in reason for _, reason in faults(xml)), faults(xml)


def test_a_checked_diagram_can_be_built() -> None:
    procedures.build(TWO_STEPS)
    with pytest.raises(procedures.Refused):
        procedures.build(diagram(*WHOLE, step("ask")))


def test_every_fault_has_both_languages_and_a_mend() -> None:
    _, found = procedures.checked(diagram(start(), '<bpmn:task id="s"/>'))
    assert found
    for fault in found:
        assert all((fault.place, fault.reason.id, fault.reason.en, fault.mend.id, fault.mend.en))
