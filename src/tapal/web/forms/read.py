"""What was typed, read back: local dates and numbers, groups left empty, and pydantic's complaints in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from pydantic import BaseModel, ValidationError

from tapal.core.text import Text
from tapal.web.forms.complaints import complaint
from tapal.web.forms.shape import Shape, shapes
from tapal.web.speech import zone_of

_DAY_FIRST = re.compile(r"^(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})$")
_MONTH_FIRST = re.compile(r"^(\d{1,2})[-./ ](\d{4})$")
_RUN_TOGETHER = re.compile(r"^(\d{2})(\d{2})(\d{4})$")


def iso_day(text: str) -> str:
    """A day as typed here (14-02-1988, 14021988, 02-1988, 1988) in ISO 8601; else what was typed."""
    text = text.strip()
    if found := _DAY_FIRST.match(text) or _RUN_TOGETHER.match(text):
        day, month, year = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    if found := _MONTH_FIRST.match(text):
        return f"{found[2]}-{int(found[1]):02}"
    return text


def added_rows(posted: QueryDict, model: type[BaseModel]) -> dict[str, int]:
    """How many rows each list shows: those that were sent, one more where the button was pressed."""
    found: dict[str, int] = {}
    pressed = posted.get("_add", "")
    for path in _lists(model, ""):
        sent = posted.get(f"_rows.{path}", "0")
        found[path] = min(int(sent) if sent.isdigit() else 0, 200) + (pressed == path)
    return found


def _lists(model: type[BaseModel], base: str) -> list[str]:
    found = []
    for shape in shapes(model):
        if shape.sort == "rows":
            found.append(f"{base}{shape.name}")
        elif shape.sort == "group" and shape.model:
            found += _lists(shape.model, f"{base}{shape.name}.")
    return found


def answers(
    posted: QueryDict, model: type[BaseModel], *, zone: str = ""
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was typed by path, and the same as the model's JSON; a part left empty is left out."""
    typed: dict[str, Any] = {}
    body = _read(posted, model, "", typed, added_rows(posted, model), zone)
    return typed, body


# Any: JSON on its way to a model.
def _read(
    posted: QueryDict,
    model: type[BaseModel],
    base: str,
    typed: dict[str, Any],
    rows: Mapping[str, int],
    zone: str,
) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for shape in shapes(model):
        path = f"{base}{shape.name}"
        value: Any
        if shape.sort == "group" and shape.model:
            value = _read(posted, shape.model, f"{path}.", typed, rows, zone) or None
        elif shape.sort == "rows" and shape.model:
            each = [
                _read(posted, shape.model, f"{path}.{n}.", typed, rows, zone)
                for n in range(rows.get(path, 0))
            ]
            value = [row for row in each if row] or None
        else:
            value = _value(posted, shape, path, typed, zone)
        if value is not None:
            body[shape.name] = value
    return body


def _value(posted: QueryDict, shape: Shape, path: str, typed: dict[str, Any], zone: str) -> Any:
    if shape.sort == "many":
        typed[path] = posted.getlist(path)
        return typed[path] or None
    text = posted.get(path, "").strip()
    typed[path] = text
    if shape.sort == "yes":
        typed[path] = path in posted
        return True if path in posted else None
    if not text:
        return None
    if shape.sort == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if shape.sort == "time":
        return _moment(text, zone)
    if shape.sort == "number":
        return _plain_number(text)
    if shape.sort in ("date", "text") and _looks_like_day(text, shape):
        return iso_day(text)
    return text


def _looks_like_day(text: str, shape: Shape) -> bool:
    return shape.sort == "date" or bool(_DAY_FIRST.match(text))


def _moment(text: str, zone: str) -> str:
    """A local time of the post with its offset; what cannot be read goes on as typed."""
    day, _, clock = text.partition(" ")
    try:
        when = datetime.fromisoformat(f"{iso_day(day)} {clock.replace('.', ':')}".strip())
    except ValueError:
        return text
    return (when if when.tzinfo else when.replace(tzinfo=zone_of(zone))).isoformat()


def _plain_number(text: str) -> str:
    """1.234,5 or 1,234.5 or 1234.5 as 1234.5: the last mark that two digits or fewer follow is the point."""
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", text):
        return text.replace(".", "").replace(",", ".")
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        return text.replace(",", "")
    return text.replace(",", ".")


def check(
    model: type[BaseModel], body: Mapping[str, Any]
) -> tuple[BaseModel | None, dict[str, list[Text]]]:
    """The model of the answers, or what is wrong by path; "" holds what belongs to no single field."""
    try:
        return model.model_validate(dict(body)), {}
    except ValidationError as wrong:
        errors: dict[str, list[Text]] = {}
        for each in wrong.errors():
            errors.setdefault(".".join(map(str, each["loc"])), []).append(complaint(each))
        return None, errors
