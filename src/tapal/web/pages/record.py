"""Berkas: one record with all that hangs on it, what may be done to it, and its papers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import BaseModel

from tapal.core.actions import Action
from tapal.core.errors import Rejected
from tapal.core.reading import Format
from tapal.core.text import Text
from tapal.flow import decide, link
from tapal.flow.lists.worth import cleared
from tapal.flow.share.bearer import parted_by_hand
from tapal.flow.share.seen import SeenEvent, SeenRecord
from tapal.flow.undo import undo as undo_act
from tapal.flow.unscreened import unscreened
from tapal.kinds import KINDS
from tapal.web import body, forms, speech
from tapal.web.desk import Desk, DeskRequest, at_desk
from tapal.web.looking import door_of

# For actions whose kind names no key: those that a browser leaves alone.
SPARE_KEYS = ("F9", "F10", "F4", "F7", "F8", "F11")


@dataclass(frozen=True, slots=True)
class Key:
    """An action as a key on the screen, with the form that it asks."""

    action: Action
    key: str
    entries: list[forms.Entry]
    errors: list[Text]

    @property
    def asks(self) -> bool:
        return bool(self.entries)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history: what was done, by whom, and each field before and after."""

    event: SeenEvent
    label: Text
    fields: list[tuple[Text, str, str]]


def keys_of(
    offered: Sequence[tuple[Action, type[BaseModel] | None]], tried: Mapping[str, Any] | None = None
) -> list[Key]:
    """The keys lawful now. `tried` is an answer that did not fit: its action, what was typed, errors."""
    found: list[Key] = []
    spare = [k for k in SPARE_KEYS if k not in {a.key for a, _ in offered}]
    for action, model in offered:
        mine = tried if tried and tried["action"] == action.name else {}
        entries = (
            forms.plan(
                model,
                mine.get("typed"),
                mine.get("errors"),
                prefix=f"{action.name}-",
                rows=mine.get("rows"),
            )
            if model
            else []
        )
        name = action.key or (spare.pop(0) if spare else "")
        found.append(Key(action, name, entries, mine.get("errors", {}).get("", [])))
    return found


def page_of(
    request: DeskRequest, record_id: str, tried: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """All that the page of a record shows. Raises Missing."""
    seen = door_of(request).record(record_id)
    kind = KINDS[seen.view.kind]
    own = seen.row.own
    weighed = decide.weigh(seen.view.id, actor=request.desk.actor) if own else decide.Weighed()
    return {
        "seen": seen,
        "kind": kind,
        "view": seen.view,
        "summary": body.summary(kind, seen.view.body),
        "section": body.body_section(kind, seen.view.body),
        "unscreened": unscreened(seen.view.id) if seen.row.own else None,
        "findings": sorted(seen.findings, key=lambda f: -f.weight),
        "keys": keys_of(weighed.offers, tried),
        "waits": weighed.waits,
        "history": [change_of(seen, event) for event in reversed(seen.events)],
        "conflicts": conflicts_of(seen),
        "undo": undo_of(request.desk, seen),
        "sheets": sheets_of(seen),
        "files": files_of(seen),
        "cleared": cleared(seen.view.id, actor=request.desk.actor) if own else [],
        "may_ask_looks": own
        and (request.desk.may("access.read") or request.desk.may("task.assign")),
    }


def conflicts_of(seen: SeenRecord) -> list[tuple[str, Text, list[tuple[str, str]]]]:
    """Path, words, and for each value its JSON and how it looks."""
    kind = KINDS[seen.view.kind]
    return [
        (
            path,
            body.label_of(kind, path),
            [(json.dumps(v), body.value_shown(kind, path, v)) for v in values],
        )
        for path, values in seen.conflicts.items()
    ]


def change_of(seen: SeenRecord, event: SeenEvent) -> Change:
    """A line of the history in words."""
    kind, content = KINDS[seen.view.kind], event.content
    label = Text("catatan diterima", "record received")
    if event.type != "record.received":
        label = act_label(seen, str(content.get("action", "")))
    before = content.get("before", {})
    values = content.get("values", {})
    fields = [
        (
            body.label_of(kind, path),
            body.value_shown(kind, path, before.get(path)),
            body.value_shown(kind, path, value),
        )
        for path, value in values.items()
        if event.type == "record.revised" and (value or before.get(path))
    ]
    return Change(event, label, fields)


def act_label(seen: SeenRecord, name: str) -> Text:
    """What an act is called; one that was taken back says so."""
    plain = name.removeprefix("undo:")
    action = KINDS[seen.view.kind].action(plain)
    words = action.label if action else Text("catatan diperbarui", "record revised")
    if plain == "settle_conflict":
        words = Text("nilai yang bertentangan diputuskan", "conflicting values settled")
    if plain != name:
        return Text(f"dibatalkan: {words.id}", f"taken back: {words.en}")
    return words


def undo_of(desk: Desk, seen: SeenRecord) -> Text | None:
    """The act that this officer may still take back, in words; one that he may not read is unnamed."""
    last = next((e for e in reversed(seen.events) if e.type == "record.revised"), None)
    if last is None or not seen.row.own or last.actor != desk.actor.number:
        return None
    name = str(last.content.get("action", ""))
    actions = KINDS[seen.view.kind].actions
    minutes = max((a.undo_minutes for a in actions if name in ("", a.name)), default=0)
    if not minutes or speech.now() - last.at > timedelta(minutes=minutes):
        return None
    action = KINDS[seen.view.kind].action(name)
    return action.label if action else Text("tindakan terakhir", "the last act")


def sheets_of(seen: SeenRecord) -> list[tuple[str, Text, tuple[str, ...]]]:
    """Papers that the record can be printed as now: name, words, languages."""
    if not seen.row.own:
        return []
    view = seen.view
    return [(s.name, s.label, s.languages(view)) for s in KINDS[view.kind].sheets if s.ready(view)]


def files_of(seen: SeenRecord) -> list[Format]:
    """The formats as whose file the owner's officer may take the record with him."""
    if not seen.row.own:
        return []
    return [form for form in KINDS[seen.view.kind].formats if form.write is not None]


@at_desk()
@require_GET
def show(request: DeskRequest, record_id: uuid.UUID) -> HttpResponse:
    """The record."""
    context = page_of(request, str(record_id))
    context["cases"] = door_of(request).cases_with("record", record_id)
    return render(request, "record.html", context)


@at_desk()
@require_http_methods(["POST"])
def act(request: DeskRequest, record_id: uuid.UUID, name: str) -> HttpResponse:
    """Do one action. An answer that does not fit comes back with what is wrong beside its field."""
    seen = door_of(request).record(record_id)
    tried: dict[str, Any] | None = None
    model = next(
        (m for a, m in decide.offers(str(record_id), actor=request.desk.actor) if a.name == name),
        None,
    )
    given: dict[str, Any] = {}
    if model:
        typed, given = forms.answers(request.POST, model, zone=request.desk.zone)
        rows = forms.added_rows(request.POST, model)
        errors = {} if "_add" in request.POST else forms.check(model, given)[1]
        if errors or "_add" in request.POST:
            tried = {"action": name, "typed": typed, "errors": errors, "rows": rows}
    if tried is None:
        try:
            decide.act(
                str(record_id),
                name,
                given,
                actor=request.desk.actor,
                seen=request.POST.get("seen") or None,
            )
        except Rejected as wrong:
            words = Text(f"{wrong.reason.id} {wrong.mend.id}", f"{wrong.reason.en} {wrong.mend.en}")
            if wrong.place == decide.OVERTAKEN:
                # The keys have changed with the record: show it as it is now.
                messages.error(request, speech.say(words))
                at_counter = request.POST.get("at") == "counter"
                return redirect("counter_answer" if at_counter else "record", record_id)
            tried = {"action": name, "typed": given, "errors": {wrong.place: [words]}, "rows": {}}
            tried["errors"].setdefault("", [words])
    if tried is not None:
        context = {**page_of(request, str(record_id), tried), "tried": name}
        page = "counter.html" if request.POST.get("at") == "counter" else "record.html"
        return render(request, page, {**context, "current": request.POST.get("at")}, status=422)
    return after_act(request, str(record_id), act_label(seen, name))


def after_act(request: DeskRequest, record_id: str, label: Text) -> HttpResponse:
    """Say what was done and go on: at the counter to the next traveller, else back to the record."""
    if request.POST.get("at") == "counter":
        # The act is not named there: the next in line reads the screen too.
        return redirect(f"{reverse('counter')}?selesai={record_id}")
    done = Text(f"Tercatat: {label.id}.", f"Recorded: {label.en}.")
    messages.success(request, speech.say(done))
    return redirect("record", record_id)


@at_desk()
@require_POST
def undo(request: DeskRequest, record_id: uuid.UUID) -> HttpResponse:
    """Take one's own last act back."""
    door_of(request).record(record_id)
    undo_act(str(record_id), actor=request.desk.actor)
    messages.success(request, speech.say(Text("Tindakan dibatalkan.", "The act was taken back.")))
    if request.POST.get("at") == "counter":
        return redirect("counter_answer", record_id)
    return redirect("record", record_id)


@at_desk()
@require_POST
def settle(request: DeskRequest, record_id: uuid.UUID) -> HttpResponse:
    """Choose between values that two officers left without knowing of each other."""
    path = request.POST.get("path", "")
    # A value that he cannot see is not his to choose, nor to guess at.
    there = door_of(request).record(record_id).conflicts.get(path, [])
    value = next((v for v in there if json.dumps(v) == request.POST.get("value")), None)
    if value is None:
        messages.error(request, speech.say(Text("Pilih salah satu nilai.", "Choose a value.")))
        return redirect("record", record_id)
    decide.settle_conflict(str(record_id), path, value, actor=request.desk.actor)
    messages.success(request, speech.say(Text("Nilai diputuskan.", "The value is settled.")))
    return redirect("record", record_id)


@at_desk()
@require_http_methods(["GET", "POST"])
def bearer(request: DeskRequest, record_id: uuid.UUID) -> HttpResponse:
    """Other records of the same bearer; the judgement that this one is not his, and its undoing."""
    door, error, status = door_of(request), None, 200
    if request.method == "POST":
        seen = door.record(record_id)
        try:
            _judge(request, seen.view.id)
            return redirect("bearer", record_id)
        except Rejected as wrong:
            error, status = wrong.reason, 422
    seen = door.record(record_id)
    context = {
        "seen": seen,
        "rows": door.same_bearer(record_id),
        "parted": parted_by_hand(record_id),
        "may": seen.row.own
        and request.desk.may("record.write")
        and request.desk.actor.acts_at(seen.view.place),
        "error": error,
    }
    return render(request, "bearer.html", context, status=status)


def _judge(request: DeskRequest, record_id: str) -> None:
    """Part the record from its bearer, or take that back. Raises Rejected, Denied, Missing."""
    if "undo" in request.POST:
        link.undo_part(record_id, actor=request.desk.actor)
        return
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise Rejected(
            Text("Alasan belum diisi.", "The reason is missing."),
            Text("Tulis mengapa bukan orang yang sama.", "Write why it is not the same person."),
            place="reason",
        )
    link.part(record_id, reason, actor=request.desk.actor)


@at_desk()
@require_GET
def looks(request: DeskRequest, record_id: uuid.UUID) -> HttpResponse:
    """Who looked at the record, why, and through which clause."""
    before = request.GET.get("before")
    page = door_of(request).looks(record_id, before=before)
    return render(request, "looks.html", {"page": page, "record_id": record_id})
