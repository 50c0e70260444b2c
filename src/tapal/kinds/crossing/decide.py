"""What an officer may do to a crossing: only what the law gives him is ever offered.

A citizen's entry is clarified, never refused (UU 6/2011 art. 13-14). A refusal is proposed with its
ground and signed by another, who may. Fear of return goes to the protection officers alone.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, StringConstraints, create_model

from tapal.core.actions import Action, NewDocument, NewTask, Occasion, Outcome
from tapal.core.country import HOME
from tapal.core.errors import Rejected
from tapal.core.finding import Weight
from tapal.core.marking import Sensitivity
from tapal.core.text import Text, same
from tapal.kinds.crossing.citizenship import UNSTATED, is_citizen, may_be_citizen
from tapal.kinds.crossing.codes import state_code, state_known
from tapal.kinds.crossing.form import Answers, State
from tapal.kinds.crossing.marks import decision, withheld
from tapal.kinds.crossing.refusal import grounds_of
from tapal.kinds.crossing.rules.facts import day_of

Said = Annotated[str, StringConstraints(min_length=5, max_length=1000)]
FINAL = frozenset({"admitted", "refused", "exit_held"})
PROPOSED = frozenset({"refusal_proposed", "exit_hold_proposed"})
EXIT_BAN, ENTRY_BAN = "cegah", "tangkal"
"""Codes of the lists that hold at exit and at entry."""


class Reason(Answers):
    """Why, in the officer's words."""

    reason: Annotated[Said, decision("Alasan", "Reason")]


class Nothing(Answers):
    """An act that asks nothing more."""


class Heard(Answers):
    """What the person said, and in which language he needs to be heard."""

    words: Annotated[
        Annotated[str, StringConstraints(max_length=2000)] | None,
        withheld("Yang dikatakannya", "What was said"),
    ] = None
    language: Annotated[str | None, withheld("Bahasa", "Language")] = None


def outcome_of(occasion: Occasion) -> str:
    """What stands decided or proposed now."""
    return str(occasion.record.get("decision.outcome") or "")


def _open(occasion: Occasion) -> bool:
    return outcome_of(occasion) not in FINAL | PROPOSED and occasion.record.get("direction") in (
        "entry", "exit", None,
    )  # fmt: skip


def _entry(occasion: Occasion) -> bool:
    return bool(occasion.record.get("direction") == "entry")


def _day(occasion: Occasion) -> date:
    """The post's calendar day of the crossing: whose law is asked."""
    return day_of(occasion.record, occasion.context)


def _afraid(occasion: Occasion) -> bool:
    return bool(occasion.record.get("protection.fear_of_return"))


def _listed(occasion: Occasion, roll: str) -> bool:
    return any(finding.data.get("roll") == roll for finding in occasion.findings)


def _decided(occasion: Occasion, outcome: str, **more: Any) -> dict[str, Any]:
    changes = {
        "decision.outcome": outcome,
        "decision.at": occasion.context.now.isoformat(timespec="seconds"),
        "decision.by": occasion.actor.number,
    }
    return changes | {f"decision.{name}": value for name, value in more.items()}


# Allow.


def _may_allow(occasion: Occasion) -> bool:
    # An exit ban is answered by a hold or its refusal to hold, with a reason: see `_allow_form`.
    return _open(occasion)


def _allow_form(occasion: Occasion) -> type[BaseModel]:
    """A reason is asked where something alerts; else one key is enough."""
    alerting = any(finding.weight == Weight.ALERT for finding in occasion.findings)
    return Reason if alerting else Nothing


def _allow(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    reason = answers.reason if isinstance(answers, Reason) else None
    return Outcome(
        _decided(occasion, "admitted", reason=reason),
        closes=("second_inspection", "clarify_citizenship"),
        settles_alerts=False,
    )


# Second inspection and clarification.


def _may_look_again(occasion: Occasion) -> bool:
    return _open(occasion) and outcome_of(occasion) != "second_inspection"


def _second_desk() -> NewTask:
    return NewTask(
        "second_inspection",
        Text("Pemeriksaan lanjutan", "Second inspection"),
        # At the counter only this is shown, whatever the reason: it would reveal it to an escort.
        Text("Periksa orang ini di meja kedua.", "See this person at the second desk."),
        power="counter.decide",
    )


def _look_again(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    return Outcome(
        _decided(occasion, "second_inspection"),
        tasks=(_second_desk(),),
        closes=("clarify_citizenship",),
    )


def _may_clarify(occasion: Occasion) -> bool:
    """For the entry of a citizen, and of everyone who may be one."""
    return (
        _open(occasion)
        and _entry(occasion)
        and may_be_citizen(occasion.record)
        and outcome_of(occasion) != "clarification"
    )


def _clarify(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    reason = answers.reason if isinstance(answers, Reason) else ""
    task = NewTask(
        "clarify_citizenship",
        Text("Klarifikasi kewarganegaraan", "Clarify citizenship"),
        Text(
            "Warga negara tidak ditolak masuk: pastikan kewarganegaraannya dengan bukti lain. {r}",
            "A citizen is not refused entry: establish citizenship by other evidence. {r}",
        ).fill(r=reason),
        power="refusal.propose",
    )
    return Outcome(_decided(occasion, "clarification", reason=reason), tasks=(task,))


class Settled(Answers):
    """What was established of a person who might have been a citizen, and by what."""

    nationality: Annotated[
        State, decision("Kewarganegaraan yang terbukti", "Nationality established")
    ]
    evidence: Annotated[Said, decision("Bukti yang diperiksa", "Evidence examined")]


def _may_settle(occasion: Occasion) -> bool:
    return outcome_of(occasion) == "clarification" and _entry(occasion)


def _settle(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    """Record whose citizen he was found to be; only then may a foreigner's entry be refused."""
    given = answers.model_dump() if answers else {}
    state = state_code(str(given.get("nationality") or ""))
    if not state_known(state) or state in UNSTATED:
        raise Rejected(
            Text(f"“{state}” bukan kode negara.", f"“{state}” is no State's code."),
            Text("Tulis kode tiga huruf, misalnya TLS.", "Write the three letters, such as TLS."),
            place="nationality",
        )
    found = "citizen" if state == HOME else "foreigner"
    changes = _decided(occasion, "second_inspection", citizenship=found, evidence=given["evidence"])
    changes["person.nationality"] = state
    if found == "foreigner":
        changes["person.other_nationalities"] = None
    return Outcome(changes, closes=("clarify_citizenship",))


# Refusal of a foreigner's entry.


def _may_propose_refusal(occasion: Occasion) -> bool:
    """A foreigner's entry only: of one who may be a citizen the citizenship is settled first."""
    foreigner = not may_be_citizen(occasion.record)
    lawful = bool(grounds_of(occasion.context, _day(occasion)))
    return _open(occasion) and _entry(occasion) and foreigner and lawful and not _afraid(occasion)


def _refusal_form(occasion: Occasion) -> type[BaseModel]:
    """Ask for one of the grounds in force, and the facts; an entry ban suggests its own."""
    grounds = grounds_of(occasion.context, _day(occasion))
    letters = tuple(grounds)
    mark = decision("Dasar penolakan", "Ground of refusal", grounds)
    first: Any = "a" if _listed(occasion, ENTRY_BAN) and "a" in grounds else ...
    # Any: the choice is made of the legal rows in force.
    choice: Any = Annotated[Literal[letters], mark]
    facts: Any = Annotated[Said, decision("Uraian fakta", "Facts")]
    return create_model(
        "ProposeRefusal",
        __base__=Answers,
        ground=(choice, first),
        facts=(facts, ...),
    )


def _propose_refusal(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    given = answers.model_dump() if answers else {}
    letter = str(given.get("ground") or "")
    ground = grounds_of(occasion.context, _day(occasion)).get(letter, same(letter))
    facts = str(given.get("facts") or "")
    task = NewTask(
        "sign_refusal",
        Text("Putuskan usul penolakan masuk", "Decide on a proposed refusal of entry"),
        Text(f"Dasar: {ground.id}. Fakta: {facts}", f"Ground: {ground.en}. Facts: {facts}"),
        power="refusal.sign",
    )
    return Outcome(
        _proposed(occasion, "refusal_proposed", given),
        tasks=(task,),
        closes=("second_inspection",),
    )


def _proposed(occasion: Occasion, outcome: str, given: dict[str, Any]) -> dict[str, Any]:
    at, by = occasion.context.now.isoformat(timespec="seconds"), occasion.actor.number
    return _decided(occasion, outcome, proposed_by=by, proposed_at=at, **given)


def _may_sign_refusal(occasion: Occasion) -> bool:
    """Another than he who proposed it; never a citizen, never one who fears to return."""
    proposed = outcome_of(occasion) == "refusal_proposed"
    return (
        proposed
        and _entry(occasion)
        and not may_be_citizen(occasion.record)
        and not _afraid(occasion)
        and occasion.record.get("decision.proposed_by") != occasion.actor.number
    )


def _sign_refusal(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    paper = NewDocument(
        "TOLAK-MASUK",
        Text("Surat penolakan masuk", "Notice of refusal of entry"),
        into="decision.papers",
    )
    return Outcome(
        _decided(occasion, "refused"),
        documents=(paper,),
        closes=("sign_refusal",),
        settles_alerts=True,
    )


# Holding an exit under an exit ban.


def _may_propose_hold(occasion: Occasion) -> bool:
    leaving = occasion.record.get("direction") == "exit"
    return _open(occasion) and leaving and _listed(occasion, EXIT_BAN) and not _afraid(occasion)


class HoldGround(Answers):
    """The exit ban that the hold rests on, and how the person was identified with it."""

    ground: Annotated[Said, decision("Nomor keputusan pencegahan", "Number of the exit ban")]
    facts: Annotated[Said, decision("Uraian fakta", "Facts")]


def _propose_hold(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    given = answers.model_dump() if answers else {}
    task = NewTask(
        "sign_exit_hold",
        Text("Putuskan usul penundaan keluar", "Decide on a proposed exit hold"),
        Text(
            "Keputusan pencegahan: {ground}. Fakta: {facts}", "Exit ban: {ground}. Facts: {facts}"
        ).fill(**given),
        power="exit_refusal.sign",
    )
    return Outcome(
        _proposed(occasion, "exit_hold_proposed", given),
        tasks=(task,),
        closes=("second_inspection",),
    )


def _may_sign_hold(occasion: Occasion) -> bool:
    return (
        outcome_of(occasion) == "exit_hold_proposed"
        and _listed(occasion, EXIT_BAN)
        and occasion.record.get("decision.proposed_by") != occasion.actor.number
    )


def _sign_hold(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    paper = NewDocument(
        "TUNDA-KELUAR",
        Text("Surat penundaan keluar", "Notice of exit hold"),
        into="decision.papers",
    )
    return Outcome(
        _decided(occasion, "exit_held"),
        documents=(paper,),
        closes=("sign_exit_hold",),
        settles_alerts=True,
    )


def _may_send_back(outcome: str) -> Any:
    def offered(occasion: Occasion) -> bool:
        return outcome_of(occasion) == outcome

    return offered


def _send_back(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    reason = answers.reason if isinstance(answers, Reason) else ""
    return Outcome(
        _decided(occasion, "second_inspection", reason=reason),
        closes=("sign_refusal", "sign_exit_hold"),
    )


# Fear of return.


def _may_hear_fear(occasion: Occasion) -> bool:
    """Anyone but a plain citizen; of one with a second nationality it is not for the counter to say.

    It stays when it was heard before: a key that goes away would tell the next officer.
    """
    record = occasion.record
    return not (is_citizen(record) and not record.get("person.other_nationalities"))


def _hear_fear(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    """Open a withheld task; outwardly the person is in second inspection, as many are.

    Heard again, it is noted anew; the duty officer has his task already.
    """
    given = answers.model_dump(exclude_none=True) if answers else {}
    task = NewTask(
        "fear_of_return",
        Text("Takut kembali: temui orang ini", "Fear of return: meet this person"),
        Text(
            "Orang ini menyatakan takut kembali. Jangan hubungi perwakilan negaranya. Selama "
            "prosedur berjalan ia tidak dipulangkan.",
            "This person expressed fear of return. Do not contact his consulate. No removal while "
            "the procedure runs.",
        ),
        power="fear_of_return.write",
        sensitivity=Sensitivity.WITHHELD,
        data=given,
    )
    changes: dict[str, Any] = {
        "protection.fear_of_return": True,
        "protection.heard_at": occasion.context.now.isoformat(timespec="seconds"),
        "protection.heard_by": occasion.actor.number,
    }
    tasks = [] if _afraid(occasion) else [task]
    if outcome_of(occasion) not in FINAL:
        changes |= _decided(occasion, "second_inspection")
        if outcome_of(occasion) != "second_inspection":
            # As with any other second inspection: a record without this task would tell why.
            tasks.append(_second_desk())
    closes = ("sign_refusal", "sign_exit_hold", "clarify_citizenship")
    return Outcome(changes, tasks=tuple(tasks), closes=closes, outward="second_inspection")


def _may_receive_fear(occasion: Occasion) -> bool:
    return _afraid(occasion) and not occasion.record.get("protection.received_by")


def _receive_fear(occasion: Occasion, answers: BaseModel | None) -> Outcome:
    changes = {
        "protection.received_at": occasion.context.now.isoformat(timespec="seconds"),
        "protection.received_by": occasion.actor.number,
    }
    return Outcome(changes, closes=("fear_of_return",))


ACTIONS = (
    Action("allow", Text("Izinkan", "Allow"), "counter.decide", _may_allow, _allow,
           "F9", "accept", _allow_form, undo_minutes=5),
    Action("second_inspection", Text("Periksa lanjut", "Second inspection"), "counter.decide",
           _may_look_again, _look_again, "F10", undo_minutes=5),
    Action("clarify", Text("Klarifikasi", "Clarify"), "counter.decide", _may_clarify, _clarify,
           "F11", form=lambda occasion: Reason, undo_minutes=5),
    Action("settle_citizenship", Text("Catat hasil klarifikasi", "Record what was clarified"),
           "refusal.sign", _may_settle, _settle, form=lambda occasion: Settled),
    Action("propose_refusal", Text("Usul tolak", "Propose refusal"), "refusal.propose",
           _may_propose_refusal, _propose_refusal, "F11", "danger", _refusal_form, undo_minutes=5),
    Action("sign_refusal", Text("Tandatangani penolakan", "Sign the refusal"), "refusal.sign",
           _may_sign_refusal, _sign_refusal, "", "danger"),
    Action("return_refusal", Text("Kembalikan usul tolak", "Send the proposal back"), "refusal.sign",
           _may_send_back("refusal_proposed"), _send_back, "", form=lambda occasion: Reason),
    Action("propose_exit_hold", Text("Usul tunda keluar", "Propose exit hold"), "refusal.propose",
           _may_propose_hold, _propose_hold, "F12", "danger", lambda occasion: HoldGround,
           undo_minutes=5),
    Action("sign_exit_hold", Text("Tandatangani penundaan", "Sign the exit hold"),
           "exit_refusal.sign", _may_sign_hold, _sign_hold, "", "danger"),
    Action("return_exit_hold", Text("Kembalikan usul tunda", "Send the hold back"),
           "exit_refusal.sign", _may_send_back("exit_hold_proposed"), _send_back, "",
           form=lambda occasion: Reason),
    Action("fear_of_return", Text("Takut kembali", "Fear of return"), "counter.decide",
           _may_hear_fear, _hear_fear, "F8", form=lambda occasion: Heard, undo_minutes=5),
    Action("receive_fear", Text("Terima kasus takut kembali", "Take the fear-of-return case"),
           "fear_of_return.write", _may_receive_fear, _receive_fear),
)  # fmt: skip
