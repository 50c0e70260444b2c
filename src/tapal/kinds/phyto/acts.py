"""The eight quarantine acts ("8P") as keys on the screen: when each is lawful, what it changes.

Source: UU 21/2019 art. 44 (documents after the hold letter), 45 (refused goods out), 70 (each act
issues its own numbered document); the order is the legal row quarantine.treatment_order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel

from tapal.core.actions import Action, NewDocument, NewTask, Occasion, Outcome
from tapal.core.errors import Rejected
from tapal.core.finding import Weight
from tapal.core.text import Text
from tapal.kinds.phyto import act_forms as forms
from tapal.kinds.phyto.clocks import clock_due, instant, single, zone_of
from tapal.kinds.phyto.rules.acts import COMPLETE_WITHIN, OUT_WITHIN
from tapal.kinds.phyto.words import ACTS

POWER: Final = "counter.decide"
FORM_TOPIC: Final = "quarantine.document_form"
CARRIER: Final = "plant"
COMPLETE_TASK: Final = "documents_due"
OUT_TASK: Final = "goods_out_due"

Offered = Callable[[Occasion], bool]
# Any: JSON values by body path.
Changes = Mapping[str, Any]


def state_of(occasion: Occasion) -> str:
    """Where the consignment stands."""
    return str(occasion.record.get("state") or "open")


def done(occasion: Occasion) -> list[str]:
    """The acts taken so far, in order."""
    return [str(act.get("act")) for act in occasion.record.get("acts") or ()]


def _inspected(occasion: Occasion) -> bool:
    return "pemeriksaan" in done(occasion)


def _under_quarantine(occasion: Occasion) -> bool:
    return state_of(occasion) in ("open", "held")


def _inspected_and_here(occasion: Occasion) -> bool:
    return _under_quarantine(occasion) and _inspected(occasion)


def _observable(occasion: Occasion) -> bool:
    return _under_quarantine(occasion) and "pengasingan" in done(occasion)


def _may_hold(occasion: Occasion) -> bool:
    return state_of(occasion) == "open" and _inspected(occasion)


def _may_destroy(occasion: Occasion) -> bool:
    return state_of(occasion) == "refused" or _inspected_and_here(occasion)


def _may_release(occasion: Occasion) -> bool:
    """Nothing is released while held, or with a live quarantine pest that no treatment has met.

    A pest that only an unread list calls one blocks nothing by itself: see `_release_form`.
    """
    return _may_hold(occasion) and not _live_listed_pest(occasion, sure=True)


def _release_form(occasion: Occasion) -> type[BaseModel]:
    """Where an unread list names a live pest, the release says why it is none or harmless."""
    doubtful = _live_listed_pest(occasion, sure=False)
    return forms.ReasonedRelease if doubtful else forms.ReleaseAnswers


def _live_listed_pest(occasion: Occasion, *, sure: bool) -> bool:
    names = {
        f.about
        for f in occasion.findings
        if f.rule == "listed_pest_found" and bool(f.data.get("sure", True)) is sure
    }
    return any(
        (pest.get("scientific_name") or pest.get("eppo_code")) in names
        and pest.get("alive") is not False
        for pest in occasion.record.get("pests") or ()
    )


def document(occasion: Occasion, act: str, now: datetime, **data: str | None) -> NewDocument:
    """The act's numbered document; its form is a legal row, else the act's own name."""
    day = now.astimezone(zone_of(occasion.record.place, occasion.context.places)).date()
    held = single(occasion.context.legal.settle(FORM_TOPIC, day, act=act, carrier=CARRIER))
    entry = {"act": act, **{name: value for name, value in data.items() if value}}
    return NewDocument(str(held or ACTS[act].id), ACTS[act], "acts", entry)


def _inspect(occasion: Occasion, given: BaseModel | None) -> Outcome:
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


def _note(act: str) -> Callable[[Occasion, BaseModel | None], Outcome]:
    def apply(occasion: Occasion, given: BaseModel | None) -> Outcome:
        assert isinstance(given, forms.PlainAnswers)
        return Outcome({}, (document(occasion, act, occasion.context.now, details=given.details),))

    return apply


def _treat(occasion: Occasion, given: BaseModel | None) -> Outcome:
    assert isinstance(given, forms.TreatmentAnswers)
    changes: dict[str, Any] = {}
    if given.success:
        held = occasion.record.get("pests") or ()
        changes["pests"] = [{**pest, "alive": False} for pest in held]
    paper = document(occasion, "perlakuan", occasion.context.now, details=given.details)
    return Outcome(changes if changes.get("pests") else {}, (paper,))


def _hold(occasion: Occasion, given: BaseModel | None) -> Outcome:
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


def _refuse(occasion: Occasion, given: BaseModel | None) -> Outcome:
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


def _destroy(occasion: Occasion, given: BaseModel | None) -> Outcome:
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
        raise _unfit(
            "ground", f"Batas waktunya belum lewat: {due:%d-%m-%Y %H:%M}.",
            f"The time has not run out: {due:%d-%m-%Y %H:%M}.",
        )  # fmt: skip


def _release(occasion: Occasion, given: BaseModel | None) -> Outcome:
    assert isinstance(given, forms.ReleaseAnswers | forms.ReasonedRelease)
    paper = document(occasion, "pembebasan", occasion.context.now, details=given.details)
    settles = any(finding.weight == Weight.ALERT for finding in occasion.findings)
    return Outcome({"state": "released"}, (paper,), closes=(COMPLETE_TASK,), settles_alerts=settles)


def _held_for(ground: str) -> Offered:
    def offered(occasion: Occasion) -> bool:
        letters = [a for a in occasion.record.get("acts") or () if a.get("act") == "penahanan"]
        laboratory = bool(letters) and letters[-1].get("ground") == "laboratory"
        return state_of(occasion) == "held" and laboratory is (ground == "laboratory")

    return offered


def _result_here(occasion: Occasion, given: BaseModel | None) -> Outcome:
    return Outcome({"state": "open"}, closes=(COMPLETE_TASK,))


def _completed(occasion: Occasion, given: BaseModel | None) -> Outcome:
    changes = {"state": "open", "documents_completed_at": occasion.context.now.isoformat()}
    return Outcome(changes, closes=(COMPLETE_TASK,))


def _gone(occasion: Occasion, given: BaseModel | None) -> Outcome:
    changes = {"state": "left", "goods_out_at": occasion.context.now.isoformat()}
    return Outcome(changes, closes=(OUT_TASK,), settles_alerts=True)


def _unfit(place: str, id_: str, en: str) -> Rejected:
    mend = Text("Perbaiki isian itu.", "Mend that answer.")
    return Rejected(Text(id_, en), mend, place=place)


def _asks(model: type[BaseModel]) -> Callable[[Occasion], type[BaseModel]]:
    return lambda occasion: model


def _act(
    name: str,
    offered: Offered,
    apply: Callable[[Occasion, BaseModel | None], Outcome],
    answers: type[BaseModel],
    tone: Any = "neutral",  # Any: one of Action's tones
) -> Action:
    return Action(name, ACTS[name], POWER, offered, apply, tone=tone, form=_asks(answers))


ACTIONS: Final[tuple[Action, ...]] = (
    _act("pemeriksaan", _under_quarantine, _inspect, forms.InspectionAnswers),
    _act("pengasingan", _inspected_and_here, _note("pengasingan"), forms.PlainAnswers),
    _act("pengamatan", _observable, _note("pengamatan"), forms.PlainAnswers),
    _act("perlakuan", _inspected_and_here, _treat, forms.TreatmentAnswers),
    _act("penahanan", _may_hold, _hold, forms.HoldAnswers),
    _act("penolakan", _inspected_and_here, _refuse, forms.RefusalAnswers, "danger"),
    _act("pemusnahan", _may_destroy, _destroy, forms.DestructionAnswers, "danger"),
    Action(
        "pembebasan",
        ACTS["pembebasan"],
        POWER,
        _may_release,
        _release,
        tone="accept",
        form=_release_form,
    ),
    Action(
        "documents_completed",
        Text("Dokumen telah lengkap", "Documents are complete"),
        POWER,
        _held_for("documents_missing"),
        _completed,
        undo_minutes=10,
    ),
    Action(
        "laboratory_result_here",
        Text("Hasil laboratorium telah ada", "The laboratory result is here"),
        POWER,
        _held_for("laboratory"),
        _result_here,
        undo_minutes=10,
    ),
    Action(
        "goods_gone_out",
        Text("Barang telah keluar", "Goods have gone out"),
        POWER,
        lambda occasion: state_of(occasion) == "refused",
        _gone,
        undo_minutes=10,
    ),
)
