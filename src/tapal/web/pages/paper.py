"""Paper: a record or one of its sheets laid out on A4, with a code that opens it again; and as a file."""

from __future__ import annotations

import uuid

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from tapal.core.errors import Missing, Rejected
from tapal.core.text import Text
from tapal.flow.gather import context_of
from tapal.kinds import KINDS
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of
from tapal.web.pages.record import files_of, page_of


def code(request: HttpRequest, address: str) -> SafeString:
    """A QR code of an address of this node, as SVG without any style."""
    drawn = segno.make(request.build_absolute_uri(address), error="m")
    return mark_safe(drawn.svg_inline(scale=3, border=2, omitsize=True))


@at_desk()
@require_GET
def record(request: DeskRequest, record_id: uuid.UUID) -> HttpResponse:
    """The whole record on paper."""
    context = page_of(request, str(record_id))
    door_of(request).printed(record_id, "record")
    address = reverse("record", args=[record_id])
    return render(request, "print_record.html", {**context, "code": code(request, address)})


@at_desk()
@require_GET
def sheet(request: DeskRequest, record_id: uuid.UUID, name: str) -> HttpResponse:
    """One of the record's papers, in one of its languages. Raises Missing where it does not apply."""
    door = door_of(request)
    seen = door.record(record_id)
    paper = next((s for s in KINDS[seen.view.kind].sheets if s.name == name), None)
    if paper is None or not seen.row.own or not paper.ready(seen.view):
        raise Missing
    spoken = paper.languages(seen.view)
    language = request.GET.get("bahasa", "")
    language = language if language in spoken else spoken[0]
    page = paper.render(seen.view, context_of(seen.view), language)
    door.printed(record_id, name)
    drawn = code(request, reverse("record", args=[record_id]))
    context = {"page": page, "code": drawn, "record_id": record_id, "spoken": spoken, "name": name}
    return render(request, "print_sheet.html", context)


@at_desk()
@require_GET
def written(request: DeskRequest, record_id: uuid.UUID, name: str) -> HttpResponse:
    """The record as a file in one of its kind's formats. Raises Missing where there is none such."""
    door = door_of(request)
    seen = door.record(record_id)
    form = next((f for f in files_of(seen) if f.name == name), None)
    if form is None or form.write is None:
        raise Missing
    try:
        data = form.write([seen.view.body])
    except Rejected as wrong:
        told = Text(
            f"{wrong.place}: {wrong.reason.id} {wrong.mend.id}",
            f"{wrong.place}: {wrong.reason.en} {wrong.mend.en}",
        )
        messages.error(request, speech.say(told))
        return redirect("record", record_id)
    door.saved(record_id, name)
    given = HttpResponse(data, content_type="application/octet-stream")
    ending = form.suffixes[0] if form.suffixes else ".txt"
    given["Content-Disposition"] = f'attachment; filename="{name}-{record_id}{ending}"'
    return given
