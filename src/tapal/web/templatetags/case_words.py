"""What a template says of cases."""

from __future__ import annotations

from django import template

from tapal.core.cases import SORTS, CaseOutcome
from tapal.flow.share.seen_cases import CaseHead, SeenEntry
from tapal.web import looking, speech

register = template.Library()

# Ours, so that each line of a timeline has its sign beside its word.
_ICONS = {
    "record": "file-text",
    "alert": "bell",
    "task": "list-check",
    "run": "route",
    "person": "user",
    "note": "message",
    "decision": "gavel",
    "file": "paperclip",
    "closed": "circle-check",
    "sealed": "lock",
}
PAGES = {"person": "record"}
_AGENCY_STEPS = ("offered", "withdrawn", "declined", "handed_over")


@register.filter
def entry_words(entry: SeenEntry) -> str:
    """What a line of the timeline is."""
    return speech.say(SORTS[entry.sort])


@register.filter
def entry_icon(sort: str) -> str:
    """The sign of a line."""
    return _ICONS.get(sort, "history")


@register.filter
def entry_page(sort: str) -> str:
    """The page that shows what a line joins; a person is shown by his newest record."""
    return PAGES.get(sort, sort)


@register.filter
def step_words(entry: SeenEntry) -> str:
    """What a step of the case names: an officer, an agency, or how it ended."""
    if entry.sort in _AGENCY_STEPS:
        return speech.say(looking.agency_name(entry.ref))
    if entry.sort == "closed" and entry.ref:
        return case_outcome(entry.ref)
    return entry.ref


@register.filter
def case_outcome(code: str) -> str:
    """How a case ended."""
    return speech.say(CaseOutcome(code).label) if code else ""


@register.filter
def case_title(head: CaseHead) -> str:
    """A case by its title, where that is open to the reader, else by its code."""
    return head.title or head.code
