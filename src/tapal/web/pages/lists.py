"""Daftar: each watch list apart, with its version and freshness, and the import of a new one."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.flow.lists import import_list
from tapal.store.models import Roll
from tapal.web.desk import DeskRequest, at_desk
from tapal.web.pages.alerts import both
from tapal.web.pages.intake import LARGEST, TOO_LARGE


@at_desk("lists")
@require_http_methods(["GET", "POST"])
def show(request: DeskRequest) -> HttpResponse:
    """The lists, and what an import did."""
    context: dict[str, object] = {"current": "lists"}
    status = 200
    if request.method == "POST":
        try:
            context["imported"] = imported(request)
        except Rejected as wrong:
            context["error"], status = both(wrong), 422
    valid = Count("listings", filter=Q(listings__removed_at=None))
    context["rolls"] = [
        (roll, Text(roll.label_id, roll.label_en))
        for roll in Roll.objects.annotate(entries=valid).order_by("code")
    ]
    return render(request, "lists.html", context, status=status)


def imported(request: DeskRequest) -> object:
    """Hand the file to the import. Raises Rejected, Denied."""
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        raise Rejected(
            Text("Berkasnya belum dipilih.", "No file was chosen."),
            Text("Pilih berkas CSV atau JSON.", "Choose a CSV or JSON file."),
        )
    if sent.size > LARGEST:
        raise Rejected(TOO_LARGE, Text("Bagi berkasnya.", "Split the file."))
    roll = request.POST.get("roll") or None
    return import_list(sent.read(), actor=request.desk.actor, roll=roll)
