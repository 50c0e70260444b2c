"""What a message is, by its bytes alone."""

from __future__ import annotations

import pytest

from tapal.flow.recognise import SNIFF_BYTES, recognise

SPS = "urn:un:unece:uncefact:data:standard:SPSCertificate:17"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (f'<E><H>{"x" * SNIFF_BYTES}</H><a:SPSCertificate xmlns:a="{SPS}"/></E>', "ephyto"),
        ("\r\n" * SNIFF_BYTES + "UNB+UNOA:4+A+B+260310:0830+1'UNH+1+PAXLST:D:05B:UN'", "paxlst"),
        ("name,nationality,direction,remarks\nSARI,IDN,entry,PAXLST of AL754\n", "crossing_csv"),
        ("P<IDNCONTOH<<SARI<<<<<<<<<<<<<<<<<<<<<<<<<<<\n", "mrz"),
        ("kiriman tanpa bentuk", None),
        ("", None),
    ],
)
def test_messages_are_recognised_by_their_content(data: str, name: str | None) -> None:
    found = recognise(data.encode(), None)
    assert (found[1].name if found else None) == name
