"""Each list speaks under its own law, and its entries end with the post's day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tapal.core.marking import Sensitivity
from tapal.core.record import Place, RecordView
from tapal.core.text import Text
from tapal.data import table
from tapal.engines.screening import Band
from tapal.flow.screen import day_at
from tapal.flow.screen_words import Named, sentence

LISTS = {row["code"]: row for row in table("lists.csv")}
HELD = ("tahan", "tangkap", "detain", "arrest", "hold ")


def told(roll: str, band: Band = Band.ALERT, until: date | None = None) -> Text:
    label = Text(LISTS[roll]["label_id"], LISTS[roll]["label_en"])
    return sentence(band, Named(roll, label, "N-1", "HUBINTER", until))


@pytest.mark.parametrize("roll", LISTS)
@pytest.mark.parametrize("band", [Band.ALERT, Band.LOOK, Band.TIE])
def test_every_list_names_its_entry_and_what_a_hit_is(roll: str, band: Band) -> None:
    text = told(roll, band)
    assert "N-1" in text.id and "N-1" in text.en
    assert LISTS[roll]["advice_id"] in text.id and LISTS[roll]["advice_en"] in text.en
    assert "{" not in text.id + text.en


def test_a_red_notice_is_a_request_that_only_the_bureau_confirms() -> None:
    text = told("interpol_red")
    assert "permintaan, bukan surat perintah" in text.id and "NCB" in text.id
    assert "Interpol red notice" in text.en and "not an arrest warrant" in text.en


def test_a_yellow_notice_protects_and_speaks_of_no_detention() -> None:
    text = told("interpol_yellow")
    assert "dilindungi" in text.id and "pendamping" in text.id
    assert not [word for word in HELD if word in text.id.lower() or word in text.en.lower()]


@pytest.mark.parametrize(
    ("roll", "words"),
    [
        ("cegah", "untuk keluar saja"),
        ("tangkal", "hanya untuk orang asing dan untuk masuk saja"),
        ("dpo", "Warga negara tetap boleh masuk"),
        ("lost_documents", "bukan orangnya"),
    ],
)
def test_direction_and_subject_are_said(roll: str, words: str) -> None:
    assert words in told(roll).id


def test_the_end_of_an_entry_is_said() -> None:
    assert "berlaku sampai 09-04-2026" in told("cegah", until=date(2026, 4, 9)).id


def test_a_list_of_ones_own_is_a_lead() -> None:
    named = Named("own", Text("Daftar uji", "Test list"), "1", "", None)
    assert sentence(Band.ALERT, named).id == (
        "Cocok dengan entri 1 pada daftar uji (-). "
        "Ini petunjuk, bukan putusan: periksa sebelum bertindak."
    )


def test_an_entry_ends_with_the_day_at_the_post() -> None:
    """23.30 UTC on the 9th is the 10th in all three zones; 16.30 UTC is the 9th in the west only."""
    posts = {
        name: Place(name, name, "PLBN", "", "", zone)
        for name, zone in (("A", "Asia/Jakarta"), ("B", "Asia/Makassar"), ("C", "Asia/Jayapura"))
    }

    def day(post: str | None, hour: int) -> int:
        at = datetime(2026, 3, 9, hour, 30, tzinfo=UTC)
        view = RecordView("r", "k", "O", post, at, at, Sensitivity.RESTRICTED, {})
        return day_at(view, posts).day

    assert [day(post, 16) for post in "ABC"] == [9, 10, 10]
    assert [day(post, 23) for post in ("A", "C", None)] == [10, 10, 10]
