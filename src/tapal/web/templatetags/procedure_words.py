"""What a template says of procedures: reasons, doers, clocks, answers."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils import timezone

from tapal.core.text import Text
from tapal.flow.clocks import OPEN_MINUTES, WORKING_DAYS
from tapal.flow.finding_words import label_of
from tapal.flow.reference import agency_with_role
from tapal.web import looking, speech

register = template.Library()

_DOERS = {
    "owner": Text("instansi peringatan", "the alert's agency"),
    "list_owner": Text("pemilik daftar", "the owner of the list"),
}
_ANSWERS = {
    "withdrawn": Text("tidak diperlukan lagi", "no longer needed"),
    "suspended": Text("ditunda", "suspended"),
}

_MINUTES = Text("menit", "minutes")
_CLOCKS = {
    OPEN_MINUTES: Text("menit jam buka", "minutes of opening time"),
    WORKING_DAYS: Text("hari kerja", "working days"),
}


@register.filter
def reason_words(reason: str) -> str:
    """What begins a procedure; one of a sort, `list_match:*`, by the name of the sort."""
    return speech.say(label_of(reason.removesuffix(":*")))


@register.filter
def doer_words(agency: str) -> str:
    """Whose step it is: a word of the diagram, an agency, or the one that holds a role today."""
    if agency in _DOERS:
        return speech.say(_DOERS[agency])
    if agency.startswith("role:"):
        role = agency.removeprefix("role:")
        agency = agency_with_role(role, timezone.localdate()) or role
    return speech.say(looking.agency_name(agency))


@register.filter
def step_answer(answer: str) -> str:
    """What came of a step."""
    return speech.say(_ANSWERS[answer]) if answer in _ANSWERS else answer


@register.simple_tag
def clock_words(clocks: Mapping[str, tuple[int, str]], step: str) -> str:
    """How long a step may wait, a dash where nothing says so."""
    if step not in clocks:
        return "–"
    amount, unit = clocks[step]
    told = _CLOCKS.get(unit, _MINUTES)
    return f"{amount} {speech.say(told)}"
