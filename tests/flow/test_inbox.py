"""The watched folder: whole files are taken once, half ones wait, and no file stops another."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tapal.flow import inbox, raw
from tapal.store.models import Message, Record, Reject

HEAD = "name,birth_date,nationality,document_number,issuing_state,direction,time\n"
ROW = "MARIA SOARES,1990-01-0{n},TLS,C012345{n},TLS,entry,2026-03-10T10:00\n"


@pytest.fixture
def post(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of one post; files in it count as settled at once."""
    monkeypatch.setattr(inbox, "SETTLED_SECONDS", -1.0)
    place = inbox.folder() / "IMI" / "PLBN-11"
    place.mkdir(parents=True)
    yield place
    inbox._stuck.clear()


def put(place: Path, name: str = "a.csv", n: int = 1) -> Path:
    path = place / name
    path.write_text(HEAD + ROW.format(n=n))
    return path


def reports(home: Path, where: str) -> dict[str, dict[str, object]]:
    found = (home / where).rglob("*.json")
    return {p.name.removesuffix(".json"): json.loads(p.read_text()) for p in found}


def test_a_file_is_taken_for_its_agency_and_post_and_put_away_beside_its_report(
    home: Path, post: Path
) -> None:
    path = put(post)
    assert inbox.sweep() == 1 and inbox.sweep() == 0
    record = Record.objects.get()
    assert (record.owner, record.place) == ("IMI", "PLBN-11")
    assert not path.exists() and reports(home, "inbox-done")["a.csv"]["records"] == 1
    (kept,) = (home / "inbox-done").rglob("a.csv")
    assert kept.read_bytes() == raw.fetch(Message.objects.get().sha256)


def test_the_same_file_again_doubles_nothing_and_writes_over_nothing(
    home: Path, post: Path
) -> None:
    for _ in range(2):
        put(post)
        inbox.sweep()
    assert Record.objects.count() == Message.objects.count() == 1
    assert {n: r["known"] for n, r in reports(home, "inbox-done").items()} == {
        "a.csv": 0,
        "a-1.csv": 1,
    }


def test_one_that_somebody_still_writes_waits_and_is_taken_whole(home: Path, post: Path) -> None:
    path = post / "a.csv"
    with path.open("w") as slow:
        slow.write(HEAD + ROW.format(n=1))
        slow.flush()
        assert inbox.sweep() == 0 and path.exists() and not Message.objects.exists()
        slow.write(ROW.format(n=2))
    assert inbox.sweep() == 1
    assert Record.objects.count() == 2


def test_one_that_grew_while_it_was_read_waits(
    home: Path, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(post)

    def grows(handle: int) -> bool:
        with path.open("a") as more:
            more.write(ROW.format(n=2))
        return False

    monkeypatch.setattr(inbox, "_being_written", grows)
    assert inbox.sweep() == 0 and not Message.objects.exists()
    monkeypatch.undo()


def test_half_written_names_and_folders_are_left_alone(home: Path, post: Path) -> None:
    put(post, ".a.csv.part")
    (post / ".rsync-partial").mkdir()
    put(post / ".rsync-partial")
    os.mkfifo(post / "pipe")
    assert inbox.sweep() == 0 and not Message.objects.exists()
    os.rename(post / ".a.csv.part", post / "a.csv")
    assert inbox.sweep() == 1


def test_a_link_is_refused_and_what_it_leads_to_is_not_read(home: Path, post: Path) -> None:
    (home / "secret.key").write_text("the node's own")
    (post / "a.csv").symlink_to(home / "secret.key")
    (post / "b.csv").symlink_to(home / "nothing")
    assert inbox.sweep() == 2
    assert not Message.objects.exists() and not list(raw.folder().rglob("*"))
    for told in reports(home, "inbox-refused").values():
        assert "tautan" in str(told["reason"])
    assert (home / "secret.key").read_text() == "the node's own"


def test_a_file_too_long_is_refused_with_the_mend(
    home: Path, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "LONGEST", 10)
    put(post)
    inbox.sweep()
    assert "tapal intake" in str(reports(home, "inbox-refused")["a.csv"]["reason"])
    assert not Message.objects.exists()


def test_one_that_cannot_be_opened_is_refused_in_words(
    home: Path, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(post)

    def shut(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(inbox, "_read", shut)
    inbox.sweep()
    reason = reports(home, "inbox-refused")["a.csv"]["reason"]
    assert isinstance(reason, dict) and "Permission denied" in reason["en"] and reason["id"]


def test_one_that_cannot_be_put_away_stops_no_other_and_is_not_read_again(
    home: Path, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(post, "a.csv", 1)
    put(post, "b.csv", 2)
    move = shutil.move

    def stuck(path: Path, final: Path) -> object:
        if path.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return move(path, final)

    monkeypatch.setattr(shutil, "move", stuck)
    assert inbox.sweep() == 1 and Record.objects.count() == 2
    assert inbox.sweep() == 0
    monkeypatch.undo()
    monkeypatch.setattr(inbox, "SETTLED_SECONDS", -1.0)
    os.utime(post / "a.csv", (1, 1))
    assert inbox.sweep() == 1 and Record.objects.count() == 2


def test_a_name_that_is_no_text_is_taken(home: Path, post: Path) -> None:
    name = os.fsencode(post) + b"/\xff\xfe.csv"
    with open(name, "w") as file:
        file.write(HEAD + ROW.format(n=1))
    put(post, "z.csv", 2)
    assert inbox.sweep() == 2 and Record.objects.count() == 2
    assert not list(post.iterdir())


def test_what_no_reader_knows_or_no_agency_sends_is_refused_with_its_reason(
    home: Path, post: Path
) -> None:
    (post / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (post / "empty.csv").write_bytes(b"")
    nobody = inbox.folder() / "NOBODY"
    nobody.mkdir()
    put(nobody)
    assert inbox.sweep() == 3
    told = reports(home, "inbox-refused")
    assert set(told) == {"picture.jpg", "empty.csv", "a.csv"}
    assert told["picture.jpg"]["rejects"] == 1 and "NOBODY" in str(told["a.csv"]["reason"])
    assert Reject.objects.count() == 2
