"""Small diagrams for tests, written as a person would read them."""

from __future__ import annotations

from collections.abc import Iterable

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:tapal="urn:tapal:procedure:1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' id="d" targetNamespace="urn:tapal:procedures">'
    '<bpmn:process id="p" name="Uji" isExecutable="true">'
)
TAIL = "</bpmn:process></bpmn:definitions>"


def diagram(*parts: str) -> bytes:
    """A diagram of these parts."""
    return (HEAD + "".join(parts) + TAIL).encode()


def start(id: str = "start") -> str:
    return f'<bpmn:startEvent id="{id}"/>'


def end(id: str, closes: str = "") -> str:
    told = f'<bpmn:extensionElements><tapal:end closes="{closes}"/></bpmn:extensionElements>'
    return f'<bpmn:endEvent id="{id}">{told if closes else ""}</bpmn:endEvent>'


def step(id: str, form: str = "", power: str = "task.do", **more: str) -> str:
    given = "".join(f' {k}="{v}"' for k, v in more.items())
    return (
        f'<bpmn:userTask id="{id}" name="{id}"><bpmn:documentation>Kerjakan.</bpmn:documentation>'
        f'<bpmn:extensionElements><tapal:step power="{power}"{given}/>'
        f"<tapal:form>{form}</tapal:form></bpmn:extensionElements></bpmn:userTask>"
    )


def choice(name: str, values: Iterable[str], required: str = "true") -> str:
    options = "".join(f'<tapal:option value="{v}" label="{v}"/>' for v in values)
    return (
        f'<tapal:field name="{name}" type="choice" label="{name}" required="{required}">'
        f"{options}</tapal:field>"
    )


def question(name: str, type: str, required: str = "true") -> str:
    return f'<tapal:field name="{name}" type="{type}" label="{name}" required="{required}"/>'


def gate(id: str, default: str = "", kind: str = "exclusive") -> str:
    given = f' default="{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{id}"{given}/>'


def flow(source: str, target: str, when: str = "", id: str = "") -> str:
    said = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{when}</bpmn:conditionExpression>'
        if when
        else ""
    )
    name = id or f"{source}_{target}"
    return (
        f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{said}'
        "</bpmn:sequenceFlow>"
    )


def script(id: str, lines: str) -> str:
    return f'<bpmn:scriptTask id="{id}"><bpmn:script>{lines}</bpmn:script></bpmn:scriptTask>'


def timer(id: str, wait: str, on: str = "", interrupting: bool = True) -> str:
    said = (
        "<bpmn:timerEventDefinition><bpmn:timeDuration"
        f' xsi:type="bpmn:tFormalExpression">{wait}</bpmn:timeDuration></bpmn:timerEventDefinition>'
    )
    if not on:
        return f'<bpmn:intermediateCatchEvent id="{id}">{said}</bpmn:intermediateCatchEvent>'
    cancels = "true" if interrupting else "false"
    return (
        f'<bpmn:boundaryEvent id="{id}" attachedToRef="{on}" cancelActivity="{cancels}">{said}'
        "</bpmn:boundaryEvent>"
    )


TWO_STEPS = diagram(
    start(),
    step("ask", choice("same", ["yes", "no"]) + question("why", "text", "false")),
    gate("gate", "gate_clear"),
    step("measure", question("ground", "line")),
    end("cleared", "false"),
    end("referred", "referred"),
    flow("start", "ask"),
    flow("ask", "gate"),
    flow("gate", "measure", 'same == "yes"'),
    flow("gate", "cleared", id="gate_clear"),
    flow("measure", "referred"),
)
