"""Write UN/EDIFACT interchanges strictly: counts, references and releases are made here.

Source: ISO 9735.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tapal.formats.edifact_separators import CHARSETS, DEFAULT, Separators

Element = str | Sequence[str]
"""A simple element, or the components of a composite one."""

_LEVEL_A = re.compile(r"[A-Z0-9 .,\-()/=!\"%&*;<>'+:?]*")
"""Level A: upper-case letters, digits and these marks (ISO 9735 annex A)."""


class EdifactError(ValueError):
    """A value cannot be written: `segment` names the tag, `value` what was refused."""

    def __init__(self, segment: str, value: str, why: str) -> None:
        super().__init__(f"{segment}: {value!r} {why}")
        self.segment = segment
        self.value = value


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends what to whom; `identifier` is S009, as "PAXLST:D:05B:UN:IATA"."""

    sender: Element
    recipient: Element
    prepared: datetime  # written as it stands, YYMMDD:HHMM
    reference: str
    identifier: Element
    syntax: str = "UNOA"
    version: str = "4"
    application: str = ""  # UNB 0026
    test: bool = False  # UNB 0035


def write_segment(
    tag: str, *elements: Element, separators: Separators = DEFAULT, level: str = "UNOA"
) -> str:
    """Return one segment with its terminator; empty trailing elements are left out.

    Raises EdifactError for a character outside the level's repertoire.
    """
    written = []
    for element in elements:
        components = [element] if isinstance(element, str) else list(element)
        for component in components:
            _check(tag, component, level)
        text = separators.component.join(_release(c, separators) for c in components)
        written.append(_trim(text, components, separators.component))
    while written and not written[-1]:
        written.pop()
    return separators.element.join([tag, *written]) + separators.terminator


def write_interchange(
    envelope: Envelope,
    messages: Iterable[Iterable[Sequence[Element]]],
    *,
    separators: Separators = DEFAULT,
    una: bool = True,
) -> bytes:
    """Return UNA, UNB, each message framed by UNH and UNT, and UNZ.

    A message is a sequence of segments, each (tag, element, ...). Raises EdifactError.
    """
    parts = [_una(separators)] if una else []
    if not una and separators != DEFAULT:
        raise EdifactError("UNA", "", "may be left out only with the default separators")

    def put(tag: str, *elements: Element) -> None:
        parts.append(write_segment(tag, *elements, separators=separators, level=envelope.syntax))

    stamp = (envelope.prepared.strftime("%y%m%d"), envelope.prepared.strftime("%H%M"))
    put(
        "UNB",
        (envelope.syntax, envelope.version),
        envelope.sender,
        envelope.recipient,
        stamp,
        envelope.reference,
        "",
        envelope.application,
        *(("", "", "", "1") if envelope.test else ()),
    )
    count = 0
    for count, message in enumerate(messages, 1):
        put("UNH", str(count), envelope.identifier)
        size = 2  # UNH and UNT count themselves
        for tag, *elements in message:
            put(str(tag), *elements)
            size += 1
        put("UNT", str(size), str(count))
    put("UNZ", str(count), envelope.reference)
    return "".join(parts).encode(CHARSETS[envelope.syntax])


def _una(separators: Separators) -> str:
    return "UNA" + "".join(
        character or " "
        for character in (
            separators.component,
            separators.element,
            separators.decimal,
            separators.release,
            separators.repetition,
            separators.terminator,
        )
    )


def _release(text: str, separators: Separators) -> str:
    special = {
        separators.component,
        separators.element,
        separators.release,
        separators.repetition,
        separators.terminator,
    } - {""}
    if not separators.release and special & set(text):
        raise EdifactError("", text, "holds a separator and there is no release character")
    return "".join(separators.release + c if c in special else c for c in text)


def _trim(text: str, components: Sequence[str], separator: str) -> str:
    """Drop the separators of empty trailing components."""
    filled = len(components)
    while filled and not components[filled - 1]:
        filled -= 1
    dropped = len(components) - max(filled, 1)
    return text[: len(text) - dropped * len(separator)] if dropped > 0 else text


def _check(tag: str, text: str, level: str) -> None:
    if level == "UNOA" and not _LEVEL_A.fullmatch(text):
        raise EdifactError(tag, text, "is outside level A (UNOA)")
    try:
        text.encode(CHARSETS[level])
    except UnicodeEncodeError as error:
        raise EdifactError(tag, text, f"cannot be written in {level}") from error
    if any(ord(c) < 32 for c in text):
        raise EdifactError(tag, text, "holds a control character")
