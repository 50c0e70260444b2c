"""Who must sign a procedure, and whose alerts it begins then.

A procedure binds who signed it and nobody else: it begins the alerts of those agencies alone. One
that ships is the ground beneath: it begins the alerts of an agency that has signed none for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.utils import timezone

from tapal.core.errors import Rejected
from tapal.core.text import Text
from tapal.engines import procedures as engine
from tapal.engines.procedures import Diagram, Fault
from tapal.flow.officers import roles
from tapal.flow.reference import agency_with_role
from tapal.flow.share.compile import agencies_on
from tapal.flow.sop import known_laws
from tapal.kinds import KINDS
from tapal.store.models import Agency, Procedure, Profile, Roll

_EVERY = ":*"


def faults(diagram: Diagram) -> Iterator[Fault]:
    """What this house does not know of what the diagram names: powers, agencies and laws."""
    powers = {power for role in roles().values() for power in role.powers}
    today = timezone.localdate()
    known = _agencies(today)
    for step in diagram.steps.values():
        if step.power not in powers:
            yield engine.fault(
                step.id,
                f"Wewenang {step.power} tidak dikenal.",
                f"The power {step.power} is not known.",
                f"Pilih salah satu: {', '.join(sorted(powers))}.",
                f"Choose one of {', '.join(sorted(powers))}.",
            )
        if not _is_agency(step.agency, known, today):
            yield _unknown(step.id, step.agency)
    for code in sorted(set(diagram.signers) - known):
        yield _unknown(diagram.id, code)
    for code in sorted(set(diagram.head.laws) - known_laws()):
        yield engine.fault(
            diagram.id,
            f"Peraturan {code} tidak dikenal.",
            f"The law {code} is not known.",
            f"Pilih salah satu: {', '.join(sorted(known_laws()))}.",
            f"Choose one of {', '.join(sorted(known_laws()))}.",
        )


def _is_agency(word: str, known: set[str], today: date) -> bool:
    if word.startswith("role:"):
        return agency_with_role(word.removeprefix("role:"), today) is not None
    return word in ("owner", "list_owner") or word in known


def _unknown(place: str, code: str) -> Fault:
    return engine.fault(
        place,
        f"Instansi {code} tidak dikenal atau sudah tidak ada.",
        f"The agency {code} is not known, or is no more.",
        "Tulis kode instansi, role:peran, owner atau list_owner.",
        "Write an agency's code, role:its role, owner or list_owner.",
    )


def _agencies(day: date) -> set[str]:
    rows = Agency.objects.exclude(valid_to__lt=day).exclude(valid_from__gt=day)
    return set(rows.values_list("code", flat=True))


def asked(diagram: Diagram) -> set[str]:
    """Every agency that a drawn diagram concerns: it must sign before the diagram is in force.

    Those are the owners of the lists, profiles and kinds whose alerts begin it, whoever is given a
    task by it, and who signed what it displaces among its own signers.
    """
    today = timezone.localdate()
    found = {code for reason in diagram.reasons for code in _owners(reason, today)}
    for step in diagram.steps.values():
        if step.agency.startswith("role:"):
            found.add(agency_with_role(step.agency.removeprefix("role:"), today) or "")
        elif step.agency not in ("owner", "list_owner"):
            found.add(step.agency)
    found |= bound_before(diagram)
    return found & set(Agency.objects.values_list("code", flat=True))


def bound_before(diagram: Diagram) -> set[str]:
    """Who signed a version in force from which a new one would take alerts of its signers."""
    return {
        each["agency"]
        for row in displaced(diagram.id, diagram.reasons, diagram.signers)
        for each in row.signatures
    }


def _owners(reason: str, today: date) -> Iterator[str]:
    """The agencies that own what a reason speaks of: a list, a profile, a kind with such a rule."""
    sort, _, one = reason.partition(":")
    if sort == "list_match":
        rolls = Roll.objects.all() if one in ("", "*") else Roll.objects.filter(pk=one)
        yield from rolls.values_list("authority", flat=True)
    elif sort == "profile":
        rows = Profile.objects.exclude(state="ended")
        rows = rows if one in ("", "*") else rows.filter(name=one)
        yield from rows.values_list("owner_id", flat=True)
    else:
        for kind in KINDS.values():
            acts = sort == "act" and any(action.name == one for action in kind.actions)
            if acts or any(rule.name == sort for rule in kind.rules):
                yield agency_with_role(kind.owner_role, today) or ""


def displaced(name: str, reasons: Sequence[str], signers: Sequence[str]) -> list[Procedure]:
    """The versions in force that a new one would take alerts of its signers from."""
    rows = Procedure.objects.filter(state="in_force").defer("xml")
    return [
        row
        for row in rows
        if (row.name == name or any(_meet(a, b) for a in reasons for b in row.reasons))
        and any(binds(row, code) for code in signers)
    ]


def _meet(one: str, other: str) -> bool:
    """Whether some alert may have both reasons."""
    sort = one.split(":", 1)[0]
    both = sort == other.split(":", 1)[0]
    return one == other or (both and (one.endswith(_EVERY) or other.endswith(_EVERY)))


def binds(row: Procedure, owner: str) -> bool:
    """Whether an agency, or one that it came from, has signed this version."""
    ours = agencies_on(timezone.localdate()).owners(owner)
    return any(each["agency"] in ours for each in row.signatures)


def must_be_asked(diagram: Diagram, *, shipped: bool = False) -> None:
    """Raises Rejected where an agency that the diagram concerns is not among its signers.

    Of one that ships only those are asked for whose signed version it would displace.
    """
    concerned = bound_before(diagram) if shipped else asked(diagram)
    missing = sorted(code for code in concerned if not _among(code, diagram.signers))
    if missing:
        listed = ", ".join(missing)
        raise Rejected(
            Text(
                f"Prosedur ini menyangkut {listed}, yang belum diminta menandatangani.",
                f"This procedure concerns {listed}, which is not asked to sign it.",
            ),
            Text(
                f"Tambahkan ke signedBy: {listed}. Daftar, profil, jenis catatan, tugas, dan versi"
                " yang digantikan menentukan siapa yang ikut menandatangani.",
                f"Add to signedBy: {listed}. The lists, profiles, kinds, tasks and the version that"
                " is displaced say who signs.",
            ),
            place=diagram.id,
        )


def _among(code: str, signers: Iterable[str]) -> bool:
    """Whether an agency, or what it has become, is one of the signers."""
    known = agencies_on(timezone.localdate())
    return any(code in known.owners(signer) for signer in signers)


def rightful(rows: Sequence[Procedure], reason: str, owner: str) -> Procedure | None:
    """Of the versions in force, oldest first, the one that an alert of this agency begins.

    One that names the reason goes before one of its sort, then what the agency signed before what
    ships, then the newer. An agency that has its own version of a shipped procedure has left that.
    """
    signed = [row for row in rows if not row.seed and binds(row, owner)]
    own = {row.name for row in signed}
    shipped = [row for row in rows if row.seed and row.name not in own]
    for wanted in (reason, f"{reason.split(':', 1)[0]}{_EVERY}"):
        for held in (signed, shipped):
            found = [row for row in held if wanted in row.reasons]
            if found:
                return found[-1]
    return None
