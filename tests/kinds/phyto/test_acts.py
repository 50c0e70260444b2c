"""The 8P acts: offered only when lawful, each with a numbered document, with clocks in working days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from tapal.core.actions import Actor, Occasion, Outcome
from tapal.core.errors import Rejected
from tapal.core.finding import Finding, Weight
from tapal.core.legal import LegalBook, LegalRow
from tapal.core.registers import set_at
from tapal.core.working_days import end_of_working_day
from tapal.kinds.phyto import PHYTO
from tests.kinds.builders import NOW, context, legal_row, seed_rows, view
from tests.kinds.phyto.cases import body

OFFICER = Actor("o-1", "KRT-0001", "Petugas Contoh", "BARANTIN", "PLBN-11", frozenset())
PEST = {"scientific_name": "Ceratitis capitata", "eppo_code": "CERTCA", "alive": True}
EIGHT = (
    "pemeriksaan",
    "pengasingan",
    "pengamatan",
    "perlakuan",
    "penahanan",
    "penolakan",
    "pemusnahan",
    "pembebasan",
)


class Desk:
    """A consignment under an officer's hands: acts are carried out as the road would do it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.body: dict[str, Any] = body()
        self.now = now
        self.outcome = Outcome({})

    def occasion(self) -> Occasion:
        record, known = view("phyto", self.body), context(now=self.now)
        findings = [f for rule in PHYTO.rules for f in rule.check(record, known)]
        return Occasion(record, findings, known, OFFICER)

    def offers(self) -> list[str]:
        at_hand = self.occasion()
        return [action.name for action in PHYTO.actions if action.offered(at_hand)]

    def act(self, name: str, **answers: Any) -> Outcome:
        action = PHYTO.action(name)
        assert action is not None and name in self.offers(), (name, self.offers())
        at_hand = self.occasion()
        form = action.form(at_hand) if action.form else None
        given = form.model_validate(answers) if form else None
        self.outcome = action.apply(at_hand, given)
        for path, value in self.outcome.changes.items():
            set_at(self.body, path, value)
        for number, paper in enumerate(self.outcome.documents, 1):
            self.issue(paper.into, {"form": paper.form, "number": f"{name}/{number}", **paper.data})
        PHYTO.model.model_validate(self.body)
        return self.outcome

    def issue(self, into: str, entry: Mapping[str, Any]) -> None:
        told = {"issued_at": self.now.isoformat(), "issued_by": OFFICER.number, **entry}
        self.body[into] = [*self.body.get(into, []), told]

    def inspect(self, **answers: Any) -> Outcome:
        return self.act("pemeriksaan", **{"result": "free", **answers})


def test_nothing_but_inspection_comes_first() -> None:
    assert Desk().offers() == ["pemeriksaan"]


def test_acts_stand_in_the_order_of_the_legal_row() -> None:
    (row,) = context().legal.rows("quarantine.treatment_order", NOW.date())
    assert tuple(row.value) == EIGHT
    assert tuple(a.name for a in PHYTO.actions)[:8] == EIGHT


def test_sound_goods_are_inspected_and_released() -> None:
    desk = Desk()
    desk.inspect(sampled="20 buah")
    assert desk.body["inspection"]["result"] == "free"
    desk.act("pembebasan")
    assert desk.body["state"] == "released"
    assert desk.offers() == []
    assert [one["act"] for one in desk.body["acts"]] == ["pemeriksaan", "pembebasan"]
    assert all(one["number"] and one["issued_at"] for one in desk.body["acts"])


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("pengasingan", {"details": "Rumah isolasi 2"}),
        ("perlakuan", {"details": "Fumigasi fosfin 72 jam", "success": True}),
        ("penahanan", {"ground": "documents_missing", "details": "Izin impor"}),
        ("penolakan", {"ground": "prohibited", "details": "Tanah melekat"}),
        ("pemusnahan", {"ground": "rotten", "details": "Dibakar"}),
        ("pembebasan", {}),
    ],
)
def test_each_act_issues_one_document_of_its_own(name: str, answers: dict[str, Any]) -> None:
    desk = Desk()
    desk.inspect()
    outcome = desk.act(name, **answers)
    (paper,) = outcome.documents
    assert paper.into == "acts" and paper.data["act"] == name
    assert paper.form and paper.label.id and paper.label.en


def test_a_form_that_the_owner_entered_is_used() -> None:
    at_hand = Desk().occasion()
    row = legal_row("quarantine.document_form", "K-7.1", act="pemeriksaan", carrier="plant")
    known = context(legal=[row])
    action = PHYTO.action("pemeriksaan")
    assert action is not None and action.form is not None
    given = action.form(at_hand).model_validate({"result": "free"})
    outcome = action.apply(Occasion(at_hand.record, (), known, OFFICER), given)
    assert outcome.documents[0].form == "K-7.1"


def test_a_hold_for_documents_runs_three_working_days_and_then_allows_refusal() -> None:
    # Tuesday 10 March 2026, 11:00 at Motaain.
    desk = Desk()
    desk.inspect(result="documents_only")
    outcome = desk.act("penahanan", ground="documents_missing", details="Izin impor")
    (task,) = outcome.tasks
    due = datetime(2026, 3, 13, 23, 59, 59, tzinfo=ZoneInfo("Asia/Makassar"))
    assert task.due_at == due and desk.body["acts"][-1]["due_at"] == due.isoformat()
    assert "pembebasan" not in desk.offers()
    desk.now = due - timedelta(seconds=1)
    with pytest.raises(Rejected) as caught:
        desk.act("penolakan", ground="documents_not_completed", details="-")
    assert caught.value.place == "ground"
    desk.now = due + timedelta(seconds=1)
    assert "hold_overdue" in [f.rule for f in desk.occasion().findings]
    refused = desk.act("penolakan", ground="documents_not_completed", details="Tidak lengkap")
    assert refused.closes == (task.name,)
    assert desk.body["state"] == "refused"


def test_completed_documents_lift_the_hold() -> None:
    desk = Desk()
    desk.inspect(result="documents_only")
    desk.act("penahanan", ground="documents_missing", details="Izin impor")
    outcome = desk.act("documents_completed")
    assert outcome.closes and desk.body["state"] == "open"
    assert "pembebasan" in desk.offers() and "documents_completed" not in desk.offers()


def test_refused_goods_go_out_or_are_destroyed_after_three_working_days() -> None:
    # Friday the 13th: the weekend does not count, so the third working day is Wednesday.
    desk = Desk(datetime(2026, 3, 13, 3, 0, tzinfo=UTC))
    desk.inspect()
    desk.act("penolakan", ground="prohibited", details="Asal dilarang")
    assert desk.offers() == ["pemusnahan", "goods_gone_out"]
    with pytest.raises(Rejected):
        desk.act("pemusnahan", ground="not_taken_out", details="Dibakar")
    desk.now = datetime(2026, 3, 18, 16, 0, tzinfo=UTC)
    assert "refused_goods_overdue" in [f.rule for f in desk.occasion().findings]
    desk.act("pemusnahan", ground="not_taken_out", details="Dibakar, dua saksi")
    assert desk.offers() == []


def test_a_hold_for_the_laboratory_is_lifted_by_its_result_not_by_documents() -> None:
    desk = Desk()
    desk.inspect(result="laboratory")
    (task,) = desk.act("penahanan", ground="laboratory", details="Contoh dikirim").tasks
    assert "laboratorium" in task.label.id
    assert "documents_completed" not in desk.offers()
    desk.act("laboratory_result_here")
    assert desk.body["state"] == "open" and "documents_completed_at" not in desk.body


def test_an_overdue_hold_alerts_only_when_the_holidays_are_entered() -> None:
    desk = Desk()
    desk.inspect(result="documents_only")
    desk.act("penahanan", ground="documents_missing", details="Izin impor")
    desk.now += timedelta(days=10)

    def told(*rows: LegalRow) -> Finding:
        known = context(now=desk.now, legal=(*seed_rows(), *rows))
        rule = next(r for r in PHYTO.rules if r.name == "hold_overdue")
        (finding,) = rule.check(view("phyto", desk.body), known)
        return finding

    assert told().weight is Weight.LOOK and "Hari libur nasional" in told().text.id
    entered = told(legal_row("calendar.public_holidays", ["2026-03-20"]))
    assert entered.weight is Weight.ALERT
    assert entered.text.id == "Dokumen belum dilengkapi; batasnya 13-03-2026 23:59."


def test_the_letter_says_that_quarantine_comes_before_customs() -> None:
    desk = Desk()
    desk.inspect()
    desk.act("pembebasan")
    sheet = next(s for s in PHYTO.sheets if s.name == "letter_pembebasan")
    said = " ".join(sheet.render(view("phyto", desk.body), context(), "id").paragraphs)
    assert "mendahului pemberitahuan pabean" in said and "UU 21/2019 pasal 28" in said
    desk.body["direction"] = "export"
    said = " ".join(sheet.render(view("phyto", desk.body), context(), "id").paragraphs)
    assert "pabean" not in said


def test_goods_taken_out_end_the_file() -> None:
    desk = Desk()
    desk.inspect()
    desk.act("penolakan", ground="prohibited", details="Asal dilarang")
    desk.act("goods_gone_out")
    assert desk.body["state"] == "left" and desk.offers() == []


def test_a_pest_that_an_unread_list_names_asks_a_reason_and_blocks_nothing_by_itself() -> None:
    desk = Desk()
    desk.inspect(result="pest_found", pests=[PEST])
    with pytest.raises(ValidationError):
        desk.act("pembebasan")
    desk.act("pembebasan", details="Keputusan dibaca: bukan OPTK untuk komoditas ini")
    assert desk.body["state"] == "released"


def test_a_live_listed_pest_is_not_released_before_a_successful_treatment() -> None:
    desk = Desk()
    desk.inspect(result="pest_found", pests=[{**PEST, "category": "A1"}])
    assert desk.body["pests"][0]["found"] == "2026-03-10"
    assert "pembebasan" not in desk.offers()
    desk.act("perlakuan", details="Fumigasi", success=False)
    assert "pembebasan" not in desk.offers()
    desk.act("perlakuan", details="Fumigasi ulang", success=True)
    assert "pembebasan" in desk.offers()


def test_a_treatment_that_met_a_group_one_pest_lets_go_only_with_a_reason() -> None:
    desk = Desk()
    desk.inspect(result="pest_found", pests=[{**PEST, "category": "A1", "group": "I"}])
    desk.act("perlakuan", details="Fumigasi", success=True)
    with pytest.raises(ValidationError):
        desk.act("pembebasan")
    desk.act("pembebasan", details="Golongan diperiksa ulang: II menurut keputusan")
    assert desk.body["state"] == "released"


def test_a_clock_that_still_runs_is_told_at_the_posts_time() -> None:
    desk = Desk()
    desk.inspect(result="documents_only")
    desk.act("penahanan", ground="documents_missing", details="Izin impor")
    with pytest.raises(Rejected) as caught:
        desk.act("penolakan", ground="documents_not_completed", details="-")
    assert "13-03-2026 23:59" in caught.value.reason.id


def test_observation_follows_isolation() -> None:
    desk = Desk()
    desk.inspect()
    assert "pengamatan" not in desk.offers()
    desk.act("pengasingan", details="Rumah isolasi 2")
    assert "pengamatan" in desk.offers()


@pytest.mark.parametrize(
    "pests", [None, [{"stage": "larva"}]], ids=["none_named", "named_by_nothing"]
)
def test_a_pest_found_must_be_named(pests: Any) -> None:
    with pytest.raises(Rejected) as caught:
        Desk().inspect(result="pest_found", pests=pests)
    assert caught.value.place == "pests"


def test_a_second_inspection_keeps_the_pests_of_the_first() -> None:
    desk = Desk()
    desk.inspect(result="pest_found", pests=[PEST])
    desk.inspect(result="pest_found", pests=[{"scientific_name": "Ditylenchus dipsaci"}])
    assert len(desk.body["pests"]) == 2


def test_the_letter_to_the_owner_names_number_ground_clock_and_both_signatures() -> None:
    desk = Desk()
    desk.inspect()
    desk.act("penahanan", ground="documents_missing", details="Izin impor")
    record = view("phyto", desk.body)
    ready = [sheet for sheet in PHYTO.sheets if sheet.ready(record)]
    assert [sheet.name for sheet in ready] == ["letter_pemeriksaan", "letter_penahanan"]
    sheet = ready[-1]
    page = sheet.render(record, context(), "id")
    values = [value for _, value in page.rows]
    assert "penahanan/1" in values and "dokumen belum lengkap" in values
    assert "13-03-2026 23:59 WITA" in values
    assert len(page.signatures) == 2 and "Keberatan" in page.paragraphs[-1]
    assert "documents are incomplete" in [v for _, v in sheet.render(record, context(), "en").rows]


def test_public_holidays_lengthen_the_clock_when_they_are_recorded() -> None:
    zone = ZoneInfo("Asia/Jayapura")
    plain = end_of_working_day(NOW, 3, zone, LegalBook(seed_rows()))
    row = legal_row("calendar.public_holidays", ["2026-03-11"])
    longer = end_of_working_day(NOW, 3, zone, LegalBook([row]))
    assert (plain.date().isoformat(), longer.date().isoformat()) == ("2026-03-13", "2026-03-16")


def test_goods_are_released_over_an_alert_only_with_a_reason() -> None:
    desk = Desk()
    desk.body["certificate"] = {**desk.body["certificate"], "status_code": "41"}
    desk.inspect()
    assert "certificate_withdrawn" in [f.rule for f in desk.occasion().findings]
    with pytest.raises(ValidationError):
        desk.act("pembebasan")
    outcome = desk.act("pembebasan", details="Penerbit mencabut penarikannya, surat 12/2026")
    assert outcome.settles_alerts and desk.body["state"] == "released"
