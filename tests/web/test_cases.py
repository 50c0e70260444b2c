"""Cases through their pages and the API, the stranger first."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tapal.flow.cases import attach
from tapal.flow.officers import actor_of
from tapal.flow.share.seen_cases import code_of
from tapal.store.models import Alert, Case, CaseEntry, Officer
from tapal.web.cli import cases as cli
from tests.web.conftest import GRANTEE, LEADER, OWNER, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def opened(sit: Sit, crossing: str, **more: str) -> Case:
    """A case that the shift leader opened from a crossing."""
    given = {"title": "Kurir di Motaain", "sort": "record", "ref": crossing, **more}
    sit(LEADER).post(reverse("case_new"), given)
    return Case.objects.latest("id")


def test_a_stranger_and_a_sealed_case(sit: Sit, crossing: str) -> None:
    plain, sealed = opened(sit, crossing), opened(sit, crossing, sealed="on")
    absent = sit(OWNER).get(reverse("case", args=[uuid.uuid4()]))
    for who, case in ((STRANGER, plain), (STRANGER, sealed), (OWNER, sealed)):
        client = sit(who)
        page = client.get(reverse("case", args=[case.pk]))
        assert page.status_code == 404
        assert client.post(reverse("case_step", args=[case.pk, "tutup"])).status_code in (404, 422)
        assert str(case.pk) not in client.get(reverse("cases")).content.decode()
        assert client.get(f"/api/v1/cases/{case.pk}").status_code == 404
        assert str(case.pk) not in client.get("/api/v1/cases").content.decode()
        if who == OWNER:
            assert len(page.content) == len(absent.content)
    record = sit(OWNER).get(reverse("record", args=[crossing])).content.decode()
    assert str(plain.pk) in record and str(sealed.pk) not in record
    assert str(sealed.pk) in sit(LEADER).get(reverse("record", args=[crossing])).content.decode()


def test_who_may_not_see_a_thing_gets_no_page_to_add_it(sit: Sit, crossing: str) -> None:
    for ref in (crossing, str(uuid.uuid4()), "no-id"):
        page = sit(STRANGER).get(reverse("case_new"), {"sort": "record", "ref": ref})
        assert page.status_code == 404
        given = {"title": "x", "sort": "record", "ref": ref}
        assert sit(STRANGER).post(reverse("case_new"), given).status_code == 404
    assert Case.objects.count() == 0


def test_a_case_is_opened_filled_handed_over_and_closed(
    sit: Sit, crossing: str, alert: Alert
) -> None:
    client = sit(LEADER)
    form = client.get(reverse("case_new"), {"sort": "record", "ref": crossing}).content.decode()
    assert "SOARES" in form
    case = opened(sit, crossing)
    file = reverse("case", args=[case.pk])
    picking = client.get(
        reverse("case_new"), {"sort": "alert", "ref": str(alert.pk)}
    ).content.decode()
    assert "Kurir di Motaain" in picking
    client.post(reverse("case_add", args=[case.pk]), {"sort": "alert", "ref": str(alert.pk)})
    client.post(reverse("case_add", args=[case.pk]), {"sort": "person", "ref": crossing})
    again = client.post(
        reverse("case_add", args=[case.pk]), {"sort": "alert", "ref": str(alert.pk)}
    )
    assert again.status_code == 422 and "Sudah ada dalam perkara ini." in again.content.decode()
    note = {"sort": "decision", "text": "Tahan <b>barang</b>"}
    client.post(reverse("case_write", args=[case.pk]), note)
    page = client.get(file).content.decode()
    assert "Tahan &lt;b&gt;barang&lt;/b&gt;" in page and "Keputusan" in page
    line = CaseEntry.objects.get(case=case, sort="alert")
    client.post(reverse("case_out", args=[case.pk, line.pk]))
    assert "Dikeluarkan oleh" in client.get(file).content.decode()
    client.post(reverse("case_restore", args=[case.pk, line.pk]))
    member = {"officer": "NCB-0002", "agency": "HUBINTER"}
    client.post(reverse("case_member", args=[case.pk]), member)
    client.post(
        reverse("case_step", args=[case.pk, "tawarkan"]), {"agency": "HUBINTER", "text": "lanjut"}
    )
    taker = sit("hubinter.penyidik")
    assert "Ambil alih perkara ini" in taker.get(file).content.decode()
    taker.post(reverse("case_step", args=[case.pk, "terima"]))
    assert client.get(file).content.decode().count("Tutup perkara") == 0
    assert taker.post(reverse("case_step", args=[case.pk, "tutup"])).status_code == 422
    end = {"outcome": "referred", "text": "ke kejaksaan"}
    taker.post(reverse("case_step", args=[case.pk, "tutup"]), end)
    assert "dilimpahkan" in taker.get(file).content.decode()
    assert Case.objects.get().state == "closed"
    assert taker.post(reverse("case_step", args=[case.pk, "hapus"])).status_code == 404


def test_a_member_of_another_agency_reads_the_same_by_page_and_api(sit: Sit, crossing: str) -> None:
    case = opened(sit, crossing)
    sit(LEADER).post(
        reverse("case_member", args=[case.pk]), {"officer": "PSD-0001", "agency": "PSDKP"}
    )
    sit(LEADER).post(
        reverse("case_member", args=[case.pk]), {"officer": "BC-0001", "agency": "DJBC"}
    )
    bare = sit(STRANGER).get(f"/api/v1/cases/{case.pk}").json()
    assert bare["title"] == "" and {e["sort"] for e in bare["entries"]} == {
        "opened", "member_added",
    }  # fmt: skip
    given = sit(GRANTEE).get(f"/api/v1/cases/{case.pk}").json()
    assert given["title"] == "Kurir di Motaain"
    (target,) = [e["target"] for e in given["entries"] if e["target"]]
    assert target["id"] == crossing and target["about"] == "record"
    page = sit(STRANGER).get(reverse("case", args=[case.pk])).content.decode()
    assert "Kurir" not in page and "SOARES" not in page and crossing not in page


def test_a_file_is_attached_and_handed_out_as_nothing_that_runs(sit: Sit, crossing: str) -> None:
    case, page = opened(sit, crossing), b"<html><script>alert(1)</script></html>"
    put = reverse("case_attach", args=[case.pk])
    sent = SimpleUploadedFile('a".html\r\nX-Evil: 1', page, "text/html")
    assert sit(STRANGER).post(put, {"file": sent}).status_code == 404
    sent.seek(0)
    assert sit(LEADER).post(put, {"file": sent}).status_code == 302
    assert sit(LEADER).post(put, {}).status_code == 422
    program = SimpleUploadedFile("foto.jpg", b"MZ\x90\x00", "image/jpeg")
    assert sit(LEADER).post(put, {"file": program}).status_code == 422
    line = CaseEntry.objects.get(case=case, sort="file")
    address = reverse("case_file", args=[case.pk, line.pk])
    assert sit(STRANGER).get(address).status_code == 404
    answer = sit(LEADER).get(address)
    assert answer.content == page and answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "X-Evil" not in answer and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    file = sit(LEADER).get(reverse("case", args=[case.pk])).content.decode()
    assert "belum dipindai" in file
    told = sit(LEADER).get(f"/api/v1/cases/{case.pk}").json()
    assert [e["file"]["media_type"] for e in told["entries"] if e["file"]] == ["text/plain"]


def test_the_command_lists_no_sealed_case_and_no_title(
    sit: Sit, crossing: str, desk: Path, settings: LazySettings
) -> None:
    plain, sealed = opened(sit, crossing), opened(sit, crossing, sealed="on")
    run = CliRunner()
    listed = run.invoke(cli.cases, ["list", "--json"])
    assert [c["code"] for c in json.loads(listed.stdout)["cases"]] == [code_of(plain.pk)]
    assert "Kurir" not in listed.output and code_of(sealed.pk) not in listed.output
    assert run.invoke(cli.cases, ["scan"]).exit_code == 2
    settings.TAPAL_SCAN_COMMAND = "true"
    attach(
        sealed.pk, "a.txt", b"x", actor=actor_of(Officer.objects.get(username=LEADER), "PLBN-11")
    )
    done = run.invoke(cli.cases, ["scan"])
    assert done.exit_code == 0 and done.output == ""
    assert run.invoke(cli.cases, ["verify"]).exit_code == 0
    for path in (desk / "attachments").glob("*/*"):
        path.write_bytes(b"y")
    assert run.invoke(cli.cases, ["verify"]).exit_code == 1


def test_who_looked_at_a_sealed_case_is_told_to_its_leads_alone(sit: Sit, crossing: str) -> None:
    case = opened(sit, crossing, sealed="on")
    sit(LEADER).get(reverse("case", args=[case.pk]))
    address = reverse("case_looks", args=[case.pk])
    assert sit(STRANGER).get(address).status_code == 404
    assert sit(OWNER).get(address).status_code == 404
    assert "IMI-0002" in sit(LEADER).get(address).content.decode()
