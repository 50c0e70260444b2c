"""The profile pages without any script: drafted, tried, approved, explained; and who is kept out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tapal.core.profiles import Table
from tapal.flow import profiles
from tapal.store.models import Access, DryRun, Profile
from tests.web.conftest import OWNER, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])
ANALYST, SECOND, OTHER, AT_POST = (
    "imi.analis", "imi.analis.kepala", "karantina.analis.kepala", "imi.motaain.kepala"
)  # fmt: skip


def head(**more: str) -> dict[str, str]:
    end = timezone.localdate() + timedelta(days=30)
    return {
        "kind": "crossing", "label_id": "Tas merah", "label_en": "Red bag",
        "ground_id": "Sebab <b>ini</b>", "ground_en": "Because", "place": "",
        "valid_to": end.strftime("%d-%m-%Y"),
        "field.0": "person.nationality", "operator.0": "any_of",
        "field.1": "document.expires", "operator.1": "before", **more,
    }  # fmt: skip


def drafted(client: Client, **more: str) -> Profile:
    sent = client.post(reverse("profile_new"), head(**more))
    assert sent.status_code == 302, sent.content.decode()[:2000]
    return Profile.objects.filter(seed=False).latest("id")


def rows(client: Client, row: Profile, *lines: tuple[str, ...], **more: str) -> int:
    row.refresh_from_db()
    typed = {"edition": str(row.edition), **more}
    for n, (verdict, *cells) in enumerate(lines):
        typed[f"v.new{n}"] = verdict
        typed |= {f"c.new{n}.{at}": text for at, text in enumerate(cells)}
    return client.post(reverse("profile_rows", args=[row.id]), typed).status_code


def whole(client: Client) -> Profile:
    row = drafted(client)
    assert rows(client, row, ("look", "Timor-Leste", "1-1-2026")) == 302
    row.refresh_from_db()
    return row


def test_a_profile_goes_from_draft_to_force_by_two_hands(sit: Sit, crossing: str) -> None:
    analyst, second = sit(ANALYST), sit(SECOND)
    row = whole(analyst)
    assert Table.of(row.table).json()["rows"] == [[[["TLS"], ["2026-01-01"]], "look"]]
    page = reverse("profile", args=[row.id])
    assert "Belum diuji" in analyst.get(page).content.decode()
    approve = reverse("profile_approve", args=[row.id])
    assert second.post(approve, {"edition": row.edition}).status_code == 403
    analyst.post(reverse("profile_try", args=[row.id]), {"days": "90"})
    while profiles.step():
        pass
    told = analyst.get(page).content.decode()
    assert reverse("profile_why", args=[row.id, crossing]) in told
    assert "Timor-Leste" in told and "perempuan" in told
    assert "&lt;b&gt;ini&lt;/b&gt;" in told and "<b>ini</b>" not in told
    assert analyst.post(approve, {"edition": row.edition}).status_code == 403
    assert second.post(approve, {"edition": row.edition - 1}).status_code == 422
    assert second.post(approve, {"edition": "x"}).status_code == 422
    assert second.post(approve, {"edition": row.edition}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.approved_by) == ("in_force", "IMI-0042")
    assert "IMI-0042" in second.get(page).content.decode()


def test_why_is_told_cell_by_cell_in_both_languages_and_the_look_is_logged(
    sit: Sit, crossing: str
) -> None:
    client = sit(ANALYST)
    row = whole(client)
    before = Access.objects.using("access").filter(act="read", subject=crossing).count()
    page = reverse("profile_why", args=[row.id, crossing])
    told = client.get(page).content.decode()
    assert "Mengapa catatan ini kena?" in told and "30-06-2025" in told
    assert "sebelum 01-01-2026" in told
    assert Access.objects.using("access").filter(act="read", subject=crossing).count() == before + 1
    client.post(reverse("language"), {"language": "en"})
    told = client.get(page).content.decode()
    assert "Why is this record hit?" in told and "before 01-01-2026" in told
    quarantine = sit(OTHER)
    assert quarantine.get(page).status_code == 404


@pytest.mark.parametrize("name", [OWNER, STRANGER])
def test_without_the_power_the_room_is_shut(sit: Sit, name: str) -> None:
    row = Profile.objects.filter(owner="IMI").first()
    assert row is not None
    client = sit(name)
    for page in ("profile", "profile_edit", "profile_rows"):
        assert client.get(reverse(page, args=[row.id])).status_code == 403
    assert client.get(reverse("profiles")).status_code == 403
    assert client.post(reverse("profile_new"), head()).status_code == 403


def test_another_agency_finds_nothing(sit: Sit) -> None:
    row = whole(sit(ANALYST))
    client = sit(OTHER)
    assert str(row.id) not in client.get(reverse("profiles")).content.decode()
    for page in ("profile", "profile_edit", "profile_rows"):
        assert client.get(reverse(page, args=[row.id])).status_code == 404
    for act in ("profile_try", "profile_approve", "profile_end", "profile_next"):
        sent = {"days": "90", "edition": str(row.edition), "reason": "mine"}
        assert client.post(reverse(act, args=[row.id]), sent).status_code == 404
    row.refresh_from_db()
    assert row.state == "draft" and not DryRun.objects.exists()


def test_a_leader_of_one_post_drafts_for_it_alone(sit: Sit) -> None:
    client = sit(AT_POST)
    assert client.post(reverse("profile_new"), head(place="")).status_code == 403
    assert client.post(reverse("profile_new"), head(place="PLBN-16")).status_code == 403
    assert drafted(client, place="PLBN-11").place == "PLBN-11"


@pytest.mark.parametrize(
    "more",
    [
        {"valid_to": ""},
        {"valid_to": "31-12-2099"},
        {"valid_to": "tomorrow"},
        {"label_en": " "},
        {"field.0": "person.primary_identifier", "operator.0": "contains"},
        {"field.0": "protection.fear_of_return", "operator.0": "any_of"},
        {"field.0": "__class__"},
        {"operator.0": "eval"},
        {"operator.0": "at_least"},
        {"field.1": "person.nationality", "operator.1": "any_of"},
        {"place": "NOWHERE"},
        {"kind": "no_such_kind"},
    ],
)
def test_a_head_that_cannot_be_is_shown_again_with_what_was_typed(
    sit: Sit, more: dict[str, str]
) -> None:
    sent = sit(ANALYST).post(reverse("profile_new"), head(**more))
    if "kind" in more:
        assert sent.status_code == 200 and not Profile.objects.filter(seed=False).exists()
        return
    assert sent.status_code == 422
    told = sent.content.decode()
    assert "alert-danger" in told and 'value="Tas merah"' in told
    assert not Profile.objects.filter(seed=False).exists()


def test_fields_that_a_rule_forbids_are_not_offered(sit: Sit) -> None:
    told = sit(ANALYST).get(reverse("profile_new"), {"kind": "crossing"}).content.decode()
    assert 'value="person.nationality"' in told and 'value="context.hour"' in told
    for name in ("person.primary_identifier", "protection.fear_of_return", "person.birth_place"):
        assert f'value="{name}"' not in told


def test_a_cell_that_cannot_be_read_says_so_and_keeps_the_rest(sit: Sit) -> None:
    client = sit(ANALYST)
    row = drafted(client)
    edition = row.edition
    page = reverse("profile_rows", args=[row.id])
    typed = {
        "edition": str(edition), "v.new0": "alert", "c.new0.0": "<script>alert(1)</script>",
        "c.new0.1": "31-02-2020", "v.new1": "look", "c.new1.0": "Malaysia", "c.new1.1": "2026",
    }  # fmt: skip
    sent = client.post(page, typed)
    told = sent.content.decode()
    assert sent.status_code == 422 and told.count("invalid-feedback") == 2
    assert "<script>alert(1)" not in told and 'value="31-02-2020"' in told and "Malaysia" in told
    row.refresh_from_db()
    assert row.edition == edition and Table.of(row.table).rows == ()


def test_of_two_editors_at_once_the_later_keeps_what_he_typed(sit: Sit) -> None:
    first, later = sit(ANALYST), sit(SECOND)
    row = drafted(first)
    seen = str(row.edition)
    assert rows(first, row, ("look", "TLS", "2026")) == 302
    sent = later.post(
        reverse("profile_rows", args=[row.id]),
        {"edition": seen, "v.new0": "alert", "c.new0.0": "MYS", "c.new0.1": "2025"},
    )
    told = sent.content.decode()
    assert sent.status_code == 422 and "IMI-0041" in told and 'value="MYS"' in told
    row.refresh_from_db()
    assert Table.of(row.table).json()["rows"] == [[[["TLS"], ["2026"]], "look"]]


def test_rows_are_moved_deleted_and_paged(sit: Sit) -> None:
    client = sit(ANALYST)
    row = drafted(client)
    for n in range(0, 60, 3):
        start = n // 20 * 20
        row.refresh_from_db()
        typed = {"edition": str(row.edition), "then": "more"}
        for k in range(3):
            typed |= {f"v.new{k}": "look", f"c.new{k}.0": "TLS", f"c.new{k}.1": str(1900 + n + k)}
        at = f"{reverse('profile_rows', args=[row.id])}?dari={start}"
        assert client.post(at, typed).status_code == 302
    row.refresh_from_db()
    years = [r.cells[1] for r in Table.of(row.table).rows]
    assert years == [(str(1900 + n),) for n in range(60)]
    page = f"{reverse('profile_rows', args=[row.id])}?dari=20"
    told = client.get(page).content.decode()
    assert 'value="1920"' in told and 'value="1919"' not in told and "41–60" in told
    sent = {"edition": str(row.edition), "m.20": "1", "d.21": "1", "m.22": "60"}
    assert client.post(page, sent).status_code == 302
    row.refresh_from_db()
    years_now = [(r.cells[1] or ("",))[0] for r in Table.of(row.table).rows]
    assert (
        years_now[0] == "1920"
        and "1921" not in years_now
        and years_now[-1] == "1922"
        and len(years_now) == 59
    )


def test_a_table_of_200_rows_is_shown_and_no_row_more_is_taken(sit: Sit) -> None:
    client = sit(ANALYST)
    row = drafted(client)
    cells = [[[["TLS"], [str(1800 + n)]], "look"] for n in range(200)]
    Profile.objects.filter(pk=row.pk).update(table={**row.table, "rows": cells})
    assert client.get(reverse("profile", args=[row.id])).status_code == 200
    page = client.get(reverse("profile_rows", args=[row.id]) + "?dari=180").content
    assert b"c.new0.0" not in page and b'value="1999"' in page and len(page) < 150_000
    row.refresh_from_db()
    forced = {"edition": str(row.edition), "v.new0": "look", "c.new0.0": "TLS", "c.new0.1": "2000"}
    client.post(reverse("profile_rows", args=[row.id]) + "?dari=180", forced)
    row.refresh_from_db()
    assert len(row.table["rows"]) == 200


def test_a_new_version_is_drafted_while_the_old_one_holds_and_it_is_ended(sit: Sit) -> None:
    analyst, second = sit(ANALYST), sit(SECOND)
    row = whole(analyst)
    analyst.post(reverse("profile_try", args=[row.id]), {"days": "30"})
    while profiles.step():
        pass
    second.post(reverse("profile_approve", args=[row.id]), {"edition": row.edition})
    assert analyst.get(reverse("profile_edit", args=[row.id])).status_code == 403
    assert analyst.post(reverse("profile_next", args=[row.id])).status_code == 302
    assert analyst.post(reverse("profile_next", args=[row.id])).status_code == 422
    end = reverse("profile_end", args=[row.id])
    assert second.post(end, {"reason": ""}).status_code == 422
    assert second.post(end, {"reason": "hits nothing"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "ended"
    assert "hits nothing" in analyst.get(reverse("profile", args=[row.id])).content.decode()
    assert analyst.post(reverse("profile_try", args=[row.id]), {"days": "-1"}).status_code == 422
