"""Procedures on the desk and on the command line: shown, printed, checked, tried on past alerts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.urls import reverse
from django.utils import timezone

from tapal.engines import procedures as engine
from tapal.flow import procedures, reference
from tapal.store.models import Access, Alert, Officer, Procedure, Run
from tapal.web.cli import procedures as command
from tests.web.conftest import LEADER, OWNER, STRANGER, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])


def version(name: str) -> Procedure:
    return Procedure.objects.get(name=name, state="in_force")


def test_a_trial_is_shown_to_who_draws_and_to_nobody_else(sit: Sit, alert: Alert) -> None:
    url = reverse("procedure_rehearse", args=[version("document_irregularity").pk])
    assert sit(STRANGER).get(url).status_code == 403
    assert sit(OWNER).get(url).status_code == 403
    draws = sit(LEADER)
    empty = draws.get(url).content.decode()
    assert "Jalankan uji" in empty and "Ringkasan" not in empty
    page = draws.get(url, {"days": "30", "share": "150"}).content.decode()
    assert "Ringkasan" in page and "Periksa dokumen" in page
    # Nobody answered yet: half as long again as its clock, so all of it is late.
    assert Run.objects.filter(alert=alert).count() == 1
    odd = draws.get(url, {"days": "9x", "examine.seen": "<b>", "share": "-1"})
    assert odd.status_code == 200 and "<b>" not in odd.content.decode()


def test_the_printed_page_has_the_head_of_the_pattern(sit: Sit) -> None:
    url = reverse("procedure_text", args=[version("minor_at_risk").pk])
    page = sit(LEADER).get(url).content.decode()
    places = [page.index(f"<h2>{name}</h2>") for name in (
        "Dasar hukum", "Kualifikasi pelaksana", "Keterkaitan", "Peralatan/perlengkapan",
        "Peringatan", "Pencatatan dan pendataan",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "Undang-Undang Nomor 23 Tahun 2002" in page and "belum diverifikasi" in page
    assert "Kementerian Sosial" in page and "social services" not in page
    for word in ("Nomor SOP", "Tanggal pembuatan", "Tanggal revisi", "Tanggal efektif", "Disahkan"):
        assert word in page


def test_declared_answers_lead_the_way(sit: Sit, alert: Alert) -> None:
    url = reverse("procedure_rehearse", args=[version("document_irregularity").pk])
    said = {"days": "30", "share": "50", "examine.seen": "misread"}
    assert "Salah baca" in sit(LEADER).get(url, said).content.decode()


def test_a_running_case_is_moved_by_who_hands_work_out(sit: Sit, alert: Alert) -> None:
    old = version("document_irregularity")
    xml = bytes(old.xml).replace(b'labelEn="', b'labelEn="The ', 1)
    diagram = engine.checked(xml)[0]
    assert diagram is not None
    row = procedures._new_version(diagram, xml, "X", "IMI", "")
    row.signatures = [{"agency": "IMI", "officer": "X", "name": "X", "at": "2026-11-24"}]
    row.state, row.in_force_at = "in_force", timezone.now()
    row.save()
    reference.bump(procedures.CURSOR)
    url, run = reverse("procedure_move", args=[row.pk]), Run.objects.get(alert=alert)
    assert sit(OWNER).get(url).status_code == sit(STRANGER).get(url).status_code == 403
    page = sit(LEADER).get(url).content.decode()
    assert str(run.pk) in page and "Periksa dokumen di meja kedua" in page
    assert sit(LEADER).post(url).status_code == 422
    assert sit(LEADER).post(url, {"run": ["x", str(row.pk)]}).status_code == 422
    assert sit(LEADER).post(url, {"run": [str(run.pk)]}).status_code == 302
    assert Run.objects.get(pk=run.pk).procedure_id == row.pk
    assert str(run.pk) not in sit(LEADER).get(url).content.decode()


@pytest.fixture
def tapal(desk: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line on the test's own database."""
    monkeypatch.setattr(command, "start", lambda: None)
    return CliRunner()


def run(tapal: CliRunner, *words: str, code: int = 0) -> str:
    done = tapal.invoke(command.procedures, list(words), catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def test_the_command_lists_shows_and_prints(tapal: CliRunner) -> None:
    told = [json.loads(line) for line in run(tapal, "list", "--json").splitlines()]
    assert {each["name"] for each in told} >= {"watchlist_hit", "list_outage"}
    shown = run(tapal, "show", "watchlist_hit", "--language", "en")
    assert "A second officer judges for himself" in shown and "not by who did verify" in shown
    printed = run(tapal, "print", "watchlist_hit", "--version", "1", "--language", "en")
    assert "SHA-256" in printed and "not signed yet: IMI" in printed
    assert "Legal basis\n   * Law 6/2011 on immigration" in printed
    assert "Qualifications\n   * Immigration officer" in printed
    assert "no procedure nothing" in run(tapal, "show", "nothing", code=2)


def test_the_command_checks_files(tapal: CliRunner, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.bpmn", tmp_path / "bad.bpmn"
    good.write_bytes(procedures.seeds()["watchlist_hit.bpmn"])
    bad.write_bytes(good.read_bytes().replace(b'power="alert.triage"', b'power="root"', 1))
    assert run(tapal, "check", str(good)) == f"{good}\tok\n"
    told = run(tapal, "check", str(good), str(bad), "--language", "en", code=1)
    assert "verify\tThe power root is not known." in told
    (tmp_path / "none").write_bytes(b"\x00\xff")
    assert "The diagram cannot be read" in run(
        tapal, "check", str(tmp_path / "none"), "--language", "en", code=1
    )


def test_the_command_tries_a_version_in_an_officers_name(tapal: CliRunner, alert: Alert) -> None:
    number = Officer.objects.get(username=LEADER).number
    words = ("simulate", "document_irregularity", "--post", "PLBN-11", "--as", number)
    told = json.loads(run(tapal, *words, "--json", "--assume", "examine.seen=misread"))
    assert (told["taken"], told["after"]["cases"], told["changed"]) == (Alert.objects.count(), 1, 0)
    assert told["after"]["ends"][0]["closes"] == "false"
    assert Access.objects.filter(officer=number, subject="procedure document_irregularity").exists()
    assert "begin it\t1\t1" in run(tapal, *words)
    stranger = Officer.objects.get(username=STRANGER).number
    assert "may not try" in run(tapal, *words[:-1], stranger, code=2)
    assert "may not try" in run(tapal, *words[:-1], "NOBODY", code=2)
