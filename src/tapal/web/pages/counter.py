"""Loket: one input, the keyboard alone; a scan anywhere on the page is a scan."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tapal.core.errors import Missing, Rejected
from tapal.core.kind import Form, Kind
from tapal.core.record import RecordView
from tapal.core.text import Text
from tapal.flow import reference
from tapal.flow.counter import answer_now
from tapal.flow.intake import BadHandIn, HandIn, Reading, recognise
from tapal.flow.share.bearer import LONGEST
from tapal.flow.share.seen import SeenRecord
from tapal.kinds import KINDS
from tapal.web import body, forms, speech
from tapal.web.desk import Desk, DeskRequest, at_desk
from tapal.web.looking import door_of
from tapal.web.pages.record import page_of

# The same scan by the same officer within this time is one scan that was sent twice.
TWICE_SECONDS = 10
# Keys of the typed forms whose kind names none.
FORM_KEYS = ("F3", "F4", "F6", "F7")


# How far back the line about earlier crossings looks.
PAST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Past:
    """How often a traveller was recorded in a year, the last time and which way that was."""

    count: int
    last: RecordView | None
    way: str

    @property
    def more(self) -> bool:
        """True where there may be more than were counted."""
        return self.count >= LONGEST


def counter_forms(desk: Desk) -> Iterator[tuple[Kind, Form]]:
    """The forms of the kinds whose records the desk's agency keeps."""
    day = speech.now().date()
    for kind in KINDS.values():
        if reference.agency_with_role(kind.owner_role, day) == desk.actor.agency:
            yield from ((kind, form) for form in kind.forms)


def scan_form(desk: Desk) -> tuple[Kind, Form] | None:
    """The form that takes what a scanner reads."""
    return next(((kind, form) for kind, form in counter_forms(desk) if form.scan), None)


def typed_forms(desk: Desk) -> list[tuple[str, Kind, Form]]:
    """The typed forms of a counter with their F-keys: the kind's own, else one that is free."""
    found = [(k, f) for k, f in counter_forms(desk) if not f.scan]
    taken = {f.key for _, f in found}
    spare = iter([key for key in FORM_KEYS if key not in taken])
    return [(f.key if f.key.startswith("F") else next(spare, ""), k, f) for k, f in found]


def lane_paths(form: Form) -> list[str]:
    """Fields of the scan form that belong to the lane, not to one traveller: choices always made."""
    entries = forms.plan(form.model)
    return [
        e.path
        for e in entries
        if isinstance(e, forms.Field) and e.sort == "choice" and (e.required or e.value)
    ]


def context_of(
    request: DeskRequest,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, list[Text]] | None = None,
) -> dict[str, Any]:
    """What every counter page shows around its answer; the lane's fields keep their values."""
    context: dict[str, Any] = {"current": "counter", "typed": typed_forms(request.desk)}
    if (found := scan_form(request.desk)) is None:
        return context
    form, lane = found[1], lane_paths(found[1])
    given = {**(typed or {}), **request.session.get("lane", {})}
    entries = forms.plan(form.model, given, errors, prefix="scan-")
    rest = [e for e in entries if e.path not in (form.scan, form.time, *lane)]
    context["lane"] = [e for e in entries if e.path in lane]
    context["beside"] = rest
    context["beside_open"] = any(getattr(e, "value", "") or getattr(e, "errors", ()) for e in rest)
    context["errors"] = (errors or {}).get("", [])
    context["focus"] = forms.first_to_fill(context["lane"] + rest) if errors else ""
    return context


@at_desk("counter")
@require_http_methods(["GET", "POST"])
def show(request: DeskRequest) -> HttpResponse:
    """The empty counter, or what was scanned or typed into it."""
    if request.method == "GET":
        return render(request, "counter.html", {**context_of(request), **last_of(request)})
    text = request.POST.get("q", "").strip()
    if not text:
        return redirect("counter")
    if "\n" in text or recognise(text.encode(), None):
        return scanned(request, text)
    return searched(request, text)


def last_of(request: DeskRequest) -> dict[str, Any]:
    """The record just done with, so that a wrong key can be taken back."""
    try:
        record_id = str(uuid.UUID(request.GET.get("selesai", "")))
    except ValueError:
        return {}
    context = page_of(request, record_id)
    return {"done": context["seen"], "undo": context["undo"], "view": context["view"]}


def scanned(request: DeskRequest, text: str) -> HttpResponse:
    """Hand a scan in and show its answer; the same scan sent twice is answered once."""
    found = scan_form(request.desk)
    if found is None:
        return told(request, hand_in(request, text.encode(), None))
    _, form = found
    posted = with_lane(request, form)
    typed, given = forms.answers(posted, form.model, zone=request.desk.zone)
    request.session["lane"] = {path: typed.get(path, "") for path in lane_paths(form)}
    given[form.scan] = text
    # The same zone in another direction, or with a guardian named, is another answer.
    mark = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    last = request.session.get("last_scan", {})
    if last.get("mark") == mark and time.time() - last.get("at", 0) < TWICE_SECONDS:
        return redirect("counter_answer", last["record"])
    _, errors = forms.check(form.model, given)
    if errors:
        page = {**context_of(request, typed, errors), "q": text}
        return render(request, "counter.html", page, status=422)
    reading = hand_in(request, packed(request, form, given), form.format)
    if reading.items and reading.items[0].id:
        request.session["last_scan"] = {
            "mark": mark,
            "at": time.time(),
            "record": reading.items[0].id,
        }
    return told(request, reading)


def lane_of(request: DeskRequest, form: Form) -> dict[str, str]:
    """The lane's direction and the like as last chosen, for a form that asks for them too."""
    held: dict[str, str] = request.session.get("lane", {})
    return {path: held[path] for path in lane_paths(form) if held.get(path)}


def with_lane(request: DeskRequest, form: Form) -> QueryDict:
    """What was posted; a scan on another page than the counter's takes the lane's fields as they stood."""
    posted = request.POST.copy()
    for path, value in lane_of(request, form).items():
        posted.setdefault(path, value)
    return posted


def packed(request: DeskRequest, form: Form, given: dict[str, Any]) -> bytes:
    """The answers as the JSON that the form's format reads, with the present moment in its field."""
    moment = {form.time: speech.now().astimezone(speech.zone_of(request.desk.zone)).isoformat()}
    filled = {**given, **(moment if form.time and not given.get(form.time) else {})}
    return json.dumps(filled, ensure_ascii=False).encode()


def hand_in(request: DeskRequest, data: bytes, format: str | None) -> Reading:
    """Send what was scanned or typed down the road, as this officer at this post."""
    actor = request.desk.actor
    given = HandIn(
        "counter", actor.agency, actor.post, format, actor.number, urgent=True, own_kinds=True
    )
    try:
        return answer_now(data, given)
    except BadHandIn as wrong:
        kept = Text("Pakai menu Cari.", "Use Search.")
        raise Rejected(wrong.text, kept, place="q") from wrong


def told(request: DeskRequest, reading: Reading) -> HttpResponse:
    """To the answer of the first record, or why there is none."""
    first = next((item for item in reading.items if item.id), None)
    if first:
        return redirect("counter_answer", first.id)
    refused = [item for item in reading.items if item.status == "reject"]
    return render(request, "counter.html", {**context_of(request), "refused": refused}, status=422)


def searched(request: DeskRequest, text: str) -> HttpResponse:
    """What was typed is looked for: one record is the answer, more are a list to choose from."""
    hits = door_of(request).search(text, limit=20)
    exact = [hit for hit in hits if hit.exact]
    if len(exact) == 1 or len(hits) == 1:
        return redirect("counter_answer", (exact or hits)[0].row.id)
    return render(
        request, "counter.html", {**context_of(request), "q": text, "hits": hits, "asked": text}
    )


@at_desk("counter")
@require_GET
def answer(request: DeskRequest, record_id: uuid.UUID) -> HttpResponse:
    """The answer about one traveller: who, the findings with their reasons, and the lawful keys."""
    page = {**context_of(request), **page_of(request, str(record_id))}
    return render(request, "counter.html", {**page, "past": past_of(request, page["seen"])})


def past_of(request: DeskRequest, seen: SeenRecord) -> Past:
    """The traveller's other crossings in the year before this one, as far as the officer may see them."""
    this = seen.view.occurred_at or seen.view.received_at
    rows = [
        row
        for row in door_of(request).same_bearer(seen.view.id)
        if timedelta() <= this - (row.view.occurred_at or row.view.received_at) <= PAST
    ]
    found = scan_form(request.desk)
    lane = lane_paths(found[1]) if found else []
    last = rows[0].view if rows else None
    lines = (body.line_at(KINDS[last.kind], last.body, path) for path in lane[:1]) if last else ()
    return Past(len(rows), last, next((line.value for line in lines if line), ""))


@at_desk("counter")
@require_http_methods(["GET", "POST"])
def typed(request: DeskRequest, kind: str, name: str) -> HttpResponse:
    """A typed form for what no machine can read."""
    form = next(
        (f for k, f in counter_forms(request.desk) if (k.name, f.name) == (kind, name)), None
    )
    if form is None:
        raise Missing
    if request.method == "GET":
        return form_page(request, form, forms.plan(form.model, lane_of(request, form)), [], 200)
    words, given = forms.answers(request.POST, form.model, zone=request.desk.zone)
    rows = forms.added_rows(request.POST, form.model)
    if "_add" in request.POST:
        return form_page(request, form, forms.plan(form.model, words, rows=rows), [], 200)
    _, errors = forms.check(form.model, given)
    if errors:
        entries = forms.plan(form.model, words, errors, rows=rows)
        return form_page(request, form, entries, errors.get("", []), 422)
    reading = hand_in(request, packed(request, form, given), form.format)
    if any(item.id for item in reading.items):
        return told(request, reading)
    refused = [
        Text(f"{i.reason.id} {i.mend.id}", f"{i.reason.en} {i.mend.en}")
        for i in reading.items
        if i.reason and i.mend
    ]
    return form_page(request, form, forms.plan(form.model, words, rows=rows), refused, 422)


def form_page(
    request: DeskRequest, form: Form, entries: list[forms.Entry], errors: list[Text], status: int
) -> HttpResponse:
    """The page of a typed form."""
    context = {
        "form": form,
        "entries": entries,
        "errors": errors,
        "focus": added_field(request, entries) or forms.first_to_fill(entries),
        "current": "counter",
        "back": reverse("counter"),
    }
    return render(request, "counter_form.html", context, status=status)


def added_field(request: DeskRequest, entries: list[forms.Entry]) -> str:
    """The first field of the row that was just added, if one was."""
    pressed = request.POST.get("_add", "")
    inside = [each.path for each in forms.fields_of(entries) if each.path.startswith(f"{pressed}.")]
    newest = inside[-1].rpartition(".")[0] if pressed and inside else ""
    return next((path for path in inside if newest and path.startswith(f"{newest}.")), "")
