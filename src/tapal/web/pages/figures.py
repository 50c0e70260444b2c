"""Angka: figures of all posts or of one, in charts with their tables, and as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tapal.core.errors import Missing
from tapal.core.text import Text
from tapal.flow import lake_clock, reference
from tapal.flow.figures import Answer, weekly, words
from tapal.flow.figures.door import Figures, open_figures
from tapal.flow.figures.export import TYPES, exported
from tapal.flow.share import access
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.pages import maps
from tapal.web.rooms import ROOM

DAYS = (1, 7, 30, 366)
SPANS = {
    1: Text("hari ini", "today"),
    7: Text("7 hari", "7 days"),
    30: Text("30 hari", "30 days"),
    366: Text("setahun", "a year"),
}
HEADLINE = "crossings_by_day"
# Of the agency's four fields those of which the store holds something.
FIELDS = (
    (
        "crossings",
        Text("Lintas batas", "Crossings"),
        (
            "crossings_by_day",
            "crossings_by_post",
            "crossings_by_hour",
            "crossings_by_nationality",
            "overstays",
            "consignments_by_outcome",
        ),
    ),
    (
        "institutions",
        Text("Kelembagaan: kerja di pos", "Institutions: work at the posts"),
        ("alert_yield", "time_in_queue", "late_tasks", "source_freshness"),
    ),
)
# At one post there is nothing to compare posts by.
BETWEEN_POSTS = frozenset({"crossings_by_post"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: how many days, perhaps one post."""

    days: int
    post: str | None


@at_desk("figures")
@require_safe
def show(request: DeskRequest) -> HttpResponse:
    """The dashboard: of the officer's post, of a post that he names, or of all."""
    figures, asked = open_figures(request.desk.actor), _asked(request)
    held = figures.manifest()
    context: dict[str, Any] = {
        "current": "figures",
        "asked": asked,
        "spans": SPANS.items(),
        "posts": _posts() if request.desk.actor.post is None else (),
        "place": reference.places().get(asked.post) if asked.post else None,
        "forms": TYPES,
        "sheets": [path.name for path in weekly.of_agency(request.desk.actor.agency)]
        if request.desk.may("statistics.read")
        else [],
        "as_of": held.as_of if held else None,
    }
    if held is not None:
        context |= _answered(request, figures, asked)
    # Who may count but read no record has no door to draw the map through.
    if asked.post is None and ROOM["map"].open_to(request.desk.powers):
        context["map"] = maps.drawn(request)
    return maps.allowed(render(request, "figures/dashboard.html", context))


@at_desk("figures")
@require_safe
def download(request: DeskRequest, name: str, form: str) -> HttpResponse:
    """One figure as a file; `semua` is all of them as one workbook."""
    figures, asked = open_figures(request.desk.actor), _asked(request)
    every = name == "semua"
    if form not in TYPES or (every and form != "xlsx"):
        raise Missing
    names = _names(asked) if every else [name]
    answers = figures.ask(names, place=asked.post, days=asked.days, act=access.EXPORT)
    told = [answer for answer in answers if answer.agencies]
    if not told:
        raise Missing
    data = exported(told, form, speech.language(), request.desk.zone)
    day = answers[0].window.until
    return _file(data, form, f"angka-{name}-{day}.{form}")


@at_desk("figures")
@require_safe
def sheet(request: DeskRequest, name: str) -> HttpResponse:
    """A weekly workbook of the officer's agency."""
    actor = request.desk.actor
    found = next((path for path in weekly.of_agency(actor.agency) if path.name == name), None)
    # It tells of all posts: who works at one does not get it.
    if found is None or actor.post is not None or not request.desk.may("statistics.read"):
        raise Missing
    access.note(actor, request.desk.purpose, access.EXPORT, subject="figures", question=name)
    return _file(found.read_bytes(), "xlsx", name)


@at_desk("figures")
@require_POST
def refresh(request: DeskRequest) -> HttpResponse:
    """Bring the lake up to now."""
    lake_clock.build_now()
    return redirect("figures")


def _file(data: bytes, form: str, name: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked(request: DeskRequest) -> Asked:
    given = request.GET.get("hari", "")
    days = int(given) if given in map(str, DAYS) else 30
    return Asked(days, request.desk.actor.post or request.GET.get("pos") or None)


def _names(asked: Asked) -> list[str]:
    names = [name for _, _, part in FIELDS for name in part]
    return [name for name in names if not (asked.post and name in BETWEEN_POSTS)]


def _answered(request: DeskRequest, figures: Figures, asked: Asked) -> dict[str, Any]:
    answers = {
        answer.question.name: answer
        for answer in figures.ask(_names(asked), place=asked.post, days=asked.days)
        # What the officer may not count is not there at all.
        if answer.agencies
    }
    zone = request.desk.zone
    parts = [
        (code, label, [_figure(answers[name], zone) for name in names if name in answers])
        for code, label, names in FIELDS
    ]
    window = next(iter(answers.values())).window if answers else None
    return {
        "fields": [part for part in parts if part[2]],
        "window": window,
        "headline": _headline(answers.get(HEADLINE), figures, asked),
    }


def _figure(answer: Answer, zone: str) -> dict[str, Any]:
    columns = answer.question.columns
    numbers = [column.type in words.NUMBERS for column in columns]
    return {
        "question": answer.question,
        "columns": list(zip(columns, numbers, strict=True)),
        "rows": [list(zip(row, numbers, strict=True)) for row in words.table(answer, zone)],
        "shown": " ".join(
            str(number)
            for number, column in enumerate(columns)
            if column.name in answer.question.shown
        ),
        "source": words.source(answer, zone),
        "kept_back": words.kept_back(answer),
    }


def _headline(answer: Answer | None, figures: Figures, asked: Asked) -> dict[str, Any] | None:
    """How many crossed, and how that differs from as many days before."""
    if answer is None:
        return None
    now = _told(answer)
    (before,) = figures.ask(
        [HEADLINE],
        place=asked.post,
        days=asked.days,
        until=answer.window.since - lake_clock.DAY,
    )
    then = _told(before)
    return {
        "number": now,
        "change": round((now - then) * 100 / then) if then else None,
        "partly": bool(answer.hidden or before.hidden),
    }


def _told(answer: Answer) -> int:
    return sum((row["entries"] or 0) + (row["exits"] or 0) for row in answer.rows)


def _posts() -> list[tuple[str, str]]:
    return sorted(((p.id, p.name) for p in reference.places().values()), key=lambda each: each[1])
