"""What every page keeps: the policy, both languages, labels, local times and forms."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.conftest import ADMIN, LEADER, OWNER, STEWARD, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])

PAGES = {
    OWNER: ("queue", "counter", "alerts", "tasks", "search", "intake", "rejects", "account", "pin"),
    LEADER: ("shift",),
    STEWARD: ("lists", "sharing", "access_log", "agreement_new"),
    ADMIN: ("people", "officer_new", "posts", "machine"),
}
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.I)


def pages(sit: Sit, crossing: str) -> list[tuple[str, str]]:
    """Every page that these officers open, with its address."""
    found = []
    for username, names in PAGES.items():
        client = sit(username)
        found += [(reverse(n), client.get(reverse(n)).content.decode()) for n in names]
    client = sit(OWNER)
    for name in ("record", "counter_answer", "print"):
        address = reverse(name, args=[crossing])
        found.append((address, client.get(address).content.decode()))
    return found


def test_no_page_holds_inline_script_or_style(sit: Sit, crossing: str) -> None:
    for address, page in pages(sit, crossing):
        assert not INLINE.search(page), address


def test_every_answer_carries_the_policy(sit: Sit, client: Client) -> None:
    for answer in (client.get("/masuk/"), sit(OWNER).get("/"), sit(OWNER).get("/no-such-page/")):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert "no-store" in answer["Cache-Control"]


def test_every_input_has_a_label(sit: Sit, crossing: str) -> None:
    for address, page in pages(sit, crossing):
        labelled = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', page))
        wrapped = re.findall(r"<label(?![^>]*\bfor=)[^>]*>.*?</label>", page, re.S)
        inside = " ".join(wrapped)
        for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
            if 'type="hidden"' in tag or tag in inside:
                continue
            name = re.search(r'\bid="([^"]+)"', tag)
            assert name and name.group(1) in labelled, (address, tag)


def test_ids_are_used_once(sit: Sit, crossing: str) -> None:
    for address, page in pages(sit, crossing):
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), address


def test_english_leaves_no_indonesian_behind(sit: Sit, crossing: str) -> None:
    client = sit(OWNER)
    client.post("/bahasa/", {"language": "en"})
    page = client.get(reverse("record", args=[crossing])).content.decode()
    assert '<html lang="en"' in page
    assert "Findings" in page and "History" in page
    for word in ("Temuan", "Riwayat", "Kembali", "Berkas", "Peringatan", "Cetak"):
        assert word not in page


def test_indonesian_is_the_default(sit: Sit) -> None:
    page = sit(OWNER).get("/").content.decode()
    assert '<html lang="id"' in page and "Yang menunggu di pos ini" in page


def test_times_are_those_of_the_post(sit: Sit, crossing: str) -> None:
    page = sit(OWNER).get(reverse("record", args=[crossing])).content.decode()
    assert "24-11-2026 08.12 WITA" in page


def test_the_screen_can_be_dark(sit: Sit) -> None:
    client = sit(OWNER)
    client.post("/tampilan/", {"theme": "dark"})
    assert 'data-bs-theme="dark"' in client.get("/").content.decode()


def test_an_empty_queue_is_good_news(sit: Sit) -> None:
    assert "Tidak ada yang menunggu" in sit(OWNER).get("/").content.decode()


def test_the_queue_holds_what_waits_most_urgent_first(sit: Sit, crossing: str) -> None:
    page = sit(OWNER).get("/").content.decode()
    assert "/peringatan/" in page and "sisa" in page and "Tidak ada yang menunggu" not in page


def test_a_printed_record_carries_its_code(sit: Sit, crossing: str) -> None:
    page = sit(OWNER).get(reverse("print", args=[crossing])).content.decode()
    assert "<svg" in page and "Dicetak" in page and "IMI-0001" in page
