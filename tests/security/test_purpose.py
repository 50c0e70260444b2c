"""Nobody looks for what his agency's work and its agreements do not cover."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tapal.core.marking import Purpose
from tapal.flow.demo_officers import DEMO_PASSWORD
from tapal.store.models import Access, Agreement, Message
from tests.web.conftest import GRANTEE, OWNER, PEOPLE, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def last_purpose(client: Client) -> str:
    client.get(reverse("search"), {"q": "C0123456"})
    return Access.objects.order_by("-id")[0].purpose


def refused(client: Client) -> None:
    """The door stays shut, says why, and writes down who tried for what."""
    answer = client.get(reverse("search"), {"q": "C0123456"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "tidak termasuk tugas instansi Anda" in page and reverse("seats") in page
    row = Access.objects.order_by("-id")[1]
    assert (row.act, row.subject) == ("denied", "purpose")
    assert row.purpose == client.session["purpose"]


@pytest.mark.parametrize("purpose", ["law_enforcement", "protection", "oversight", "statistics"])
def test_customs_cannot_say_that_it_is_something_else(sit: Sit, purpose: str) -> None:
    client = sit(GRANTEE)
    answer = client.post(reverse("seats"), {"seat": "DJBC/PLBN-11", "purpose": purpose})
    assert answer.status_code == 403
    assert last_purpose(client) == "border_control"
    page = client.get(reverse("seats")).content.decode()
    assert f'value="{purpose}"' not in page and 'value="customs"' in page


def test_a_purpose_forced_into_the_sitting_does_not_hold(sit: Sit) -> None:
    client = sit(STRANGER)
    session = client.session
    session["purpose"] = Purpose.PROTECTION.value
    session.save()
    refused(client)


def test_an_agreement_adds_its_purpose_while_it_is_in_force(sit: Sit) -> None:
    client = sit(GRANTEE)
    Agreement.objects.filter(pk="DEMO-IMI-DJBC").update(purpose="law_enforcement")
    client.post(reverse("seats"), {"seat": "DJBC/PLBN-11", "purpose": "law_enforcement"})
    assert last_purpose(client) == "law_enforcement"
    Agreement.objects.filter(pk="DEMO-IMI-DJBC").update(valid_to="2026-01-01")
    refused(client)
    # He is told where to choose another, and that page opens.
    client.post(reverse("seats"), {"seat": "DJBC/PLBN-11", "purpose": "customs"})
    assert last_purpose(client) == "customs"


def test_a_purpose_of_ones_own_work_may_be_chosen(sit: Sit) -> None:
    client = sit(OWNER)
    client.post(reverse("seats"), {"seat": "IMI/PLBN-11", "purpose": "law_enforcement"})
    assert last_purpose(client) == "law_enforcement"


def test_nor_by_the_programs_door(sit: Sit) -> None:
    made = sit(OWNER).post(reverse("token"), {"password": DEMO_PASSWORD}).content.decode()
    key = made.split('<pre class="raw" tabindex="0">')[1].split("</pre>")[0]

    def send(purpose: str) -> tuple[int, str]:
        answer = Client().post(
            f"/api/v1/intake?language=en&purpose={purpose}",
            PEOPLE,
            content_type="text/csv",
            headers={"Authorization": f"Bearer {key}"},
        )
        return answer.status_code, answer.content.decode()

    status, told = send("health")
    assert status == 403 and "not part of your agency" in told
    row = Access.objects.latest("id")
    assert (row.act, row.purpose, row.officer) == ("denied", "health", "IMI-0001")
    assert send("anything")[0] == 400
    assert not Message.objects.exists()
    assert send("law_enforcement")[0] == 200
    assert Access.objects.latest("id").purpose == "law_enforcement"
