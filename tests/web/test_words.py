"""Codes, names of rules and values compared as an officer reads them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from tapal.core.finding import Compared
from tapal.core.text import Text
from tapal.kinds import KINDS
from tapal.store.models import Alert, Record, Work
from tapal.web import body
from tapal.web.templatetags import words
from tests.web.conftest import GRANTEE, LEADER, OWNER, STEWARD, Sit

pytestmark = pytest.mark.django_db(databases=["default", "access"])
CROSSING = KINDS["crossing"]


def lines(of: dict[str, object]) -> dict[str, body.Line]:
    section = body.body_section(CROSSING, of)
    return {line.path: line for part in (section, *section.parts) for line in part.lines}


def test_a_code_stands_small_beside_its_words() -> None:
    said = lines(
        {
            "direction": "entry",
            "person": {"nationality": "TLS", "sex": "F"},
            "residence": {"area": "53.04.01", "text": "53.04.01"},
            "destination": {"area": "TLS-BOB-MALIANA", "text": "Maliana, dekat pasar"},
            "unread": {"person.birth_date": "31-02-1987"},
        }
    )
    told = {path: (line.value, line.code) for path, line in said.items()}
    assert told["direction"] == ("masuk", "")
    assert told["person.nationality"] == ("Timor-Leste", "TLS")
    assert told["person.sex"] == ("perempuan", "")
    assert told["residence.area"] == ("Lamaknen, Kabupaten Belu", "53.04.01")
    assert "residence.text" not in told
    assert told["destination.text"] == ("Maliana, dekat pasar", "")
    assert told["unread"] == ("Tanggal lahir: 31-02-1987", "")


def test_what_no_list_of_codes_holds_stays_as_it_came() -> None:
    assert lines({"person": {"nationality": "QQQ"}})["person.nationality"].value == "QQQ"


def test_compared_codes_read_in_either_language() -> None:
    sexes = Text("perempuan", "female"), Text("laki-laki", "male")
    pair = Compared(Text("jenis kelamin", "sex"), *sexes, agree=False)
    with translation.override("en"):
        assert "<td>female</td>" in words.differ(pair) and "≠" in words.differ(pair)
    with translation.override("id"):
        assert "<td>perempuan</td>" in words.differ(pair)
        assert words.part_words("row 29") == "baris 29"
        assert words.part_words("NAD 7") == "NAD 7"
        assert words.fields_words({"kinds": ["crossing"], "fields": ["document.*", "mode"]}) == (
            "Dokumen perjalanan (semua), Moda"
        )


def test_an_alert_is_called_by_its_rule(sit: Sit, alert: Alert) -> None:
    page = sit(OWNER).get(reverse("alert", args=[alert.pk])).content.decode()
    assert "Masa berlaku dokumen habis" in page and "<code>document_expired</code>" in page
    listed = sit(OWNER).get(reverse("alerts")).content.decode()
    assert "Masa berlaku dokumen habis" in listed
    # The list's own state does not hide the state of the post.
    assert 'class="strip-item' in listed and "Mandiri" in listed


def test_a_record_without_a_name_is_called_by_its_kind(sit: Sit, crossing: str) -> None:
    page = sit("karantina.motaain").get(reverse("record", args=[crossing])).content.decode()
    assert '<h1 class="page-title">Perlintasan orang</h1>' in page and "Text(" not in page


def test_a_record_that_nobody_worked_says_so(sit: Sit, crossing: str) -> None:
    Work.objects.create(records=[crossing], at="2026-11-24T00:00:00Z")
    Record.objects.filter(pk=crossing).update(worked=False)
    for name in ("record", "counter_answer", "print"):
        page = sit(OWNER).get(reverse(name, args=[crossing])).content.decode()
        assert "Belum disaring dan belum dinilai" in page, name
        assert "Tidak ada temuan." not in page
    assert "belum disaring" in sit(OWNER).get(reverse("search")).content.decode()
    assert "belum punya daftar" in sit(OWNER).get(reverse("queue")).content.decode()
    others = sit(GRANTEE).get(reverse("record", args=[crossing])).content.decode()
    assert "Belum disaring" not in others


def test_legal_values_not_known_yet_stand_apart_with_how_to_enter_them(sit: Sit) -> None:
    page = sit(STEWARD).get(reverse("law")).content.decode()
    head, _, rest = page.partition('aria-label="Nilai hukum"')
    assert "Belum diketahui, harus dicari" in head and "plb.stay_days" in head
    assert "negara tetangga: Papua Nugini" in head and "Open the row" not in head
    assert reverse("law_row", args=["plb.stay_days:PNG"]) in head
    assert reverse("law_row", args=["plb.stay_days:PNG"]) not in rest
    row = sit(STEWARD).get(reverse("law_row", args=["plb.stay_days:PNG"])).content.decode()
    assert "belum diketahui" in row and "Isi nilai yang ditemukan" in row
    assert "nilai wajib, diisi pemilik" in row
    data = {
        "value": "30",
        "valid_from": "24-11-2026",
        "citation": "read by the steward",
        "confidence": "checked",
    }
    done = sit(STEWARD).post(reverse("law_row", args=["plb.stay_days:PNG"]), data)
    assert done.status_code == 302
    head = sit(STEWARD).get(reverse("law")).content.decode().partition('"Nilai hukum"')[0]
    assert reverse("law_row", args=["plb.stay_days:PNG"]) not in head


def test_a_role_without_a_queue_is_not_told_that_all_is_done(sit: Sit) -> None:
    page = sit("bnpp.auditor").get(reverse("queue")).content.decode()
    assert "tidak menangani antrean" in page and "Semua sudah ditangani" not in page
    assert "tidak menangani antrean" not in sit(LEADER).get(reverse("queue")).content.decode()


def test_lines_put_first_that_have_the_same_words_bear_those_of_their_part() -> None:
    said = {"residence": {"text": "Balibo"}, "destination": {"text": "Raihat"}, "mode": "foot"}
    first = body.summary(KINDS["crossing"], said)
    assert [(line.label.en, line.value) for line in first if line.path.endswith("text")] == [
        ("Residence", "Balibo"),
        ("Destination", "Raihat"),
    ]


def test_the_ground_of_a_quarantine_act_is_told_in_words() -> None:
    section = body.body_section(
        KINDS["phyto"], {"acts": [{"act": "penahanan", "ground": "laboratory"}]}
    )
    (act,) = section.parts
    assert [line.value for line in act.lines] == ["Penahanan", "menunggu hasil laboratorium"]


def test_a_log_of_looks_names_lists_in_words(sit: Sit, alert: Alert) -> None:
    sit(OWNER).get(reverse("alert", args=[alert.pk]))
    page = sit(STEWARD).get(reverse("access_log")).content.decode()
    assert "prosedur yang berjalan" in page and "<td>runs" not in page
