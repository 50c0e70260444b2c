"""Uji prosedur: a version tried on the alerts of the last days, beside what is in force."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tapal.core.errors import Denied, Missing
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.flow import procedures, rehearsal
from tapal.flow.rehearsal.tally import Told, Work
from tapal.store.models import Procedure
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of
from tapal.web.pages.procedures import found, version_line

DAYS: Final = (7, 30, 90)
SHARES: Final = (25, 50, 75, 100, 150)
_YES_NO = (engine.Option("yes", Text("Ya", "Yes")), engine.Option("no", Text("Tidak", "No")))


@at_desk("procedures")
@require_safe
def show(request: DeskRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """The form of a trial and, where `days` is given, what came out; nothing is kept."""
    if not rehearsal.may_rehearse(request.desk.actor):
        raise Denied
    row = found(request, procedure_id)
    diagram, _ = engine.checked(procedures.xml_of(row))
    if diagram is None:
        raise Missing
    days = _one_of(request.GET.get("days", ""), DAYS, 30)
    share = _one_of(request.GET.get("share", ""), SHARES, 50)
    questions = [*_questions(diagram, request)]
    context: dict[str, object] = {
        **version_line(row),
        "days": DAYS,
        "shares": SHARES,
        "chosen": days,
        "share": share,
        "questions": questions,
        "current": "procedures",
    }
    if "days" in request.GET:
        said = {q.name: q.given for q in questions}
        assumed = rehearsal.Assumed(rehearsal.assumptions(said), share / 100)
        context |= _tried(request, row, diagram, days, assumed)
    return render(request, "procedures/rehearse.html", context)


def _tried(
    request: DeskRequest,
    row: Procedure,
    diagram: engine.Diagram,
    days: int,
    assumed: rehearsal.Assumed,
) -> dict[str, object]:
    try:
        told = rehearsal.rehearse(row, days, assumed, door=door_of(request))
    except engine.Refused:
        return {
            "error": Text(
                "Bagan ini tidak dapat dijalankan: ajukan dulu perbaikannya.",
                "This diagram cannot be run: mend it first.",
            )
        }
    return {
        "told": told,
        "steps": list(_steps(told, diagram)),
        "desks": list(_desks(told)),
        "ends": list(_ends(told)),
    }


@dataclass(frozen=True, slots=True)
class Question:
    """A choice for which an answer may be declared."""

    name: str
    step: Text
    label: Text
    options: tuple[engine.Option, ...]
    given: str


def _questions(diagram: engine.Diagram, request: DeskRequest) -> Iterator[Question]:
    for step in diagram.steps.values():
        for field in step.form:
            options = _YES_NO if field.type == "yes_no" else field.options
            name = f"{step.id}.{field.name}"
            given = request.GET.get(name, "")
            if options:
                known = given if given in {o.value for o in options} else ""
                yield Question(name, step.label, field.label, options, known)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison; `label` is a step's, or a power's, or an end's name."""

    label: Text | str
    agency: str
    before: Work
    after: Work


def _steps(told: rehearsal.Rehearsal, diagram: engine.Diagram) -> Iterator[Row]:
    order = [*diagram.steps, *(s for s in told.before.steps if s not in diagram.steps)]
    for step in order:
        before, after = told.before.steps.get(step, Work()), told.after.steps.get(step, Work())
        if before.tasks or after.tasks:
            known = told.after.step_labels.get(step) or told.before.step_labels.get(step)
            yield Row(known or step, "", before, after)


def _desks(told: rehearsal.Rehearsal) -> Iterator[Row]:
    for agency, power in sorted(told.before.desks.keys() | told.after.desks.keys()):
        one, other = (t.desks.get((agency, power), Work()) for t in (told.before, told.after))
        yield Row(power, agency, one, other)


def _ends(told: rehearsal.Rehearsal) -> Iterator[tuple[Text, str, int, int]]:
    """Each end with what the alert is found to be there, and how many came to it before and after."""
    counted = [_by_end(each) for each in (told.before, told.after)]
    for key in counted[0] | counted[1]:
        label, closes = (counted[1].get(key) or counted[0][key])[:2]
        before, after = (side[key][2] if key in side else 0 for side in counted)
        yield label, closes, before, after


def _by_end(told: Told) -> dict[tuple[str, str], tuple[Text, str, int]]:
    return {(label.id, closes): (label, closes, n) for label, closes, n in told.ends_told()}


def _one_of(given: str, known: tuple[int, ...], usual: int) -> int:
    return next((each for each in known if str(each) == given), usual)
