"""The door opens only for what the agency works for, what is agreed, and what a power names."""

from __future__ import annotations

import pytest

from tapal.core.errors import Denied
from tapal.core.marking import Purpose
from tapal.flow.share.purposes import purposes_of
from tapal.store.models import Access
from tests.flow.share.conftest import NOW, World, actor, clause, door, grantee, owner, stranger

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def open_to(agency: str, *role_codes: str) -> set[Purpose]:
    """The purposes for which the door lets somebody in."""
    found = set()
    for purpose in Purpose:
        try:
            door(actor(agency, *(role_codes or ("officer",))), purpose)
            found.add(purpose)
        except Denied as told:
            assert told.reason is not None and purpose.label.id in told.reason.id
    return found


def test_the_stranger_enters_for_his_own_work_only(world: World) -> None:
    assert open_to("PSDKP") == {Purpose.BORDER_CONTROL, Purpose.LAW_ENFORCEMENT}
    with pytest.raises(Denied):
        stranger(Purpose.PROTECTION)


@pytest.mark.parametrize("agency", ["IMI", "DJBC", "BNPP", "KEMLU", "TL-MIG", "NOBODY-KNOWS"])
def test_what_is_offered_is_what_opens(world: World, agency: str) -> None:
    world.agree(clause(), taker="KEMLU", purpose=Purpose.HEALTH)
    for role in ("officer", "auditor", "protection_duty", "admin"):
        assert open_to(agency, role) == set(purposes_of(actor(agency, role), NOW))


def test_each_refusal_is_a_denied_look_under_the_purpose_asked(world: World) -> None:
    with pytest.raises(Denied):
        stranger(Purpose.OVERSIGHT)
    row = Access.objects.get()
    assert (row.act, row.purpose, row.subject) == ("denied", "oversight", "purpose")
    assert (row.officer, row.agency, row.count) == ("PSDKP-1", "PSDKP", 0)


def test_an_agreement_lends_its_purpose_only_while_it_gives_something(world: World) -> None:
    agreed = world.agree(purpose=Purpose.LAW_ENFORCEMENT)
    with pytest.raises(Denied):
        grantee(Purpose.LAW_ENFORCEMENT)
    agreed.clauses = [clause()]
    agreed.save()
    grantee(Purpose.LAW_ENFORCEMENT)
    agreed.revoked_at = NOW
    agreed.save()
    with pytest.raises(Denied):
        grantee(Purpose.LAW_ENFORCEMENT)


def test_a_power_lends_its_purpose(world: World) -> None:
    with pytest.raises(Denied):
        owner(Purpose.OVERSIGHT, "supervisor")
    door(actor("BNPP", "auditor"), Purpose.OVERSIGHT)
    with pytest.raises(Denied):
        door(actor("DJBC", "supervisor"), Purpose.PROTECTION)
    door(actor("DJBC", "protection_duty"), Purpose.PROTECTION)
