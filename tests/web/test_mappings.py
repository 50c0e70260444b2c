"""The pages of mappings: the stranger first, then from a file to its records by two officers."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tapal.store.models import Message, Record, SavedMapping
from tapal.web.cli import main
from tests.flow.test_mappings import HEAD, ROWS, table_of
from tests.web.conftest import LEADER, OWNER, STEWARD, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])
SECOND = "imi.analis.kepala"


def upload(data: bytes | None = None, name: str = "simkim.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, table_of() if data is None else data)


def make(client: Client, **more: object) -> SavedMapping:
    asked = {"kind": "crossing", "label": "Ekspor SIMKIM", "name": "simkim", "system": "SIMKIM"}
    answer = client.post("/pemetaan/baru/", {**asked, "file": upload(), **more})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return SavedMapping.objects.get()


def form_of(row: SavedMapping, **changes: str) -> dict[str, str]:
    sent = {
        "edition": str(row.edition),
        "label": "Ekspor SIMKIM",
        "system": "SIMKIM",
        "decimal": ".",
    }
    for n, column in enumerate(row.table["columns"]):
        sent |= {f"{part}.{n}": column[part] for part in ("heading", "path", "reads", "dates")}
        if column["heading"] == "Nama TPI":
            sent |= {f"path.{n}": "@post", f"codes.{n}": "MTN = PLBN-11\nSKW = PLBN-16"}
    return {**sent, **changes}


@pytest.fixture
def drafted(sit: Sit) -> SavedMapping:
    client = sit(STEWARD)
    row = make(client)
    client.post(f"/pemetaan/{row.pk}/ubah/", form_of(row))
    row.refresh_from_db()
    return row


def test_a_stranger_sees_nothing_of_it(sit: Sit, drafted: SavedMapping) -> None:
    for who in (STRANGER, OWNER):
        assert sit(who).get("/pemetaan/").status_code == 403
    other = sit("karantina.analis")
    assert b"SIMKIM" not in other.get("/pemetaan/").content
    for way in ("", "ubah/", ".json"):
        path = (
            f"/pemetaan/{drafted.pk}{way or '/'}"
            if way == ".json"
            else f"/pemetaan/{drafted.pk}/{way}"
        )
        absent = path.replace(str(drafted.pk), "0" * 8 + str(drafted.pk)[8:])
        seen, gone = other.get(path), other.get(absent)
        assert seen.status_code == gone.status_code == 404
    for act in ("coba", "versi", "berlakukan", "akhiri"):
        sent = {"file": upload(), "edition": "2", "reason": "x"}
        assert other.post(f"/pemetaan/{drafted.pk}/{act}/", sent).status_code == 404
    drafted.refresh_from_db()
    assert drafted.state == "draft" and drafted.tried == {}


def test_from_a_file_to_its_records_by_two_officers(sit: Sit, drafted: SavedMapping) -> None:
    steward, second, officer = sit(STEWARD), sit(SECOND), sit(OWNER)
    assert drafted.table["columns"][9]["codes"] == {"MTN": "PLBN-11", "SKW": "PLBN-16"}
    shown = steward.post(f"/pemetaan/{drafted.pk}/coba/", {"file": upload(), "what": "preview"})
    page = shown.content.decode()
    assert "MARIA SOARES" in page and "UTF-8" in page and "Loket" in page
    assert "Kolom Nama Lengkap kosong" in page
    counted = steward.post(f"/pemetaan/{drafted.pk}/coba/", {"file": upload(), "what": "whole"})
    assert "<strong>2</strong> catatan" in counted.content.decode()
    assert not Message.objects.exists()
    # Whoever drafted it finds no button, and the address refuses him.
    assert "Berlakukan sebagai" not in counted.content.decode()
    sent = {"edition": str(drafted.edition)}
    assert steward.post(f"/pemetaan/{drafted.pk}/berlakukan/", sent).status_code == 403
    assert "map:simkim" not in officer.get("/kiriman/").content.decode()
    assert second.post(f"/pemetaan/{drafted.pk}/berlakukan/", sent).status_code == 302
    assert "map:simkim" in officer.get("/kiriman/").content.decode()
    told = officer.post("/kiriman/", {"file": upload(), "format": "map:simkim"}).content.decode()
    assert "2 catatan baru" in told and "1 ditolak" in told
    assert Record.objects.filter(place="PLBN-11").count() == 2
    refused = sit(STRANGER).post("/kiriman/", {"file": upload(), "format": "map:simkim"})
    assert refused.status_code in (403, 422)


def test_a_post_s_leader_does_not_approve_for_every_post(sit: Sit, drafted: SavedMapping) -> None:
    steward, leader = sit(STEWARD), sit(LEADER)
    steward.post(f"/pemetaan/{drafted.pk}/coba/", {"file": upload(), "what": "whole"})
    sent = {"edition": str(drafted.edition)}
    assert leader.post(f"/pemetaan/{drafted.pk}/berlakukan/", sent).status_code == 403


def test_two_who_change_a_draft_do_not_overwrite_each_other(
    sit: Sit, drafted: SavedMapping
) -> None:
    client = sit(STEWARD)
    stale = form_of(drafted, edition=str(drafted.edition - 1), label="Lain")
    answer = client.post(f"/pemetaan/{drafted.pk}/ubah/", stale)
    assert answer.status_code == 422 and "sudah mengubah" in answer.content.decode()
    assert 'value="Lain"' in answer.content.decode()


def test_what_must_be_mended_is_told_and_keeps_it_out_of_force(
    sit: Sit, drafted: SavedMapping
) -> None:
    client = sit(STEWARD)
    sent = form_of(drafted, **{"dates.3": "kemarin", "codes.2": "L = laki"})
    assert client.post(f"/pemetaan/{drafted.pk}/ubah/", sent).status_code == 302
    page = client.get(f"/pemetaan/{drafted.pk}/").content.decode()
    assert "kemarin" in page and "laki" in page and "Harus diperbaiki" in page


@pytest.mark.parametrize(
    "changes",
    [{"name": "SIMKIM X"}, {"label": ""}, {"kind": "nothing"}, {"file": ""}, {"file": upload(b"")},
     {"file": upload(b"PK\x03\x04 broken", "a.xlsx")}, {"name": "a" * 31}],
)  # fmt: skip
def test_bad_entries_are_told_beside_the_form(sit: Sit, changes: dict[str, object]) -> None:
    asked = {"kind": "crossing", "label": "X", "name": "simkim", "system": "SIMKIM"}
    answer = sit(STEWARD).post("/pemetaan/baru/", {**asked, "file": upload(), **changes})
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert not SavedMapping.objects.exists()


def test_the_command_line_takes_what_the_desk_gives(
    sit: Sit, drafted: SavedMapping, tmp_path: Path
) -> None:
    kept = sit(STEWARD).get(f"/pemetaan/{drafted.pk}.json").content
    (tmp_path / "m.json").write_bytes(kept)
    (tmp_path / "t.csv").write_text("\n".join([HEAD, *ROWS]), encoding="utf-8")
    run = CliRunner().invoke
    done = run(
        main, ["mappings", "dry-run", str(tmp_path / "m.json"), str(tmp_path / "t.csv"), "--json"]
    )
    told = json.loads(done.stdout)
    assert (done.exit_code, told["records"], told["rejects"], told["charset"]) == (1, 2, 1, "UTF-8")
    assert run(main, ["mappings", "check", "simkim"]).exit_code == 0
    suggested = run(main, ["mappings", "suggest", str(tmp_path / "t.csv"), "--kind", "crossing"])
    assert json.loads(suggested.stdout)["columns"][1]["path"] == "person.primary_identifier"
    assert run(main, ["mappings", "show", "nothing"]).exit_code == 2
    refused = run(main, ["intake", str(tmp_path / "t.csv"), "--mapping", "simkim"])
    assert refused.exit_code == 2 and "simkim" in refused.stderr
    assert "simkim" in run(main, ["mappings", "list"]).stdout
    assert io.StringIO(kept.decode()).read(1) == "{"
