"""What a template says of profiles: the sort of a field."""

from __future__ import annotations

from django import template

from tapal.core.profiles import Sort
from tapal.web import speech
from tapal.web.forms.profile_table import SORTS

register = template.Library()


@register.filter
def sort_words(sort: Sort) -> str:
    """What a field's values are: code, number."""
    return speech.say(SORTS[sort])
