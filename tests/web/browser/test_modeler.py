"""Every diagram that ships comes back from a plain bpmn-js modeler with the same elements and attributes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Browser

from tapal.engines import procedures as engine
from tapal.flow.procedures import seeds

pytestmark = pytest.mark.browser

MODELER = Path("node_modules/bpmn-js/dist/bpmn-modeler.production.min.js")
SEEDS = seeds()
Through = Callable[[str], tuple[list[str], str]]
THROUGH = """async xml => {
  const modeler = new BpmnJS({ container: document.body });
  const { warnings } = await modeler.importXML(xml);
  return [warnings.map(String), (await modeler.saveXML({ format: true })).xml];
}"""


@pytest.fixture(scope="module")
def through(browser: Browser) -> Iterator[Through]:
    """A page with the modeler as its makers publish it, without a word of ours."""
    if not MODELER.exists():
        pytest.skip("node_modules is not there: make assets")
    page = browser.new_page()
    page.set_content("<body style='height: 600px'></body>")
    page.add_script_tag(path=MODELER)
    yield lambda xml: page.evaluate(THROUGH, xml)
    page.close()


def told(xml: bytes) -> Counter[tuple[str, tuple[tuple[str, str], ...], str]]:
    """The elements of a diagram: name, attributes and words, whatever their order."""
    return Counter(
        (str(e.tag), tuple(sorted((str(k), str(v)) for k, v in e.attrib.items())), words(e))
        for e in etree.fromstring(xml).iter()
        if isinstance(e.tag, str)
    )


def words(element: etree._Element) -> str:
    return " ".join((element.text or "").split())


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_a_diagram_comes_back_as_it_went(through: Through, name: str) -> None:
    warnings, back = through(SEEDS[name].decode())
    assert warnings == []
    assert told(back.encode()) == told(SEEDS[name])
    assert engine.checked(back.encode())[1] == ()


def test_a_lost_attribute_is_seen() -> None:
    xml = next(iter(SEEDS.values()))
    assert told(xml) != told(xml.replace(b'isExecutable="true"', b"", 1))
