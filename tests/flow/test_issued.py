"""What was issued once, by its issuer's number: the same by every way, and told again when withdrawn."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from tapal.flow import work
from tapal.flow.intake import HandIn, Taken, take_and_read
from tapal.kinds.phyto import PHYTO
from tapal.store.models import Finding, Record, Work

CERTIFICATE = (PHYTO.samples / "ephyto" / "oranges_by_road.xml").read_text("utf-8")
BARE = CERTIFICATE.partition("?>")[2]
HUB = (
    "<Envelope><Body><Detail><From>TL</From><To>ID</To>"
    "<NPPOCertificateNumber>TL-2026-000123</NPPOCertificateNumber><CertificateType>851</CertificateType>"
    "<CertificateStatus>{status}</CertificateStatus><hubDeliveryNumber>H-{number}</hubDeliveryNumber>"
    "<Content>{content}</Content></Detail></Body></Envelope>"
)
STATUS = "<ram:StatusCode>70</ram:StatusCode>"
WITHDRAWN = CERTIFICATE.replace(STATUS, "<ram:StatusCode>41</ram:StatusCode>")
SAMES = {
    "line ends": CERTIFICATE.replace("\n", "\r\n").encode(),
    "charset": ('<?xml version="1.0" encoding="UTF-16"?>' + BARE).encode("utf-16"),
    "prefix": CERTIFICATE.replace("ram:", "r:").replace("xmlns:ram", "xmlns:r").encode(),
    "comments": CERTIFICATE.replace("</", "<!-- - --></", 3).encode(),
    "SOAP": f"<Envelope><Body>{BARE}</Body></Envelope>".encode(),
    "hub": HUB.format(status="70", number=1, content=escape(CERTIFICATE)).encode(),
    "twice": f"<All>{BARE}{BARE}</All>".encode(),
}


def give(data: bytes | str, post: str | None = None) -> list[Taken]:
    said = data.encode() if isinstance(data, str) else data
    items = take_and_read(said, HandIn(agency="BARANTIN", post=post)).items
    work.work_all()
    return items


def standing(rule: str) -> list[str]:
    found = Finding.objects.filter(rule=rule, withdrawn_at=None)
    return [str(row.record_id) for row in found]


@pytest.mark.parametrize("data", SAMES.values(), ids=SAMES)
def test_a_certificate_in_another_wrapping_is_the_same(home: Path, data: bytes) -> None:
    (first,) = give(CERTIFICATE)
    again = give(data)
    assert {(each.status, each.id) for each in again} == {("known", first.id)}
    assert Record.objects.count() == 1


def test_at_another_post_a_certificate_is_used_again(home: Path) -> None:
    assert give(CERTIFICATE, "PLBN-11")[0].status == "record"
    assert give(BARE, "PLBN-13")[0].status == "record"
    assert give(BARE + "\n", "PLBN-13")[0].status == "known"


def test_an_envelope_that_says_otherwise_is_a_statement_of_its_own(home: Path) -> None:
    give(CERTIFICATE)
    (differs,) = give(HUB.format(status="41", number=2, content=escape(CERTIFICATE)))
    assert differs.status == "record"
    assert standing("ephyto_conformance") == [differs.id]


def test_a_withdrawal_is_a_statement_and_is_told_of_the_goods_that_came_before(home: Path) -> None:
    (first,) = give(CERTIFICATE, "PLBN-11")
    assert standing("certificate_withdrawn_elsewhere") == []
    (withdrawal,) = give(WITHDRAWN)
    assert withdrawal.status == "record"
    assert standing("certificate_withdrawn") == [withdrawal.id]
    assert standing("certificate_withdrawn_elsewhere") == [first.id]
    assert give(WITHDRAWN.replace("\n", "\r\n"))[0].status == "known"
    assert not Work.objects.exists()
