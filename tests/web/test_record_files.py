"""A record as a file: for the owner's officers alone, in each format of its kind, and on the Access log."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

import tapal.kinds.phyto
from tapal.flow.intake import HandIn
from tapal.flow.report import hand_in
from tapal.kinds import KINDS
from tapal.store.models import Access, Record
from tests.web.conftest import GRANTEE, OWNER, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])

QUARANTINE = "karantina.motaain"
CERTIFICATE = Path(tapal.kinds.phyto.__file__).parent / "samples" / "ephyto" / "oranges_by_road.xml"


@pytest.fixture
def consignment(desk: Path) -> str:
    """The id of a consignment that quarantine at Motaain holds."""
    given = HandIn("certificate.xml", "BARANTIN", "PLBN-11", None, "BARANTIN-1")
    return hand_in(CERTIFICATE.read_bytes(), given).items[0].id


def test_only_the_owner_takes_a_record_away_as_a_file(sit: Sit, crossing: str) -> None:
    address = reverse("record_file", args=[crossing, "crossing_csv"])
    for username in (STRANGER, GRANTEE):
        assert sit(username).get(address).status_code == 404
    assert not Access.objects.filter(act="export").exists()
    given = sit(OWNER).get(address)
    assert b"SOARES,MARIA" in given.content
    assert given["Content-Disposition"].startswith("attachment")
    assert Access.objects.get(act="export", subject=crossing).question == "crossing_csv"
    assert sit(OWNER).get(reverse("record_file", args=[crossing, "paxlst"])).status_code == 404


def test_a_certificate_comes_out_as_the_certificate_that_came_in(
    sit: Sit, consignment: str
) -> None:
    given = sit(QUARANTINE).get(reverse("record_file", args=[consignment, "ephyto"]))
    again = HandIn("copy.xml", "BARANTIN", "PLBN-11", None, "BARANTIN-1")
    (item,) = hand_in(given.content, again).items
    assert (item.status, item.id) == ("known", consignment)


def test_every_file_that_is_offered_can_be_had_or_says_why_not(
    sit: Sit, crossing: str, consignment: str
) -> None:
    for username, record in ((OWNER, crossing), (QUARANTINE, consignment)):
        client = sit(username)
        page = client.get(reverse("record", args=[record])).content.decode()
        for form in KINDS[Record.objects.get(pk=record).kind].formats:
            address = reverse("record_file", args=[record, form.name])
            assert (address in page) is (form.write is not None)
            if form.write is not None:
                got = client.get(address)
                assert got.status_code == 200 or b"alert" in client.get(got["Location"]).content
