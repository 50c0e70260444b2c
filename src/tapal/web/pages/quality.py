"""Mutu kiriman: what a sender's messages were worth, by message and by month; to read, to print, as files."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tapal.core.text import Text, same
from tapal.flow import replies
from tapal.flow.mapped import is_mapped, name_of
from tapal.flow.quality_file import TYPES, exported
from tapal.flow.recognise import named
from tapal.flow.report import POWER
from tapal.flow.share import access
from tapal.flow.share.quality import Quality, Sender, rows_told
from tapal.web import looking, speech
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.looking import door_of

_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])")


@at_desk("quality")
@require_safe
def listed(request: DeskRequest) -> HttpResponse:
    """The agency's senders in a month."""
    month, since, until = _month(request)
    found = door_of(request).senders(since, until)
    context = {
        "rows": [(s, _said(s), _address(s, month)) for s in found],
        "month": month,
        "before": _moved(since, -1),
        "after": _moved(since, 1) if until <= speech.now() else "",
        "current": "quality",
    }
    return render(request, "quality/listed.html", context)


@at_desk("quality")
@require_safe
def month(request: DeskRequest) -> HttpResponse:
    """One sender's month."""
    asked, since, until = _month(request)
    get = request.GET.get
    told = door_of(request).quality_of(
        get("kind", "")[:40], get("sender", "")[:80], get("format", "")[:40], since, until,
        act=_act(request),
    )  # fmt: skip
    return _page(request, told, asked, _address(told.sender, asked))


@at_desk("quality")
@require_safe
def message(request: DeskRequest, message_id: uuid.UUID) -> HttpResponse:
    """One message."""
    door = door_of(request)
    told = door.quality_of_message(message_id, act=_act(request))
    may = POWER in request.desk.actor.powers and replies.answered(told.sender.format)
    more: dict[str, Any] = {"may_answer": may, "message": message_id}
    if may and not request.GET.get("bentuk"):
        more["answers"] = door.answers(message_id)
    return _page(request, told, "", reverse("quality_message", args=[message_id]) + "?", more)


@at_desk("quality")
@require_POST
def answer(request: DeskRequest, message_id: uuid.UUID) -> HttpResponse:
    """Answer the sender as things stand now."""
    door_of(request).answers(message_id)
    replies.answer(message_id, by=request.desk.actor.number)
    return redirect("quality_message", message_id)


@at_desk("quality")
@require_safe
def answer_file(request: DeskRequest, message_id: uuid.UUID, number: str) -> HttpResponse:
    """One answer, as the sender gets it."""
    told, data = door_of(request).answer(message_id, number)
    return HttpResponse(
        data,
        content_type=told.media_type,
        headers={"Content-Disposition": f'attachment; filename="{told.file}"'},
    )


def _act(request: DeskRequest) -> str:
    form = request.GET.get("bentuk", "")
    return access.EXPORT if form in TYPES else access.PRINT if form == "cetak" else access.READ


def _page(
    request: DeskRequest,
    told: Quality,
    month: str,
    address: str,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:
    form = request.GET.get("bentuk", "")
    said = speech.say(_said(told.sender))
    source = told.messages[0][1] if told.messages and not month else ""
    title = f"{said} · {month or source}"
    if form in TYPES:
        data = exported(told, form, speech.language(), title)
        name = re.sub(
            r"[^A-Za-z0-9-]+", "-", f"mutu-{told.sender.name or said}-{month or 'kiriman'}"
        )
        return HttpResponse(
            data,
            content_type=TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
        )
    context: dict[str, Any] = {
        **more,
        "told": told,
        "sender": said,
        "kind": looking.kind_label(told.kind) if told.kind else same("–"),
        "month": month,
        "source": source,
        "address": address,
        "reasons": [(r, rows_told(r.places), r.count > len(r.places)) for r in told.reasons],
        "findings": [(f, rows_told(f.places), f.count > len(f.places)) for f in told.findings],
        "fields": [f for f in told.fields if f.missing or f.doubted],
        "delays": [(text, count) for text, count in told.delays if count],
        "back": reverse("quality") if not month else f"{reverse('quality')}?bulan={month}",
        "current": "quality",
    }
    page = "quality/print.html" if form == "cetak" else "quality/report.html"
    return render(request, page, context)


def _said(sender: Sender) -> Text:
    """The sender as his messages name him, and how they were read."""
    chosen = None if is_mapped(sender.format) else named(sender.format)
    how = chosen[1].label if chosen else same(name_of(sender.format) or "?")
    if not sender.name:
        return how
    return Text(f"{sender.name} ({how.id})", f"{sender.name} ({how.en})")


def _address(sender: Sender, month: str) -> str:
    asked = {"bulan": month, "kind": sender.kind, "sender": sender.name, "format": sender.format}
    return f"{reverse('quality_month')}?{urlencode(asked)}&"


def _month(request: DeskRequest) -> tuple[str, datetime, datetime]:
    """The month asked for, this month where none is, in the desk's zone; its beginning and its end."""
    zone = ZoneInfo(request.desk.zone)
    given = _MONTH.fullmatch(request.GET.get("bulan", ""))
    here = speech.now().astimezone(zone)
    year, number = (int(given[1]), int(given[2])) if given else (here.year, here.month)
    since = datetime(year, number, 1, tzinfo=zone)
    until = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone)
    return f"{year:04}-{number:02}", since, until


def _moved(since: datetime, months: int) -> str:
    year, number = divmod(since.year * 12 + since.month - 1 + months, 12)
    return f"{year:04}-{number + 1:02}"
