"""The eight quarantine acts ("8P") as keys on the screen: when each is lawful, what it changes.

Source: UU 21/2019 art. 44 (documents after the hold letter), 45 (refused goods out), 70 (each act
issues its own numbered document); the order is the legal row quarantine.treatment_order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pydantic import BaseModel

from tapal.core.actions import Action, Occasion, Outcome
from tapal.core.text import Text
from tapal.kinds.phyto import act_forms as forms
from tapal.kinds.phyto.act_changes import (
    POWER,
    completed,
    destroy,
    gone,
    hold,
    inspect,
    note,
    refuse,
    release,
    result_here,
    treat,
)
from tapal.kinds.phyto.act_offers import (
    Offered,
    held_for,
    inspected_and_here,
    may_destroy,
    may_hold,
    may_release,
    observable,
    release_form,
    state_of,
    under_quarantine,
)
from tapal.kinds.phyto.words import ACTS


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
    _act("pemeriksaan", under_quarantine, inspect, forms.InspectionAnswers),
    _act("pengasingan", inspected_and_here, note("pengasingan"), forms.PlainAnswers),
    _act("pengamatan", observable, note("pengamatan"), forms.PlainAnswers),
    _act("perlakuan", inspected_and_here, treat, forms.TreatmentAnswers),
    _act("penahanan", may_hold, hold, forms.HoldAnswers),
    _act("penolakan", inspected_and_here, refuse, forms.RefusalAnswers, "danger"),
    _act("pemusnahan", may_destroy, destroy, forms.DestructionAnswers, "danger"),
    Action(
        "pembebasan",
        ACTS["pembebasan"],
        POWER,
        may_release,
        release,
        tone="accept",
        form=release_form,
    ),
    Action(
        "documents_completed",
        Text("Dokumen telah lengkap", "Documents are complete"),
        POWER,
        held_for("documents_missing"),
        completed,
        undo_minutes=10,
    ),
    Action(
        "laboratory_result_here",
        Text("Hasil laboratorium telah ada", "The laboratory result is here"),
        POWER,
        held_for("laboratory"),
        result_here,
        undo_minutes=10,
    ),
    Action(
        "goods_gone_out",
        Text("Barang telah keluar", "Goods have gone out"),
        POWER,
        lambda occasion: state_of(occasion) == "refused",
        gone,
        undo_minutes=10,
    ),
)
