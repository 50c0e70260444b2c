"""Ketepatan: how often hits on lists were found false, by list, post, nationality and form of name."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tapal.core.text import Text, same
from tapal.data.states import state_words
from tapal.flow.finding_words import label_of
from tapal.flow.lists import worth as flow
from tapal.flow.profiles.tally import UNKNOWN
from tapal.web import looking
from tapal.web.desk import DeskRequest, at_desk


@at_desk("figures")
@require_safe
def show(request: DeskRequest) -> HttpResponse:
    """False-hit rates of the actor's own agency, small numbers kept back."""
    found = flow.worth(request.desk.actor)
    tables = [
        (label, [{**row, "said": _said(by, str(row["name"]))} for row in found.rows[by]])
        for by, label in flow.BY.items()
    ]
    context = {"worth": found, "tables": tables, "current": "figures"}
    return render(request, "lists/worth.html", context)


def _said(by: str, name: str) -> Text:
    if by == "list":
        return label_of(f"{flow.REASON}{name}")
    if by == "place":
        return same(looking.place_name(name) or "–")
    if by == "name":
        return flow.NAME_FORMS[name]
    if name in ("", UNKNOWN):
        return Text("tidak diketahui", "not known")
    return state_words().get(name) or same(name)
