"""Profil risiko: drafts as decision tables, tried on history, put in force by a second person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.mandates import level
from tapal.core.profiles import CONTEXT, Field, Table, Verdict, conditions, usable
from tapal.core.text import Text
from tapal.flow import profiles, reference
from tapal.flow.share.compile import today
from tapal.kinds import KINDS
from tapal.store.models import Profile
from tapal.web import looking, speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.forms import profile_table as forms
from tapal.web.forms.read import iso_day
from tapal.web.pages.alerts import both
from tapal.web.pages.profile_figures import figures

STATES = {
    "draft": Text("rancangan", "draft"),
    "in_force": Text("berlaku", "in force"),
    "followed": Text("digantikan", "followed by another"),
    "ended": Text("berakhir", "ended"),
}

RUNNING = ("waiting", "running")


@at_desk("profiles")
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """The agency's profiles: those in force, drafts, then what was."""
    order = ["in_force", "draft", "followed", "ended"]
    rows = sorted(
        profiles.visible(request.desk.actor),
        key=lambda r: (order.index(r.state), r.seed, r.name, -r.version),
    )
    context = {
        "rows": [_line(row) for row in rows],
        "may_draft": request.desk.may(profiles.EDIT),
        "current": "profiles",
    }
    return render(request, "profiles/listed.html", context)


def _line(row: Profile) -> dict[str, object]:
    return {
        "row": row,
        "label": Text.of(row.label),
        "ground": Text.of(row.ground),
        "state": STATES[row.state],
        "kind": looking.kind_label(row.kind),
        "run": profiles.newest(row),
    }


@at_desk("profiles")
@require_safe
def show(request: DeskRequest, profile_id: uuid.UUID) -> HttpResponse:
    """One version: its table in words, who may put it in force, what it would have hit."""
    row = _found(request, profile_id)
    response = page(request, row)
    run = profiles.newest(row)
    if request.headers.get("HX-Request") and run is not None and run.state not in RUNNING:
        response.headers["HX-Refresh"] = "true"  # the figures stand outside the part that polls
    return response


def page(
    request: DeskRequest, row: Profile, error: Text | None = None, status: int = 200
) -> HttpResponse:
    """The page of a version, perhaps with why something was refused."""
    actor, run = request.desk.actor, profiles.newest(row)
    kind = KINDS[row.kind]
    fields, table = profiles.fields_of(kind), Table.of(row.table)
    why_not = profiles.why_not(row, actor, speech.now()) if row.state == "draft" else None
    sisters = [r for r in profiles.visible(actor) if r.name == row.name and r.id != row.id]
    context = {
        **_line(row),
        "lines": _table_lines(table, fields),
        "sisters": [_line(each) for each in sisters],
        "may_edit": profiles.may_edit(row, actor),
        "may_end": row.state in ("draft", "in_force") and profiles.may_end(row, actor),
        "has_draft": any(each.state == "draft" for each in sisters),
        "why_not": why_not,
        "run": run,
        "stale": run is not None and run.sha256 != row.sha256,
        "figures": figures(run, table, fields, request.desk.zone) if run else None,
        "days": profiles.DAYS,
        "error": error,
        "current": "profiles",
    }
    return render(request, "profiles/show.html", context, status=status)


def _table_lines(table: Table, fields: Mapping[str, Field]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for number, row in enumerate(table.rows, 1):
        asked = [
            (fields[c.field], c.operator, cell)
            for c, cell in zip(table.columns, row.cells, strict=True)
            if cell is not None and c.field in fields
        ]
        found.append({"number": number, "said": conditions(asked), "verdict": row.verdict})
    return found


@at_desk("profiles")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Choose what a new profile is about, and draft it. Raises Denied without the power."""
    if not request.desk.may(profiles.EDIT):
        raise Denied
    kind = request.POST.get("kind") or request.GET.get("kind") or ""
    if kind not in KINDS:
        own = {"kinds": [(k.name, k.plural) for k in KINDS.values()], "current": "profiles"}
        return render(request, "profiles/kind.html", own)
    blank = Profile(kind=kind, label={"id": "", "en": ""}, ground={"id": "", "en": ""},
                    table=Table().json(), place=request.desk.actor.post or "", edition=0)  # fmt: skip
    return _head(request, blank)


@at_desk("profiles")
@require_http_methods(["GET", "POST"])
def edit(request: DeskRequest, profile_id: uuid.UUID) -> HttpResponse:
    """Change a draft's words, post, last day and columns."""
    row = _found(request, profile_id)
    if row.state != "draft" or not profiles.may_edit(row, request.desk.actor):
        raise Denied
    return _head(request, row)


def _head(request: DeskRequest, row: Profile) -> HttpResponse:
    fields = _usable(request, row.kind)
    table = Table.of(row.table)
    context: dict[str, object] = {
        "row": row,
        "is_new": row.edition == 0,
        "kind": looking.kind_label(row.kind),
        "typed": _head_typed(request, row),
        "edition": request.POST.get("edition", row.edition),
        "fields": _grouped(fields),
        "questions": forms.questions(),
        "columns": forms.column_choices(table.columns, fields),
        "posts": sorted((p.id, p.name) for p in reference.places().values()),
        "months": profiles.longest_life(today(speech.now())),
        "current": "profiles",
    }
    if request.method == "GET":
        return render(request, "profiles/head.html", context)
    try:
        columns = forms.read_columns(request.POST)
        context["columns"] = forms.column_choices(columns, fields)
        given = _given(request, row.kind, forms.recolumned(table, columns))
        saved = _save(request, row, given)
    except Rejected as wrong:
        context |= {"error": both(wrong), "at": wrong.place}
        return render(request, "profiles/head.html", context, status=422)
    return redirect("profile_rows", saved.id)


def _save(request: DeskRequest, row: Profile, given: profiles.Given) -> Profile:
    actor = request.desk.actor
    if row.edition == 0:
        return profiles.draft(given, actor=actor)
    return profiles.save_draft(row.pk, given, _edition(request), actor=actor)


def _edition(request: DeskRequest) -> int:
    """The edition that the page showed, none where that was tampered with."""
    sent = request.POST.get("edition", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1


def _head_typed(request: DeskRequest, row: Profile) -> dict[str, str]:
    held = {
        "label_id": row.label["id"], "label_en": row.label["en"],
        "ground_id": row.ground["id"], "ground_en": row.ground["en"],
        "place": row.place, "valid_to": row.valid_to.strftime("%d-%m-%Y") if row.valid_to else "",
    }  # fmt: skip
    return {name: request.POST.get(name, value) for name, value in held.items()}


def _given(request: DeskRequest, kind: str, table: Table) -> profiles.Given:
    get = request.POST.get
    end: date | None = None
    if get("valid_to", "").strip():
        try:
            end = date.fromisoformat(iso_day(get("valid_to", "")))
        except ValueError:
            raise Rejected(
                Text("Hari terakhirnya tidak terbaca.", "The last day cannot be read."),
                Text("Tulis seperti 31-12-2026.", "Write it as in 31-12-2026."),
                place="valid_to",
            ) from None
    return profiles.Given(
        label=Text(get("label_id", ""), get("label_en", "")),
        ground=Text(get("ground_id", ""), get("ground_en", "")),
        kind=kind,
        place=get("place", ""),
        valid_to=end,
        table=table,
    )


def _usable(request: DeskRequest, kind: str) -> dict[str, Field]:
    bounds = profiles.bounds(today(speech.now()))
    return usable(profiles.fields_of(KINDS[kind]), bounds, level(request.desk.powers))


def _grouped(fields: dict[str, Field]) -> list[tuple[Text, list[Field]]]:
    known = [f for f in fields.values() if f.name.startswith(CONTEXT)]
    body = [f for f in fields.values() if not f.name.startswith(CONTEXT)]
    return [
        (Text("Yang diketahui selain isinya", "Known besides"), known),
        (Text("Isi catatan", "What the record says"), body),
    ]


@at_desk("profiles")
@require_http_methods(["GET", "POST"])
def rows(request: DeskRequest, profile_id: uuid.UUID) -> HttpResponse:
    """Change a draft's rows, some at a time."""
    row = _found(request, profile_id)
    if row.state != "draft" or not profiles.may_edit(row, request.desk.actor):
        raise Denied
    table, fields = Table.of(row.table), _usable(request, row.kind)
    if not table.columns or any(c.field not in fields for c in table.columns):
        return redirect("profile_edit", row.id)
    sent = request.GET.get("dari", "0")
    start = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0
    start = min(start, max(len(table.rows) - 1, 0)) // forms.PAGE * forms.PAGE
    columns = forms.shown_columns(table, fields)
    context: dict[str, object] = {
        **_line(row),
        "edition": request.POST.get("edition", row.edition),
        "columns": columns,
        "verdicts": list(Verdict),
        "start": start,
        "pages": [(n, n + 1, min(n + forms.PAGE, len(table.rows)))
                  for n in range(0, len(table.rows), forms.PAGE)],
        "current": "profiles",
    }  # fmt: skip
    if request.method == "GET":
        context["lines"] = forms.lines_of(table, columns, start)
        return render(request, "profiles/rows.html", context)
    changed, context["lines"] = forms.read_lines(request.POST, table, columns, start)
    wrong = Text("Ada sel yang tidak terbaca.", "There are cells that cannot be read.")
    try:
        if changed is not None:
            given = replace(_stored(row), table=changed)
            profiles.save_draft(row.pk, given, _edition(request), actor=request.desk.actor)
            done = Text("Baris disimpan.", "The rows are kept.")
            messages.success(request, speech.say(done))
            if request.POST.get("then") == "more":
                last = max(len(changed.rows) - 1, 0) // forms.PAGE * forms.PAGE
                return redirect(f"{request.path}?dari={last}")
            return redirect("profile", row.id)
    except Rejected as refused:
        wrong = both(refused)
    context["error"] = wrong
    return render(request, "profiles/rows.html", context, status=422)


def _stored(row: Profile) -> profiles.Given:
    return profiles.Given(
        Text.of(row.label), Text.of(row.ground), row.kind, row.place, row.valid_to,
        Table.of(row.table),
    )  # fmt: skip


@at_desk("profiles")
@require_POST
def next_version(request: DeskRequest, profile_id: uuid.UUID) -> HttpResponse:
    """Draft a new version from this one."""
    row = _found(request, profile_id)
    try:
        fresh = profiles.next_version(row.pk, actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row, both(wrong), 422)
    return redirect("profile_edit", fresh.id)


@at_desk("profiles")
@require_POST
def dry_run(request: DeskRequest, profile_id: uuid.UUID) -> HttpResponse:
    """Ask what this table would have hit."""
    row = _found(request, profile_id)
    days = request.POST.get("days", "")
    try:
        number = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0
        profiles.ask(row.pk, number, actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row, both(wrong), 422)
    return redirect("profile", row.id)


@at_desk("profiles")
@require_POST
def approve(request: DeskRequest, profile_id: uuid.UUID) -> HttpResponse:
    """Put a draft in force as its second person."""
    row = _found(request, profile_id)
    try:
        profiles.approve(row.pk, _edition(request), actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, _found(request, profile_id), both(wrong), 422)
    done = Text("Profil berlaku sejak sekarang.", "The profile is in force from now on.")
    messages.success(request, speech.say(done))
    return redirect("profile", row.id)


@at_desk("profiles")
@require_POST
def end(request: DeskRequest, profile_id: uuid.UUID) -> HttpResponse:
    """End a version in force, or put a draft away."""
    row = _found(request, profile_id)
    try:
        profiles.end(row.pk, request.POST.get("reason", ""), actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row, both(wrong), 422)
    messages.success(request, speech.say(Text("Profil diakhiri.", "The profile has ended.")))
    return redirect("profiles")


@at_desk("profiles")
@require_safe
def why(request: DeskRequest, profile_id: uuid.UUID, record_id: uuid.UUID) -> HttpResponse:
    """Why the table marks one record or lets it pass, cell by cell; the look is logged as any other."""
    row = _found(request, profile_id)
    seen = looking.door_of(request).record(record_id)
    told = profiles.why(row, record_id, actor=request.desk.actor) if seen.row.own else None
    if told is None:
        raise Missing
    context = {
        **_line(row),
        "record": seen.row,
        "title": seen.row.title,
        "rows": [{"each": each, "pairs": profiles.pairs(each)} for each in told],
        "hit": next((each for each in told if each.decides), None),
        "current": "profiles",
    }
    return render(request, "profiles/why.html", context)


def _found(request: DeskRequest, profile_id: uuid.UUID) -> Profile:
    return profiles.found(profile_id, actor=request.desk.actor)
