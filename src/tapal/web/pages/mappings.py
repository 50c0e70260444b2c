"""Pemetaan: how another system's table is taken in; proposed, changed, tried on a file, put in force by two."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tapal.core.errors import Denied, Rejected
from tapal.core.kind import Kind
from tapal.core.text import Text
from tapal.flow import mappings
from tapal.formats import mapped
from tapal.kinds import KINDS
from tapal.store.models import SavedMapping
from tapal.web import looking, speech
from tapal.web.body import body_section
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.forms import mapping_table as forms
from tapal.web.pages.alerts import both
from tapal.web.pages.profiles import STATES

NO_FILE = Text("Pilih dulu berkasnya.", "Choose a file.")
TOO_LARGE = Text("Berkasnya terlalu besar.", "The file is too large.")
_ORDER = ["in_force", "draft", "followed", "ended"]


@at_desk("mappings")
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """The agency's mappings: those in force, drafts, then what was."""
    rows = sorted(
        mappings.visible(request.desk.actor),
        key=lambda r: (_ORDER.index(r.state), r.name, -r.version),
    )
    context = {
        "rows": [_line(row) for row in rows],
        "may_draft": request.desk.may(mappings.EDIT) and request.desk.actor.post is None,
        "current": "mappings",
    }
    return render(request, "mappings/listed.html", context)


def _line(row: SavedMapping) -> dict[str, Any]:
    return {
        "row": row,
        "label": Text.of(row.label),
        "state": STATES[row.state],
        "kind": looking.kind_label(row.kind),
        "system": row.table["system"],
    }


@at_desk("mappings")
@require_http_methods(["GET", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Propose a mapping from a file's headings and keep it as a draft. Raises Denied without the power."""
    if not request.desk.may(mappings.EDIT):
        raise Denied
    names = ("name", "label", "system", "kind")
    context: dict[str, Any] = {
        "kinds": [(k.name, k.label) for k in KINDS.values() if k.mapped],
        "typed": {name: request.POST.get(name, "") for name in names},
        "current": "mappings",
    }
    if request.method == "GET":
        return render(request, "mappings/new.html", context)
    typed, kind = context["typed"], KINDS.get(request.POST.get("kind", ""))
    try:
        data = _file(request)
        if kind is None or kind.mapped is None:
            raise _refused("kind", Text("Pilih jenis catatannya.", "Choose the kind of record."))
        table = mapped.suggest(data, kind, typed["system"].strip())
        if not table.columns:
            said = Text("Di berkas ini tidak ada baris judul.", "This file has no headings.")
            raise _refused("file", said)
        given = mappings.Given(typed["name"].strip(), kind.name, typed["label"], table)
        row = mappings.draft(given, actor=request.desk.actor)
    except Rejected as wrong:
        context |= {"error": both(wrong), "at": wrong.place}
        return render(request, "mappings/new.html", context, status=422)
    return redirect("mapping_edit", row.pk)


@at_desk("mappings")
@require_safe
def show(request: DeskRequest, mapping_id: uuid.UUID) -> HttpResponse:
    """One version: its columns in words, what must be mended, who may put it in force."""
    return page(request, _found(request, mapping_id))


def page(
    request: DeskRequest,
    row: SavedMapping,
    *,
    error: Text | None = None,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of a version, perhaps with what a trial gave or why something was refused."""
    actor, kind, table = request.desk.actor, KINDS[row.kind], mapped.Mapping.of(row.table)
    sisters = [r for r in mappings.visible(actor) if r.name == row.name and r.pk != row.pk]
    context = {
        **_line(row),
        "table": table,
        "columns": [(c, forms.words_of(kind, c.path), _read(c)) for c in table.columns],
        "constants": [(forms.words_of(kind, p), v) for p, v in table.constants.items()],
        "wrong": [(w, _place_words(kind, w)) for w in mappings.complaints(row)],
        "sisters": [_line(each) for each in sisters],
        "has_draft": any(each.state == "draft" for each in sisters),
        "may_edit": mappings.may_edit(row, actor),
        "may_end": row.state in ("draft", "in_force") and mappings.may_end(row, actor),
        "why_not": mappings.why_not(row, actor) if row.state == "draft" else None,
        "most": mappings.MOST_AT_DESK,
        "error": error,
        "current": "mappings",
        **(more or {}),
    }
    return render(request, "mappings/show.html", context, status=422 if error else 200)


def _read(column: mapped.Column) -> str:
    """How a column is read, where that is not as the field itself says."""
    told = (
        [speech.say(forms.READS[column.reads])]
        if column.reads in forms.READS and column.reads
        else []
    )
    if column.dates != "day":
        told.append(
            speech.say(forms.DATES[column.dates]) if column.dates in forms.DATES else column.dates
        )
    told += [f"{word} = {code}" for word, code in list(column.codes.items())[:6]]
    return " · ".join([*told, *(["…"] if len(column.codes) > 6 else [])])


def _place_words(kind: Kind, wrong: mapped.Wrong) -> str:
    return forms.words_of(kind, wrong.place)


@at_desk("mappings")
@require_http_methods(["GET", "POST"])
def edit(request: DeskRequest, mapping_id: uuid.UUID) -> HttpResponse:
    """Change a draft's columns, constants and words."""
    row = _found(request, mapping_id)
    if row.state != "draft" or not mappings.may_edit(row, request.desk.actor):
        raise Denied
    sent, kind = request.POST, KINDS[row.kind]
    posted = request.method == "POST"
    table = forms.read(sent.dict()) if posted else mapped.Mapping.of(row.table)
    label = sent.get("label", "") if posted else Text.of(row.label).id
    context: dict[str, Any] = {**_line(row), "typed_label": label, "edition": row.edition}
    if posted:
        context["edition"] = _edition(request)
        try:
            given = mappings.Given(row.name, row.kind, label, table)
            mappings.save_draft(row.pk, given, _edition(request), actor=request.desk.actor)
        except Rejected as wrong:
            context |= {"error": both(wrong), "at": wrong.place}
        else:
            return redirect("mapping_edit" if sent.get("then") == "more" else "mapping", row.pk)
    context |= {
        "table": table,
        "entries": forms.entries(table),
        "targets": forms.targets(kind),
        "reads": [(name, speech.say(text)) for name, text in forms.READS.items()],
        "constants": forms.constants(table),
        "constant_targets": forms.constant_targets(kind),
        "current": "mappings",
    }
    return render(request, "mappings/edit.html", context, status=422 if "error" in context else 200)


@at_desk("mappings")
@require_POST
def try_out(request: DeskRequest, mapping_id: uuid.UUID) -> HttpResponse:
    """Show the first rows of a file as records, or count the whole of it; nothing is stored."""
    row, actor = _found(request, mapping_id), request.desk.actor
    table, kind = mapped.Mapping.of(row.table), KINDS[row.kind]
    try:
        data = _file(request)
    except Rejected as wrong:
        return page(request, row, error=both(wrong))
    source = getattr(request.FILES["file"], "name", "")
    whole = request.POST.get("what") == "whole"
    if whole:
        trial = mappings.try_draft(str(row.pk), data, actor=actor)
        row = _found(request, mapping_id)
    else:
        trial = mappings.preview(table, kind, data, actor.agency, actor.post)
    rows = [
        {**each, "section": body_section(kind, each["body"])} if "body" in each else each
        for each in trial.rows
    ]
    more = {"trial": trial, "whole": whole, "shown": rows, "source": source}
    return page(request, row, more=more)


@at_desk("mappings")
@require_POST
def next_version(request: DeskRequest, mapping_id: uuid.UUID) -> HttpResponse:
    """Draft a new version from this one."""
    row = _found(request, mapping_id)
    try:
        fresh = mappings.next_version(row.pk, actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row, error=both(wrong))
    return redirect("mapping_edit", fresh.pk)


@at_desk("mappings")
@require_POST
def approve(request: DeskRequest, mapping_id: uuid.UUID) -> HttpResponse:
    """Put a draft in force as its second person."""
    row = _found(request, mapping_id)
    try:
        mappings.approve(row.pk, _edition(request), actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, _found(request, mapping_id), error=both(wrong))
    done = Text("Pemetaan berlaku sejak sekarang.", "The mapping is in force from now on.")
    messages.success(request, speech.say(done))
    return redirect("mapping", row.pk)


@at_desk("mappings")
@require_POST
def end(request: DeskRequest, mapping_id: uuid.UUID) -> HttpResponse:
    """End a version in force, or put a draft away."""
    row = _found(request, mapping_id)
    try:
        mappings.end(row.pk, request.POST.get("reason", ""), actor=request.desk.actor)
    except Rejected as wrong:
        return page(request, row, error=both(wrong))
    messages.success(request, speech.say(Text("Pemetaan diakhiri.", "The mapping has ended.")))
    return redirect("mappings")


@at_desk("mappings")
@require_safe
def as_json(request: DeskRequest, mapping_id: uuid.UUID) -> HttpResponse:
    """The mapping as a file, as the command line takes it."""
    row = _found(request, mapping_id)
    told = json.dumps({"kind": row.kind, **row.table}, ensure_ascii=False, indent=1)
    name = f'attachment; filename="{row.name}-{row.version}.json"'
    return HttpResponse(
        told, content_type="application/json", headers={"Content-Disposition": name}
    )


def _found(request: DeskRequest, mapping_id: uuid.UUID) -> SavedMapping:
    return mappings.found(mapping_id, actor=request.desk.actor)


def _edition(request: DeskRequest) -> int:
    sent = request.POST.get("edition", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1


def _file(request: DeskRequest) -> bytes:
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        raise _refused("file", NO_FILE)
    if sent.size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise _refused("file", TOO_LARGE)
    return bytes(sent.read())


def _refused(place: str, reason: Text) -> Rejected:
    return Rejected(reason, Text("", ""), place=place)
