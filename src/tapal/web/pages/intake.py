"""Kiriman: a message handed in as a file, with what became of each of its parts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tapal.core.text import Text
from tapal.flow.intake import BadHandIn
from tapal.flow.mapped import in_force
from tapal.flow.report import hand_in_as
from tapal.kinds import KINDS
from tapal.web import speech
from tapal.web.desk import DeskRequest, at_desk

# More than this nobody reads on a page; the counts are of all.
SHOWN = 200
# What the API takes too; a longer file goes through the inbox folder.
LARGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
NO_FILE = Text("Pilih dulu berkasnya.", "Choose a file.")
TOO_LARGE = Text(
    "Berkasnya terlalu besar: paling besar 64 MB.", "The file is too large: 64 MB at most."
)


@at_desk("intake")
@require_http_methods(["GET", "POST"])
def show(request: DeskRequest) -> HttpResponse:
    """Hand a file in."""
    context: dict[str, object] = {
        "current": "intake",
        "mappings": in_force(request.desk.actor),
        "formats": [(kind, f) for kind in KINDS.values() for f in kind.formats],
    }
    if request.method == "GET":
        return render(request, "intake.html", context)
    sent = request.FILES.get("file")
    if sent is None or not sent.size or sent.size > LARGEST:
        context["error"] = TOO_LARGE if sent and sent.size else NO_FILE
        return render(request, "intake.html", context, status=422)
    source, desk = str(sent.name or ""), request.desk
    try:
        told = hand_in_as(
            sent.read(),
            source,
            request.POST.get("format") or None,
            actor=desk.actor,
            language=speech.language(),
            purpose=desk.purpose,
        )
    except BadHandIn as wrong:
        context["error"] = wrong.text
        return render(request, "intake.html", context, status=422)
    context |= {"told": told, "items": told["items"][:SHOWN], "source": source}
    return render(request, "intake.html", context)
