"""What each quarantine act changes: its numbered document, its clock, the tasks it opens and closes.

Source: UU 21/2019 art. 44 (documents after the hold letter), 45 (refused goods out), 70 (each act
issues its own numbered document).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from tapal.core.actions import NewDocument, NewTask, Occasion, Outcome
from tapal.core.errors import Rejected
from tapal.core.finding import Weight
from tapal.core.text import Text
from tapal.kinds.phyto import act_forms as forms
from tapal.kinds.phyto.act_offers import state_of
from tapal.kinds.phyto.clocks import clock_due, instant, single, zone_of
from tapal.kinds.phyto.rules.acts import COMPLETE_WITHIN, OUT_WITHIN
from tapal.kinds.phyto.words import ACTS

POWER: Final = "counter.decide"
FORM_TOPIC: Final = "quarantine.document_form"
CARRIER: Final = "plant"
COMPLETE_TASK: Final = "documents_due"
OUT_TASK: Final = "goods_out_due"


def document(occasion: Occasion, act: str, now: datetime, **data: str | None) -> NewDocument:
    """The act's numbered document; its form is a legal row, else the act's own name."""
    day = now.astimezone(zone_of(occasion.record.place, occasion.context.places)).date()
    held = single(occasion.context.legal.settle(FORM_TOPIC, day, act=act, carrier=CARRIER))
    entry = {"act": act, **{name: value for name, value in data.items() if value}}
    return NewDocument(str(held or ACTS[act].id), ACTS[act], "acts", entry)


def inspect(occasion: Occasion, given: BaseModel | None) -> Outcome:
    assert isinstance(given, forms.InspectionAnswers)
    now = occasion.context.now
    if given.result == "pest_found" and not given.pests:
        raise _unfit(
            "pests", "Hasilnya ada OPT, tetapi tidak satu pun disebut.", "No pest is named."
        )
    pests = [pest.model_dump(mode="json", exclude_none=True) for pest in given.pests or ()]
    if any(not (p.get("scientific_name") or p.get("eppo_code")) for p in pests):
        raise _unfit("pests", "OPT tanpa nama ilmiah atau kode EPPO.", "A pest without a name.")
    day = now.astimezone(zone_of(occasion.record.place, occasion.context.places)).date()
    found = [{"found": day.isoformat(), **pest} for pest in pests]
    said = given.model_dump(exclude={"pests"}, exclude_none=True)
    changes = {f"inspection.{name}": value for name, value in said.items()}
    changes |= {
        "inspection.inspected_at": now.isoformat(),
        "inspection.officer": occasion.actor.number,
    }
    if found:
        changes["pests"] = [*(occasion.record.get("pests") or ()), *found]
    return Outcome(changes, (document(occasion, "pemeriksaan", now, details=given.remarks),))


def note(act: str) -> Callable[[Occasion, BaseModel | None], Outcome]:
    def apply(occasion: Occasion, given: BaseModel | None) -> Outcome:
        assert isinstance(given, forms.PlainAnswers)
        return Outcome({}, (document(occasion, act, occasion.context.now, details=given.details),))

    return apply


def treat(occasion: Occasion, given: BaseModel | None) -> Outcome:
    assert isinstance(given, forms.TreatmentAnswers)
    changes: dict[str, Any] = {}
    if given.success:
        held = occasion.record.get("pests") or ()
        changes["pests"] = [{**pest, "alive": False} for pest in held]
    paper = document(occasion, "perlakuan", occasion.context.now, details=given.details)
    return Outcome(changes if changes.get("pests") else {}, (paper,))


def hold(occasion: Occasion, given: BaseModel | None) -> Outcome:
    assert isinstance(given, forms.HoldAnswers)
    now = occasion.context.now
    due = None
    said = Text("Barang ditahan: menunggu laboratorium.", "Goods are held for the laboratory.")
    if given.ground == "documents_missing":
        zone = zone_of(occasion.record.place, occasion.context.places)
        due, _ = clock_due(COMPLETE_WITHIN, now, zone, occasion.context.legal)
        said = Text(
            f"Barang ditahan, pemilik melengkapi dalam batas waktu: {given.details}",
            f"Goods are held, the owner completes in time: {given.details}",
        )
    paper = document(
        occasion,
        "penahanan",
        now,
        ground=given.ground,
        details=given.details,
        due_at=due.isoformat() if due else None,
    )
    documents = given.ground == "documents_missing"
    task = NewTask(
        COMPLETE_TASK,
        Text("Periksa kelengkapan dokumen", "Check that the documents are complete")
        if documents
        else Text("Tunggu hasil laboratorium", "Await the laboratory result"),
        said,
        POWER,
        due_at=due,
    )
    return Outcome({"state": "held"}, (paper,), (task,))


def refuse(occasion: Occasion, given: BaseModel | None) -> Outcome:
    assert isinstance(given, forms.RefusalAnswers)
    now = occasion.context.now
    if given.ground == "documents_not_completed":
        _time_is_up(occasion, "penahanan", "held")
    zone = zone_of(occasion.record.place, occasion.context.places)
    due, _ = clock_due(OUT_WITHIN, now, zone, occasion.context.legal)
    paper = document(
        occasion,
        "penolakan",
        now,
        ground=given.ground,
        details=given.details,
        due_at=due.isoformat() if due else None,
    )
    task = NewTask(
        OUT_TASK,
        Text("Periksa barang sudah keluar", "Check that the goods have gone out"),
        Text(
            "Barang ditolak: pemilik mengeluarkannya dalam batas waktu (hari kerja).",
            "Goods are refused: the owner takes them out in time (working days).",
        ),
        POWER,
        due_at=due,
    )
    return Outcome({"state": "refused"}, (paper,), (task,), closes=(COMPLETE_TASK,))


def destroy(occasion: Occasion, given: BaseModel | None) -> Outcome:
    assert isinstance(given, forms.DestructionAnswers)
    if given.ground == "not_taken_out":
        _time_is_up(occasion, "penolakan", "refused")
    paper = document(
        occasion, "pemusnahan", occasion.context.now, ground=given.ground, details=given.details
    )
    closes = (COMPLETE_TASK, OUT_TASK)
    return Outcome({"state": "destroyed"}, (paper,), closes=closes, settles_alerts=True)


def _time_is_up(occasion: Occasion, act: str, state: str) -> None:
    """Raise Rejected unless the act's clock has run out."""
    acts = [one for one in occasion.record.get("acts") or () if one.get("act") == act]
    due = instant(acts[-1].get("due_at")) if acts else None
    if state_of(occasion) != state or due is None:
        raise _unfit(
            "ground",
            f"Tidak ada batas waktu {ACTS[act].id.lower()} yang berjalan.",
            f"No clock of a {ACTS[act].en.lower()} is running.",
        )
    if occasion.context.now <= due:
        zone = zone_of(occasion.record.place, occasion.context.places)
        until = f"{due.astimezone(zone):%d-%m-%Y %H:%M}"
        raise _unfit(
            "ground", f"Batas waktunya belum lewat: {until}.", f"The time has not run out: {until}."
        )


def release(occasion: Occasion, given: BaseModel | None) -> Outcome:
    assert isinstance(given, forms.ReleaseAnswers | forms.ReasonedRelease)
    paper = document(occasion, "pembebasan", occasion.context.now, details=given.details)
    settles = any(finding.weight == Weight.ALERT for finding in occasion.findings)
    return Outcome({"state": "released"}, (paper,), closes=(COMPLETE_TASK,), settles_alerts=settles)


def result_here(occasion: Occasion, given: BaseModel | None) -> Outcome:
    return Outcome({"state": "open"}, closes=(COMPLETE_TASK,))


def completed(occasion: Occasion, given: BaseModel | None) -> Outcome:
    changes = {"state": "open", "documents_completed_at": occasion.context.now.isoformat()}
    return Outcome(changes, closes=(COMPLETE_TASK,))


def gone(occasion: Occasion, given: BaseModel | None) -> Outcome:
    changes = {"state": "left", "goods_out_at": occasion.context.now.isoformat()}
    return Outcome(changes, closes=(OUT_TASK,), settles_alerts=True)


def _unfit(place: str, id_: str, en: str) -> Rejected:
    mend = Text("Perbaiki isian itu.", "Mend that answer.")
    return Rejected(Text(id_, en), mend, place=place)
