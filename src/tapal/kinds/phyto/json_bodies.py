"""Read and write bodies, and what the forms send, as JSON: one object or a list."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from tapal.core.reading import Draft, Item, ReadContext, Rejection
from tapal.core.text import Text
from tapal.formats.sps import Moment
from tapal.formats.utf16 import as_utf8
from tapal.kinds.phyto.complaints import complaint
from tapal.kinds.phyto.forms import InspectionRecord, PaperCertificate
from tapal.kinds.phyto.quarantine import PhytoBody
from tapal.kinds.phyto.typed_bodies import inspection_body, paper_body

MAX_BYTES: Final = 8 * 1024 * 1024
Draw = Callable[[Any, ReadContext], tuple[PhytoBody, datetime | None, str]]


def _draw_paper(value: Any, context: ReadContext) -> tuple[PhytoBody, datetime | None, str]:
    body = paper_body(PaperCertificate.model_validate(value))
    return body, None, body.certificate.issued or ""


def _draw_inspection(value: Any, context: ReadContext) -> tuple[PhytoBody, datetime | None, str]:
    given = InspectionRecord.model_validate(value)
    body, at = inspection_body(given, context)
    return body, at, given.inspected_at.isoformat()


def _draw_body(value: Any, context: ReadContext) -> tuple[PhytoBody, datetime | None, str]:
    body = PhytoBody.model_validate(value)
    issued = body.certificate.issued or ""
    at = Moment(issued).value
    aware = isinstance(at, datetime) and at.tzinfo is not None
    return body, at if isinstance(at, datetime) and aware else None, issued


def reader(draw: Draw) -> Callable[[bytes, ReadContext], Iterator[Item]]:
    """A reader of one JSON object or a list of them, each drawn into a body by `draw`."""

    def read(data: bytes, context: ReadContext) -> Iterator[Item]:
        try:
            if len(data) > MAX_BYTES:
                raise ValueError(f"{len(data)} bytes, more than {MAX_BYTES}")
            told = json.loads(as_utf8(data) or data)
        except (ValueError, RecursionError) as error:
            yield rejection("$", Text(f"JSON tidak terbaca: {error}", f"unreadable JSON: {error}"))
            return
        rows = told if isinstance(told, list) else [told]
        for number, row in enumerate(rows):
            place = f"$[{number}]" if isinstance(told, list) else "$"
            try:
                body, at, text = draw(row, context)
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"]))
                wrong = complaint(first)
                yield rejection(f"{place}.{where}".rstrip("."), wrong, str(row)[:500])
                continue
            yield Draft(place=place, body=body, occurred_at=at, occurred_text=text)

    return read


read_paper: Final = reader(_draw_paper)
read_inspection: Final = reader(_draw_inspection)
read_body: Final = reader(_draw_body)


def rejection(place: str, wrong: Text, raw: str = "") -> Rejection:
    """A part that could not become a record."""
    return Rejection(
        place=place,
        reason=Text(f"Isian tidak sesuai: {wrong.id}.", f"The entry does not fit: {wrong.en}."),
        mend=Text("Perbaiki isian itu, lalu putar ulang.", "Mend that entry, then replay."),
        raw=raw,
    )


def write_bodies(bodies: Sequence[Mapping[str, Any]]) -> bytes:
    """Bodies as a JSON list in UTF-8, as `read_body` reads them."""
    return json.dumps(list(bodies), ensure_ascii=False, indent=1).encode()


def sniffer(*words_: bytes) -> Callable[[bytes], int]:
    """Fairly sure when the JSON's head holds all these words."""

    def sniff(data: bytes) -> int:
        head = (as_utf8(data) or data).lstrip(b"\xef\xbb\xbf \t\r\n")
        return 85 if head[:1] in (b"{", b"[") and all(word in head for word in words_) else 0

    return sniff
