"""What hits were worth: counted for their own agency, small numbers kept back, clearances shown."""

from __future__ import annotations

import pytest

from tapal.core.actions import Actor
from tapal.core.entity import Entity
from tapal.core.errors import Denied
from tapal.flow import alert, lists
from tapal.flow.lists import worth
from tapal.store.models import Access, Alert
from tests.flow.lists.test_rescreening import HEAD, HIT, day
from tests.flow.lists.test_versions import OPERATOR
from tests.flow.test_citizens_and_lists import crosses

pytestmark = pytest.mark.django_db(databases=["default", "access"])
TRIAGE = frozenset({"record.read", "confidential.read", "alert.triage", "statistics.read"})
OFFICER = Actor("7", "IMI-7", "O", "IMI", None, TRIAGE)
STRANGER = Actor("8", "PSD-8", "S", "PSDKP", None, TRIAGE)


def closed(outcomes: str) -> str:
    """Alerts of as many travellers closed as told: t for true, f for false; the last one's record."""
    worth._so_far.clear()
    lists.import_list(
        HEAD + HIT.replace(b"{roll}", b"tangkal").replace(b"{until}", b""), actor=OPERATOR
    )
    record = ""
    for n, outcome in enumerate(outcomes):
        record = crosses(time=day(0), number=f"C010000{n}")
        row = Alert.objects.get(record_id=record, reason="list_match:tangkal")
        found = alert.Outcome.TRUE if outcome == "t" else alert.Outcome.FALSE
        alert.close_alert(row.pk, found, f"looked at {n}", actor=OFFICER)
    return record


def test_a_stranger_counts_nothing_and_who_lacks_the_power_is_refused(home: object) -> None:
    closed("tttfff")
    assert all(not rows for rows in worth.worth(STRANGER).rows.values())
    bare = Actor("9", "IMI-9", "B", "IMI", None, frozenset({"record.read"}))
    with pytest.raises(Denied):
        worth.worth(bare)
    assert Access.objects.filter(officer="IMI-9", act="denied", subject="hits").exists()
    assert worth.right_so_far("PSDKP", "list_match:tangkal") is None


def test_rates_are_told_by_list_post_nationality_and_form_of_name(home: object) -> None:
    closed("tfffff" + "fffff")
    rows = worth.worth(OFFICER).rows
    (by_list,) = rows["list"]
    assert (by_list["name"], by_list["closed"], by_list["false"]) == ("tangkal", 11, 10)
    assert by_list["false_rate"] == pytest.approx(10 / 11)
    assert [r["name"] for by in ("place", "nationality", "name") for r in rows[by]] == [
        "PLBN-11", "TLS", "more",
    ]  # fmt: skip
    share = worth.right_so_far("IMI", "list_match:tangkal")
    assert share is not None and (share.part, share.whole) == (1, 11)


def test_small_numbers_are_kept_back(home: object) -> None:
    closed("tf")
    found = worth.worth(OFFICER)
    (row,) = found.rows["list"]
    assert (row["closed"], row["false"], row["false_rate"], found.closed) == (None, None, None, 0)
    assert worth.right_so_far("IMI", "list_match:tangkal") is None


def test_a_clearance_is_shown_to_its_agency_with_who_why_and_until_when(home: object) -> None:
    record = closed("f")
    (one,) = worth.cleared(record, actor=OFFICER)
    assert (one.by, one.why, one.holds) == ("IMI-7", "looked at 0", True) and one.until
    assert worth.cleared(record, actor=STRANGER) == []
    alert.reopen_alert(Alert.objects.get().pk, actor=OFFICER)
    (one,) = worth.cleared(record, actor=OFFICER)
    assert not one.holds and one.undone_at


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("SUKARNO", "one"),
        ("MARIA SOARES", "two"),
        ("SOARES, MARIA BERE", "more"),
        ("AHMAD BIN ALI", "link"),
        ("محمد", "other"),
        ("", ""),
    ],
)
def test_the_form_of_a_name(name: str, form: str) -> None:
    entity = Entity("Person", {"name": (name,)}, "traveller")
    assert worth.name_form((entity,)) == form
