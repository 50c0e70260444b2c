"""SPSCertificates with other text around them or one after another, and the lines of what is told."""

from __future__ import annotations

import pytest

from tapal.formats import sps
from tests.formats.test_sps import SMALL

DECLARED = f'<?xml version="1.0" encoding="UTF-8"?>\n{SMALL}'
BROKEN = SMALL.replace("</s:SPSExchangedDocument>", "")


def shapes(data: str) -> str:
    return "".join("." if isinstance(one, sps.Found) else "x" for one in sps.read(data.encode()))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (f"POST /hub HTTP/1.1\r\nContent-Type: text/xml\r\n\r\n{DECLARED}", "."),
        (f"{DECLARED}\n--boundary--\n", "."),
        (f"{DECLARED}\n{DECLARED}", ".."),
        (f"{DECLARED}\n{BROKEN}\n{DECLARED}", ".x."),
        (f"{SMALL}{SMALL}", ".."),
    ],
)
def test_whole_documents_in_other_text_are_read(data: str, expected: str) -> None:
    assert shapes(data) == expected


def test_the_text_around_is_told() -> None:
    (found,) = sps.read(f"{DECLARED}\n--boundary--".encode())
    assert isinstance(found, sps.Found)
    assert [(p.code, p.detail) for p in found.problems] == [("stray_text", "--boundary--")]


def test_a_document_type_is_refused_whatever_stands_around_it() -> None:
    for data in (
        f"x<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>{SMALL}",
        f"<!DOCTYPE a>{SMALL}",
    ):
        with pytest.raises(sps.Unreadable):
            sps.read(data.encode())


def test_lines_are_those_of_the_whole_file() -> None:
    odd = SMALL.replace("<r:ID>", "<r:Colour>blue</r:Colour><r:ID>").replace(
        "<r:StatusCode>70", "\n\n<r:StatusCode>x"
    )
    inner = odd.replace("<", "&lt;")
    data = f"<P>\n<Envelope>\n<Content>\n\n{inner}</Content></Envelope></P>"
    (found,) = sps.read(data.encode())
    assert isinstance(found, sps.Found)
    assert found.line == 5
    told = {problem.code: problem.line for problem in found.problems}
    assert (told["unknown_element"], told["not_a_code_number"]) == (6, 8)
    second = f"{SMALL}\n\n{odd}"
    _, later = sps.read(second.encode())
    assert isinstance(later, sps.Found)
    assert {p.code: p.line for p in later.problems}["unknown_element"] == 6


def test_many_openings_without_an_end_are_given_up_at_the_first() -> None:
    data = b"x" + b"<SPSCertificate>" * 400_000
    with pytest.raises(sps.Unreadable):
        sps.read(data)


def test_each_of_several_documents_has_a_place_of_its_own() -> None:
    places = [one.place for one in sps.read(f"{DECLARED}\n{DECLARED}".encode())]
    assert places == ["/document[1]/SPSCertificate", "/document[2]/SPSCertificate"]
