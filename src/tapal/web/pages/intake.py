"""Kiriman: a message handed in as a file, with what became of each of its parts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tapal.core.text import Text
from tapal.flow.intake import BadHandIn, HandIn
from tapal.flow.report import hand_in, report
from tapal.kinds import KINDS
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk

# More than this nobody reads on a page; the counts are of all.
SHOWN = 200


@at_desk("intake")
@require_http_methods(["GET", "POST"])
def show(request: DeskRequest) -> HttpResponse:
    """Hand a file in."""
    context: dict[str, object] = {
        "current": "intake",
        "formats": [(kind, f) for kind in KINDS.values() for f in kind.formats],
    }
    if request.method == "GET":
        return render(request, "intake.html", context)
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        context["error"] = Text("Pilih dulu berkasnya.", "Choose a file.")
        return render(request, "intake.html", context, status=422)
    actor = request.desk.actor
    format = request.POST.get("format") or None
    given = HandIn(str(sent.name or ""), actor.agency, actor.post, format, actor.number)
    try:
        told = report(hand_in(sent.read(), given), given.source, speech.language())
    except BadHandIn as wrong:
        context["error"] = wrong.text
        return render(request, "intake.html", context, status=422)
    context |= {"told": told, "items": told["items"][:SHOWN], "source": given.source}
    return render(request, "intake.html", context)
