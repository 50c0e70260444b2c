"""What programs hand in: one message answered at once, or many files for the worker."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import File, Header, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import WithJsonSchema

from tapal.core.errors import Denied
from tapal.core.marking import Purpose
from tapal.core.text import Text
from tapal.flow import once
from tapal.flow.intake import HandIn
from tapal.flow.keys import INTAKE
from tapal.flow.mapped import PREFIX
from tapal.flow.queued import QUEUED, hand_in_later
from tapal.flow.report import POWER, hand_in_again
from tapal.flow.share import access
from tapal.flow.share.purposes import must_cover
from tapal.kinds import KINDS
from tapal.web.api import schemas, shown
from tapal.web.api.callers import Caller, caller_of, door_of
from tapal.web.api.problems import BAD_REQUEST, Unfit
from tapal.web.api.reading import Why

router = Router()

MOST_FILES = 100
OnceKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=once.LONGEST_KEY,
        pattern=r"^[\x21-\x7e]+$",
        description="a word of the sender's own: the same request under it is done once in a day",
    ),
]
MappingName = Annotated[
    str | None, Query(max_length=30, description="name of a saved mapping of the caller's agency")
]
Answer = dict[str, Any]  # Any: JSON


def _words(words: Iterable[str]) -> WithJsonSchema:
    """What the description names as the choice; another word is answered with the list of them."""
    return WithJsonSchema({"type": "string", "enum": list(words)})


_FORMATS = sorted({each.name for kind in KINDS.values() for each in kind.formats})
FormatName = Annotated[Annotated[str, _words(_FORMATS)] | None, Query(max_length=40)]

_ANSWER = {"application/EDIFACT": {"schema": {"type": "string", "format": "binary"}}}
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@router.post(
    "intake",
    response=schemas.IntakeOut,
    summary="Hand a message in",
    openapi_extra={"requestBody": {"required": True, "content": _BYTES}},
)
def intake(
    request: HttpRequest,
    format: FormatName = None,
    mapping: MappingName = None,
    source: Annotated[str, Query(max_length=255)] = "",
    language: Annotated[Literal["id", "en"], Query()] = "id",
    purpose: Annotated[str, Query(max_length=40), _words(["", *Purpose])] = "",
    idempotency_key: OnceKey = None,
) -> Any:  # Any: ninja checks it against the response's schema
    """Hand in the body of the request as one message; the format is recognised when not named.

    `mapping` names a saved mapping of the caller's agency that reads the table instead.
    `purpose` is what the findings are looked at for, the likeliest of the agency's when not named.
    The agency and the post are those of the key. The same message sent again doubles nothing.
    """
    caller, form = _sender(request), _form(format, mapping)
    data = request.body
    if not data:
        raise Unfit(BAD_REQUEST, Text("Isi kiriman kosong.", "The body is empty."), "body")
    why = next((p for p in Purpose if p == purpose), None)
    if purpose and why is None:
        said = Text("Keperluan itu tidak ada; salah satu: {p}.", "No such purpose; one of {p}.")
        raise Unfit(BAD_REQUEST, said.fill(p=", ".join(Purpose)), "purpose")

    def do(before: Answer | None) -> tuple[Answer, Answer]:
        told, known = hand_in_again(
            data,
            source,
            form,
            actor=caller.actor,
            language=language,
            purpose=caller.purpose(why),
            as_first=before is not None and not before["known"],
        )
        return told, {"known": known}

    print_ = _print("intake", form or "", source, language, purpose, _hash(data))
    return _once(caller, idempotency_key, print_, do)


@router.post("intake/files", response={202: schemas.FilesOut}, summary="Hand in many files")
def intake_files(
    request: HttpRequest,
    files: Annotated[list[UploadedFile], File(min_length=1, max_length=MOST_FILES)],
    format: FormatName = None,
    mapping: MappingName = None,
    purpose: Why = None,
    idempotency_key: OnceKey = None,
) -> Any:  # Any: as above
    """Keep each file as one message and leave its reading to the worker.

    When the answer comes every file is safe. What became of each is told under its id by
    `messages/{id}`. The format of each is recognised when not named; `mapping` names a saved mapping.
    """
    caller, form = _sender(request), _form(format, mapping)
    must_cover(caller.actor, caller.purpose(purpose))
    held = [(each.name or "", each.read()) for each in files]
    if empty := next((name for name, data in held if not data), None):
        raise Unfit(BAD_REQUEST, Text("Berkas {n} kosong.", "File {n} is empty.").fill(n=empty))

    def do(before: Answer | None) -> tuple[Answer, Answer]:
        if before is not None:
            return before, before
        told = {"messages": [_kept(caller, name, data, form) for name, data in held]}
        why, count = caller.purpose(purpose), len(held)
        access.note(caller.actor, why, access.LIST, subject="messages", count=count)
        return told, told

    print_ = _print("files", form or "", *(f"{name} {_hash(data)}" for name, data in held))
    return Status(202, _once(caller, idempotency_key, print_, do))


@router.get("messages/{uuid:id}", response=schemas.MessageOut, summary="What became of a message")
def message(request: HttpRequest, id: uuid.UUID, purpose: Why = None) -> Any:  # Any: as above
    """How far a message of the caller's own agency has come; hidden and absent answer alike."""
    return shown.message(door_of(request, INTAKE, purpose).message(id))


@router.get(
    "messages/{uuid:id}/reply",
    response=None,
    summary="The answer to a message's sender",
    openapi_extra={"responses": {200: {"description": "the newest answer", "content": _ANSWER}}},
)
def reply(request: HttpRequest, id: uuid.UUID, purpose: Why = None) -> HttpResponse:
    """The newest answer (CUSRES) to a passenger list that the caller's own agency handed in.

    There is none until everybody on the list is judged: 404, as for what does not exist. A changed
    decision makes a new answer that refers to the first.
    """
    told, data = door_of(request, INTAKE, purpose).answer(id)
    return HttpResponse(data, content_type=told.media_type)


def _form(format: str | None, mapping: str | None) -> str | None:
    """The format that is read by: the one named, or a saved mapping."""
    if format and mapping:
        said = Text("Sebut format atau pemetaan saja.", "Name a format or a mapping, not both.")
        raise Unfit(BAD_REQUEST, said, "mapping")
    return f"{PREFIX}{mapping}" if mapping else format or None


def _sender(request: HttpRequest) -> Caller:
    caller = caller_of(request, INTAKE)
    if POWER not in caller.actor.powers:
        raise Denied
    return caller


def _kept(caller: Caller, name: str, data: bytes, format: str | None) -> Answer:
    actor = caller.actor
    given = HandIn(name, actor.agency, actor.post, format or None, actor.number, own_kinds=True)
    kept = hand_in_later(data, given)
    return {"id": str(kept.id), "source": name, "known": kept.state != QUEUED}


def _once(
    caller: Caller,
    key: str | None,
    fingerprint: str,
    do: Callable[[Answer | None], tuple[Answer, Answer]],
) -> Answer:
    """Do it, once under the sender's key. `do` gets what it led to before and gives answer and memory."""
    if key is None:
        return do(None)[0]
    begun = once.begin(f"{caller.actor.number} {caller.actor.agency}", key, fingerprint)
    if begun.answer is not None:
        return do(begun.answer)[0]
    try:
        told, kept = do(None)
    except BaseException:
        begun.failed()
        raise
    begun.done(kept)
    return told


def _print(*parts: str) -> str:
    return _hash("\0".join(parts).encode())


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
