"""Kiriman ditolak: look, mend in a text box, read again, or dismiss with a reason."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from tapal.core.errors import Missing, Rejected
from tapal.core.text import Text
from tapal.flow import rejects
from tapal.flow.rejects import Mended
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of
from tapal.web.overtaken import MEANWHILE, STATUS
from tapal.web.pages.alerts import both

# A longer message is mended at its source; its box would be no help.
LONGEST_BOX = 200_000


@at_desk("rejects")
@require_GET
def listed(request: DeskRequest) -> HttpResponse:
    """Open rejects, newest first; closed ones on request."""
    asked = request.GET.get("state", "")
    state = asked if asked in ("mended", "dismissed") else "open"
    page = door_of(request).rejects(state=state, before=request.GET.get("before"))
    return render(request, "rejects.html", {"page": page, "state": state, "current": "rejects"})


@at_desk("rejects")
@require_GET
def show(request: DeskRequest, reject_id: uuid.UUID) -> HttpResponse:
    """One reject with its bytes."""
    return page(request, reject_id)


def page(
    request: DeskRequest,
    reject_id: uuid.UUID,
    *,
    error: Text | None = None,
    again: Mended | None = None,
    typed: str | None = None,
) -> HttpResponse:
    """The page of a reject, perhaps with what was still wrong."""
    seen = door_of(request).reject(reject_id)
    desk = request.desk
    may_mend = desk.may("reject.mend") and seen.state == "open"
    whole = rejects.bytes_of(reject_id, actor=request.desk.actor) if may_mend else b""
    text = editable(whole)
    context = {
        "reject": seen,
        "may_mend": may_mend,
        "text": typed if typed is not None else text,
        "editable": text is not None,
        "error": error,
        "again": again,
        "current": "rejects",
    }
    status = STATUS if error is MEANWHILE else 422 if error or again else 200
    return render(request, "reject.html", context, status=status)


def editable(data: bytes) -> str | None:
    """The message as text for a box; None where a box would change or not show its bytes."""
    if not data or len(data) > LONGEST_BOX:
        return None
    text = decoded(data)
    return None if "\0" in text or "\r" in text.replace("\r\n", "") else text


def decoded(data: bytes) -> str:
    """UTF-8 where it is that, else each byte as its Latin-1 letter, so that nothing is lost."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def encoded(text: str, like: bytes) -> bytes:
    """A box's text in the line ends and the encoding of the message that it came from.

    Raises Rejected for a letter that the message's encoding does not have.
    """
    plain = text.replace("\r\n", "\n")
    ends = plain.replace("\n", "\r\n") if b"\r\n" in like else plain
    try:
        like.decode()
        return ends.encode()
    except UnicodeDecodeError:
        try:
            return ends.encode("latin-1")
        except UnicodeEncodeError:
            raise Rejected(
                Text(
                    "Ada huruf yang tidak dikenal kiriman ini.", "A letter that this message lacks."
                ),
                Text("Pakai huruf Latin biasa.", "Use plain Latin letters."),
            ) from None


@at_desk("rejects")
@require_POST
def mend(request: DeskRequest, reject_id: uuid.UUID) -> HttpResponse:
    """Send the mended text down the road."""
    door_of(request).reject(reject_id)
    typed = request.POST.get("text", "")
    try:
        whole = rejects.bytes_of(reject_id, actor=request.desk.actor)
        done = rejects.mend(reject_id, encoded(typed, whole), actor=request.desk.actor)
    except Missing:
        return page(request, reject_id, error=MEANWHILE)
    except Rejected as wrong:
        return page(request, reject_id, error=both(wrong), typed=typed)
    return after(request, reject_id, done, typed)


@at_desk("rejects")
@require_POST
def replay(request: DeskRequest, reject_id: uuid.UUID) -> HttpResponse:
    """Read the message again from its own bytes."""
    door_of(request).reject(reject_id)
    try:
        done = rejects.replay(reject_id, actor=request.desk.actor)
    except Missing:
        return page(request, reject_id, error=MEANWHILE)
    return after(request, reject_id, done, None)


def after(
    request: DeskRequest, reject_id: uuid.UUID, done: Mended, typed: str | None
) -> HttpResponse:
    """Back to the list when it is closed, else to what was still wrong."""
    if not done.closed:
        return page(request, reject_id, again=done, typed=typed)
    words = Text("Diperbaiki: {n} catatan masuk.", "Mended: {n} records came in.")
    count = sum(item.status == "record" for item in done.reading.items)
    messages.success(request, speech.say(words.fill(n=count)))
    return redirect("rejects")


@at_desk("rejects")
@require_POST
def dismiss(request: DeskRequest, reject_id: uuid.UUID) -> HttpResponse:
    """Close a reject that needs no record."""
    door_of(request).reject(reject_id)
    try:
        rejects.dismiss(reject_id, request.POST.get("note", ""), actor=request.desk.actor)
    except Missing:
        return page(request, reject_id, error=MEANWHILE)
    except Rejected as wrong:
        return page(request, reject_id, error=both(wrong))
    messages.success(request, speech.say(Text("Tolakan ditutup.", "The reject is closed.")))
    return redirect("rejects")
