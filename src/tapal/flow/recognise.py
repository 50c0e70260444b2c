"""What a message is and whose: as the one who hands it in names it, else as its bytes show."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from tapal.core.errors import TapalError
from tapal.core.kind import Kind
from tapal.core.reading import Format, Rejection
from tapal.core.text import Text
from tapal.flow import mapped
from tapal.flow.events import SYSTEM
from tapal.flow.reference import agency_with_role
from tapal.kinds import KINDS
from tapal.store.models import Agency, Place

SNIFF_BYTES = 4096
MORE_BYTES = 65_536
"""Looked at where the first bytes tell nothing: a long head of an envelope, a page of remarks."""


class BadHandIn(TapalError):
    """The caller named an agency, a post or a format that does not exist."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class NotKept(BadHandIn):
    """The caller's agency does not keep records of the kind."""


@dataclass(frozen=True, slots=True)
class HandIn:
    """Who hands a message in, where, and what he says it is; what is not named is found out.

    `own_kinds` takes only kinds that the agency keeps: whoever could state another agency's kinds
    would have any name judged by lists and histories that are not his to read.
    """

    source: str = ""
    agency: str | None = None
    post: str | None = None
    format: str | None = None
    by: str = SYSTEM
    urgent: bool = False
    own_kinds: bool = False


def check(hand_in: HandIn) -> None:
    """Raises BadHandIn for an agency, a post or a format that does not exist."""
    if hand_in.agency and not Agency.objects.filter(pk=hand_in.agency).exists():
        raise BadHandIn(
            Text("Instansi {c} tidak dikenal.", "Agency {c} is not known.").fill(c=hand_in.agency)
        )
    if hand_in.post and not Place.objects.filter(pk=hand_in.post).exists():
        raise BadHandIn(
            Text("Pos {c} tidak dikenal.", "Post {c} is not known.").fill(c=hand_in.post)
        )
    chosen = named(hand_in.format) if hand_in.format else None
    if chosen and chosen[1].owner not in ("", hand_in.agency or chosen[1].owner):
        chosen = None  # another agency's mapping: not told from one that is not there
    if hand_in.format and not chosen and mapped.is_mapped(hand_in.format):
        said = Text(
            "Instansi Anda tidak punya pemetaan {c} yang berlaku.",
            "Your agency has no mapping {c} in force.",
        )
        raise BadHandIn(said.fill(c=mapped.name_of(hand_in.format)))
    if hand_in.format and not chosen:
        names = ", ".join(sorted(f.name for k in KINDS.values() for f in k.formats))
        raise BadHandIn(
            Text(
                "Format {c} tidak dikenal; yang ada: {n}.",
                "Format {c} is not known; there are: {n}.",
            ).fill(c=hand_in.format, n=names)
        )


def check_keeper(kind: Kind, agency: str) -> None:
    """Raises NotKept for a kind that another agency keeps."""
    if agency_with_role(kind.owner_role, timezone.localdate()) != agency:
        raise NotKept(
            Text(
                f"{kind.label.id} tidak disimpan instansi Anda: serahkan kepada yang menyimpannya.",
                f"Your agency keeps no records of this kind ({kind.label.en}): hand it to its keeper.",
            )
        )


def recognise(data: bytes, name: str | None) -> tuple[Kind, Format] | None:
    """The kind and format of a message: as named, else the reader that is surest of its first bytes."""
    if name:
        return named(name)
    found = _surest(data[:SNIFF_BYTES])
    return _surest(data[:MORE_BYTES]) if found is None and len(data) > SNIFF_BYTES else found


def _surest(head: bytes) -> tuple[Kind, Format] | None:
    sure = [(form.sniff(head), kind, form) for kind in KINDS.values() for form in kind.formats]
    best = max(sure, key=lambda each: each[0], default=None)
    return (best[1], best[2]) if best and best[0] > 0 else None


def named(name: str) -> tuple[Kind, Format] | None:
    """A format by its name, with its kind; a saved mapping by `map:NAME`, or `map:NAME@VERSION`."""
    if mapped.is_mapped(name):
        return mapped.chosen(name)
    return next(
        ((kind, form) for kind in KINDS.values() for form in kind.formats if form.name == name),
        None,
    )


def default_agency(chosen: tuple[Kind, Format] | None) -> str:
    """The agency that keeps the kind, else the coordinator; a mapping's is its own.

    Raises BadHandIn where there is none.
    """
    if chosen and chosen[1].owner:
        return chosen[1].owner
    role = chosen[0].owner_role if chosen else "coordinator"
    agency = agency_with_role(role, timezone.localdate())
    if agency is None:
        raise BadHandIn(
            Text(
                "Tidak ada instansi dengan peran {r}: sebutkan instansinya.",
                "No agency holds the role {r}: name the agency.",
            ).fill(r=role)
        )
    return agency


def unrecognised() -> Rejection:
    """What is said of a message that no reader knows."""
    names = ", ".join(sorted(f.name for k in KINDS.values() for f in k.formats))
    return Rejection(
        place="byte 0",
        reason=Text(
            "Format kiriman tidak dikenali.", "The format of the message was not recognised."
        ),
        mend=Text(
            "Sebutkan formatnya ({n}) atau kirim ulang berkas yang utuh.",
            "Name the format ({n}) or send the whole file again.",
        ).fill(n=names),
    )
