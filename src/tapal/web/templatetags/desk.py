"""Two languages, local times and numbers, icons and built files, for every template."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tapal.core.text import Text
from tapal.web import overtaken, speech

register = template.Library()


@register.simple_tag
def t(indonesian: str, english: str, **values: object) -> str:
    """`{% t "Simpan" "Save" %}`: the words in the language of this request, places filled."""
    return speech.say(
        Text(indonesian, english).fill(**values) if values else Text(indonesian, english)
    )


@register.filter
def say(text: Text | Mapping[str, str] | str | None) -> str:
    """A `Text`, or one as stored, in the language of this request."""
    if isinstance(text, Text):
        return speech.say(text)
    if isinstance(text, Mapping):
        return speech.say(Text.of(text))
    return text or ""


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite; it is decoration, the word stands beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        extra,
        asset("icons.svg"),
        name,
    )


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file, with its hash so that it may be kept for long."""
    return f"{static(f'build/{name}')}?v={_hash(name)}"


@lru_cache(maxsize=64)
def _hash(name: str) -> str:
    found = finders.find(f"build/{name}")
    if not isinstance(found, str):
        return "0"
    with open(found, "rb") as built:
        return hashlib.file_digest(built, "sha256").hexdigest()[:10]


# Any: Django's template context is an untyped stack of dictionaries.
@register.simple_tag(takes_context=True)
def when(context: Any, moment: datetime | None, zone: str = "") -> SafeString:
    """A moment in the zone of this desk's post, with the zone written."""
    if moment is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}">{}</time>',
        moment.isoformat(),
        speech.say_time(moment, zone or context.get("zone") or "Asia/Jakarta"),
    )


@register.inclusion_tag("parts/clock.html")
def clock(due: datetime | None) -> dict[str, object]:
    """The clock of an open thing: calm, soon (a quarter of an hour) or late, each with its word."""
    if due is None:
        return {"state": "none"}
    left = due - speech.now()
    state = "late" if left < timedelta() else "soon" if left < timedelta(minutes=15) else "calm"
    return {"state": state, "span": speech.say_span(left), "due": due}


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago: 12 menit."""
    return speech.say_span(speech.now() - moment) if moment else ""


@register.filter
def day(value: date | str | None) -> str:
    """A day in local form; a partial date keeps what it has."""
    if isinstance(value, date):
        return speech.say_day(value)
    return "-".join(reversed(value.split("-"))) if value else ""


@register.filter
def number(value: int | float | None) -> str:
    """A number in local form."""
    return "" if value is None else speech.say_number(value)


@register.filter
def get(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """An item of a mapping, None where there is none."""
    return (mapping or {}).get(key)


@register.simple_tag
def now_here(zone: str) -> str:
    """The clock of the post: 09.14 WITA."""
    return speech.say_time(speech.now(), zone or "Asia/Jakarta", day=False)


# Any: Django's template context is an untyped stack of dictionaries.
@register.simple_tag(takes_context=True)
def when_now(context: Any) -> SafeString:
    """This moment in the zone of the desk's post."""
    return when(context, speech.now())


# Any: the same.
@register.simple_tag(takes_context=True)
def carry(context: Any, **changes: object) -> str:
    """The present address's questions with some changed; an empty one is left out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = str(value)
    return str(query.urlencode())


# Any: the same.
@register.simple_tag(takes_context=True)
def typed_words(context: Any) -> list[str]:
    """The sentences that this request posted in vain."""
    request = context.get("request")
    return overtaken.typed_words(request) if request else []
