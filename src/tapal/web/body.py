"""A record's body as words and values in order, built from its kind's model and marks alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from pydantic import BaseModel

from tapal.core.kind import Kind
from tapal.core.marking import nested_model
from tapal.core.redaction import leaf_path
from tapal.core.text import Text, same
from tapal.web import speech
from tapal.web.forms.shape import codes_of, words_of

# Characters of a value that still stands in its column.
LONG = 80
_ISO_DAY = re.compile(r"^\d{4}-\d{2}(-\d{2})?$")
# TLS, 53.03.01, 851, KGM: not a single letter, nor a word of this house (`border_pass`).
_PUBLIC_CODE = re.compile(r"^[A-Z0-9][A-Z0-9.-]+$")
_OFFSET = re.compile(r"^([+-])(\d{2}):?(\d{2})$")
# What the house wrote itself: UTC, to the second. A sender's own text keeps its zone.
_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|\+00:00)$")
_ISO_TIME = re.compile(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Line:
    """One value with its words; `path` is where it stands, `code` what the sender wrote for it."""

    path: str
    label: Text
    value: str
    code: str = ""

    @property
    def long(self) -> bool:
        """True for what needs the width of the page."""
        return "\n" in self.value or len(self.value) > LONG

    @property
    def printed(self) -> bool:
        """True for lines without blanks, as a machine prints and reads them."""
        return self.long and " " not in self.value


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
    return _section(kind, None, kind.model, body, "")


def _section(
    kind: Kind, label: Text | None, model: type[BaseModel], body: Mapping[str, Any], base: str
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
            codes = codes_of(info)
            said = _table(kind, value, codes) if isinstance(value, Mapping) else shown(value, codes)
            lines.append(Line(path, words, said, code_beside(value, codes)))
        elif isinstance(value, list):
            parts += [
                _section(kind, _numbered(words, n, len(value)), inner, row, f"{path}.{n}.")
                for n, row in enumerate(value)
            ]
        else:
            parts.append(_section(kind, words, inner, value, f"{path}."))
    codes_shown = {line.code for line in lines}
    # As written is the code itself: it stands beside its words already.
    once = tuple(line for line in lines if line.code or line.value not in codes_shown)
    return Section(label, once, tuple(p for p in parts if p.holds))


def _table(kind: Kind, value: Mapping[str, Any], codes: Mapping[str, Text] | None) -> str:
    """Texts kept by a field's path or by a code, each with its words."""
    words = ((codes or {}).get(k) or label_of(kind, k) for k in value)
    return "; ".join(
        f"{speech.say(label)}: {shown(v)}" for label, v in zip(words, value.values(), strict=True)
    )


def _numbered(words: Text, number: int, count: int) -> Text:
    return words if count == 1 else Text(f"{words.id} {number + 1}", f"{words.en} {number + 1}")


def shown(value: Any, codes: Mapping[str, Text] | None = None) -> str:
    """A value for the eye: codes in words, days in local form, lists with commas."""
    if isinstance(value, bool):
        return speech.say(Text("ya", "yes") if value else Text("tidak", "no"))
    if isinstance(value, list):
        said = [shown(v, codes) for v in value]
        return ("\n" if any(len(each) > LONG // 2 for each in said) else ", ").join(said)
    if isinstance(value, Mapping):
        return "; ".join(f"{k}: {shown(v)}" for k, v in value.items())
    text = str(value)
    if codes and text in codes:
        return speech.say(codes[text])
    return local_form(text)


def code_beside(value: Any, codes: Mapping[str, Text] | None) -> str:
    """The code that papers and other systems show for a value; a machine's own word is none."""
    told = [str(v) for v in (value if isinstance(value, list) else [value])]
    public = [v for v in told if codes and v in codes and _PUBLIC_CODE.match(v)]
    return ", ".join(public)


def local_form(text: str) -> str:
    """A text as it is; an ISO day, time or zone in local form, a moment in the zone of this desk."""
    if _ISO_DAY.match(text):
        return "-".join(reversed(text.split("-")))
    if _MOMENT.match(text):
        return speech.say_time(datetime.fromisoformat(text), timezone.get_current_timezone_name())
    if _ISO_TIME.match(text):
        day, clock = text[:10], text[11:16]
        rest = text[16:].lstrip(":0123456789.")
        clock = clock if speech.language() == "en" else clock.replace(":", ".")
        if offset := _OFFSET.match(rest):
            sign, hours, minutes = offset.groups()
            rest = f"UTC{sign}{int(hours)}" + (f".{minutes}" if minutes != "00" else "")
        return f"{'-'.join(reversed(day.split('-')))} {clock} {rest}".strip()
    return speech.ZONE_NAMES.get(text, text)


def line_at(kind: Kind, body: Mapping[str, Any], path: str) -> Line | None:
    """The line of one path, None where the body has nothing there that the reader sees."""
    for line in _all_lines(body_section(kind, body)):
        if line.path == path or leaf_path(line.path) == path:
            return line
    return None


def summary(kind: Kind, body: Mapping[str, Any]) -> list[Line]:
    """The lines that the kind puts first; of two with the same words each bears those of its part."""
    placed = list(_placed_lines(body_section(kind, body)))
    found = {leaf_path(line.path): (line, part) for line, part in reversed(placed)}
    chosen = [found[path] for path in kind.summary if path in found]
    often = Counter(line.label for line, _ in chosen)
    return [
        replace(line, label=part) if part and often[line.label] > 1 else line
        for line, part in chosen
    ]


def _all_lines(section: Section) -> Iterator[Line]:
    yield from (line for line, _ in _placed_lines(section))


def _placed_lines(section: Section) -> Iterator[tuple[Line, Text | None]]:
    """Each line with the words of the part in which it stands."""
    yield from ((line, section.label) for line in section.lines)
    for part in section.parts:
        yield from _placed_lines(part)


def label_of(kind: Kind, path: str) -> Text:
    """The words of a path; a path that the kind does not mark stands for itself."""
    mark = kind.fields.get(leaf_path(path))
    return mark.label if mark else same(path)


def field_said(kind: Kind, path: str) -> Text:
    """A field as an agreement names it, `document.*` being a whole part."""
    group, _, leaf = path.rpartition(".")
    if leaf != "*":
        return label_of(kind, path)
    words, model = same(group), kind.model
    for part in group.split("."):
        info = model.model_fields.get(part)
        if info is None:
            return same(path)
        words, model = words_of(part, info), nested_model(info.annotation) or model
    return Text(f"{words.id} (semua)", f"{words.en} (all)")


def value_shown(kind: Kind, path: str, value: Any) -> str:
    """A value of a path for the eye."""
    mark = kind.fields.get(leaf_path(path))
    return shown(value, mark.codes if mark else None) if value not in (None, "") else "–"
