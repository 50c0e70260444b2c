"""Shipped diagrams broken at random: refused with a sentence, or run to rest; never an exception of ours."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from tapal.engines import procedures as engine
from tapal.engines.procedures.diagram import BPMN
from tapal.engines.procedures.words import KNOWN
from tests.architecture.sources import PACKAGE

FILES = sorted((PACKAGE / "procedures").glob("*.bpmn"))
WORDS = ["__import__('os')", "https://x.example/", "1 +", "P0D", "clock:", "", "a" * 500]
STRANGE = ("callActivity", "serviceTask", "subProcess", "messageEventDefinition", "dataObject")
HOST = engine.Host(datetime(2026, 3, 2, tzinfo=UTC), lambda name, since: since + timedelta(hours=1))


def mutated(xml: bytes, chance: random.Random) -> bytes:
    """One or two random changes: an element gone, doubled, moved or strange; an attribute or words changed."""
    root = etree.fromstring(xml)
    for _ in range(chance.randint(1, 2)):
        process = root.find(f"{{{BPMN}}}process")
        assert process is not None
        node = chance.choice(list(process.iter("*"))[1:])
        holder = node.getparent()
        assert holder is not None
        how = chance.randrange(6)
        if how == 0:
            holder.remove(node)
        elif how == 1:
            holder.append(etree.fromstring(etree.tostring(node)))
        elif how == 2:
            chance.choice(list(process.iter("*"))).append(etree.fromstring(etree.tostring(node)))
        elif how == 3:
            node.tag = f"{{{BPMN}}}{chance.choice(STRANGE)}"
        elif how == 4 and node.attrib:
            name = chance.choice(list(node.attrib))
            others = [v for e in process.iter("*") for v in e.attrib.values()]
            node.set(name, chance.choice([*WORDS, *others]))
        else:
            node.text = chance.choice(WORDS)
    return etree.tostring(root)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_what_is_broken_at_random_is_refused_or_rests(path: Path) -> None:
    xml, chance, refused = path.read_bytes(), random.Random(path.stem), 0
    for _ in range(120):
        broken = mutated(xml, chance)
        diagram, faults = engine.checked(broken)
        if diagram is None or faults:
            refused += 1
            assert all(f.reason.id and f.reason.en and f.mend.id and f.mend.en for f in faults)
            continue
        engine.outline(diagram)
        try:
            engine.start(broken, {**dict.fromkeys(KNOWN, ""), "weight": 1}, HOST)
        except engine.Stuck:
            refused += 1
    assert refused > 60


def test_a_gateway_that_waits_for_itself_is_refused() -> None:
    """Its way back leads to the gateway that splits: no step of it would ever be laid out."""
    xml = next(p for p in FILES if p.stem == "asylum_request").read_bytes()
    back = b'id="care_to_join" sourceRef="care" targetRef="join"'
    assert back in xml
    with pytest.raises(engine.Refused, match="waits for what comes out of itself"):
        engine.build(xml.replace(back, back.replace(b'"join"', b'"split"')))
