"""A record's body as words and values in order, built from its kind's model and marks alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from tapal.core.kind import Kind
from tapal.core.marking import nested_model
from tapal.core.redaction import leaf_path
from tapal.core.text import Text, same
from tapal.web import speech
from tapal.web.forms.shape import codes_of, words_of

_ISO_DAY = re.compile(r"^\d{4}-\d{2}(-\d{2})?$")
_ISO_TIME = re.compile(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Line:
    """One value with its words; `path` is where it stands."""

    path: str
    label: Text
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the body: its own lines, then the parts inside it."""

    label: Text | None
    lines: tuple[Line, ...]
    parts: tuple[Section, ...]

    @property
    def holds(self) -> bool:
        return bool(self.lines or self.parts)


# Any: a body is JSON shaped by its kind's model, here and below.
def body_section(kind: Kind, body: Mapping[str, Any]) -> Section:
    """The whole body as far as the reader has it."""
    return _section(None, kind.model, body, "")


def _section(
    label: Text | None, model: type[BaseModel], body: Mapping[str, Any], base: str
) -> Section:
    lines: list[Line] = []
    parts: list[Section] = []
    for name, info in model.model_fields.items():
        value = body.get(name)
        if value in (None, "", [], {}):
            continue
        path, words = f"{base}{name}", words_of(name, info)
        inner = nested_model(info.annotation)
        if inner is None:
            lines.append(Line(path, words, shown(value, codes_of(info))))
        elif isinstance(value, list):
            parts += [
                _section(_numbered(words, n, len(value)), inner, row, f"{path}.{n}.")
                for n, row in enumerate(value)
            ]
        else:
            parts.append(_section(words, inner, value, f"{path}."))
    return Section(label, tuple(lines), tuple(p for p in parts if p.holds))


def _numbered(words: Text, number: int, count: int) -> Text:
    return words if count == 1 else Text(f"{words.id} {number + 1}", f"{words.en} {number + 1}")


def shown(value: Any, codes: Mapping[str, Text] | None = None) -> str:
    """A value for the eye: codes in words, days in local form, lists with commas."""
    if isinstance(value, bool):
        return speech.say(Text("ya", "yes") if value else Text("tidak", "no"))
    if isinstance(value, list):
        return ", ".join(shown(v, codes) for v in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {shown(v)}" for k, v in value.items())
    text = str(value)
    if codes and text in codes:
        return speech.say(codes[text])
    return local_form(text)


def local_form(text: str) -> str:
    """A text as it is; an ISO day, time or zone in local form."""
    if _ISO_DAY.match(text):
        return "-".join(reversed(text.split("-")))
    if _ISO_TIME.match(text):
        day, clock = text[:10], text[11:16]
        rest = text[16:].lstrip(":0123456789.")
        clock = clock if speech.language() == "en" else clock.replace(":", ".")
        return f"{'-'.join(reversed(day.split('-')))} {clock} {rest}".strip()
    return speech.ZONE_NAMES.get(text, text)


def line_at(kind: Kind, body: Mapping[str, Any], path: str) -> Line | None:
    """The line of one path, None where the body has nothing there that the reader sees."""
    for line in _all_lines(body_section(kind, body)):
        if line.path == path or leaf_path(line.path) == path:
            return line
    return None


def summary(kind: Kind, body: Mapping[str, Any]) -> list[Line]:
    """The lines that the kind puts first."""
    found = {
        leaf_path(line.path): line for line in reversed(list(_all_lines(body_section(kind, body))))
    }
    return [found[path] for path in kind.summary if path in found]


def _all_lines(section: Section) -> Iterator[Line]:
    yield from section.lines
    for part in section.parts:
        yield from _all_lines(part)


def label_of(kind: Kind, path: str) -> Text:
    """The words of a path; a path that the kind does not mark stands for itself."""
    mark = kind.fields.get(leaf_path(path))
    return mark.label if mark else same(path)


def value_shown(kind: Kind, path: str, value: Any) -> str:
    """A value of a path for the eye."""
    mark = kind.fields.get(leaf_path(path))
    return shown(value, mark.codes if mark else None) if value not in (None, "") else "–"
