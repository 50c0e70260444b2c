"""Why an agency may, or may not, see a record: the owner's data steward asks, and is told clause by clause."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.clauses import Clause, Terms
from tapal.core.errors import Missing
from tapal.core.mandates import EDIT_AGREEMENTS, READ
from tapal.core.marking import Purpose, Sensitivity
from tapal.core.text import Text
from tapal.flow.share import access, compile
from tapal.flow.share.agencies import Agencies
from tapal.flow.share.purposes import purposes_of
from tapal.flow.share.rows import as_uuid
from tapal.flow.share.terms import clauses_of, in_force, terms_of
from tapal.kinds import KINDS
from tapal.store.models import Agreement, Record


@dataclass(frozen=True, slots=True)
class WhyLine:
    """One clause of one agreement held against the record: whether it opens it, and why."""

    agreement: str
    clause: int
    opens: bool
    text: Text
    purpose: str
    fields: frozenset[str] = frozenset()


def why(
    agency: str, record_id: uuid.UUID | str, *, actor: Actor, now: datetime | None = None
) -> tuple[WhyLine, ...]:
    """Each clause towards the agency and what it says of the record; none at all means nobody agreed.

    Raises Missing unless the actor is a steward of the owner, who may see that the record exists.
    """
    moment = now or timezone.now()
    day = compile.today(moment)
    agencies = compile.agencies_on(day)
    record = Record.objects.filter(pk=as_uuid(record_id)).first()
    steward = {EDIT_AGREEMENTS, READ} <= actor.powers
    owns = record is not None and record.owner in agencies.owners(actor.agency)
    reached = record is not None and any(
        compile.reach_of(actor, p, moment).satisfied(
            record.scope_id, record.place, record.occurred_at
        )
        for p in purposes_of(actor, moment)
    )
    allowed = steward and owns and reached
    access.note(
        actor,
        Purpose.OVERSIGHT,
        access.LOOKS if allowed else access.DENIED,
        subject=str(record_id),
        owner=record.owner if allowed and record else "",
        question=f"why {agency}",
    )
    if record is None or not allowed:
        raise Missing
    lines: list[WhyLine] = []
    givers = [c for c in agencies.roles if record.owner in agencies.owners(c)]
    for agreement in Agreement.objects.filter(taker_id=agency, giver_id__in=givers).order_by(
        "code"
    ):
        lines += _lines(agreement, record, agencies, moment)
    return tuple(lines)


def _lines(
    agreement: Agreement, record: Record, agencies: Agencies, now: datetime
) -> list[WhyLine]:
    if reason := _not_in_force(agreement, now):
        return [WhyLine(agreement.code, 0, False, reason, agreement.purpose)]
    clauses = iter(
        clauses_of(agreement, compile.scope_table(), agencies, limit=Sensitivity.CONFIDENTIAL)
    )
    lines = []
    for number, terms in enumerate(terms_of(agreement), 1):
        clause = next(clauses, None) if terms is not None else None
        text = _verdict(terms, clause, record)
        fields = clause.fields.get(record.scope_id, frozenset()) if clause else frozenset()
        opens = text is _OPENS
        said = text.fill(n=len(fields)) if opens else text
        shown = fields if opens else frozenset()
        lines.append(WhyLine(agreement.code, number, opens, said, agreement.purpose, shown))
    if not lines:
        lines.append(WhyLine(agreement.code, 0, False, _EMPTY, agreement.purpose))
    return lines


_OPENS = Text(
    "Klausul ini membuka catatan, {n} isian.", "This clause opens the record, {n} fields."
)
_EMPTY = Text(
    "Perjanjian ini tanpa klausul: tidak memberi apa pun.", "No clause: it gives nothing."
)
_UNREADABLE = Text(
    "Klausul ini menyebut nama yang tidak dikenal lagi.",
    "This clause names what is known no longer.",
)


def _not_in_force(agreement: Agreement, now: datetime) -> Text | None:
    if agreement.revoked_at is not None and agreement.revoked_at <= now:
        return Text("Perjanjian sudah dicabut pada {d}.", "Revoked on {d}.").fill(
            d=agreement.revoked_at.date().isoformat()
        )
    if in_force(agreement, compile.today(now)):
        return None
    return Text(
        "Perjanjian berlaku {a} sampai {b}, tidak hari ini.", "In force from {a} to {b}, not today."
    ).fill(a=agreement.valid_from.isoformat(), b=agreement.valid_to or "…")


def _verdict(terms: Terms | None, clause: Clause | None, record: Record) -> Text:
    if terms is None or clause is None:
        return _UNREADABLE
    if not terms.names_kind(record.kind):
        label = KINDS[record.kind].label if record.kind in KINDS else Text(record.kind, record.kind)
        return Text(f"Jenis {label.id} tidak termasuk.", f"The kind {label.en} is not included.")
    if record.sensitivity > clause.highest:
        level = Sensitivity(record.sensitivity).label
        return Text(
            f"Catatan ini {level.id}, di atas {clause.highest.label.id}.",
            f"The record is {level.en}, above {clause.highest.label.en}.",
        )
    if clause.places is not None and record.place not in clause.places:
        return Text("Pos catatan ini tidak termasuk.", "The record's post is not included.")
    if clause.since is not None and record.occurred_at < clause.since:
        return Text(
            "Kejadian mendahului tanggal mulai klausul.", "It happened before the clause begins."
        )
    if not clause.fields.get(record.scope_id):
        return Text(
            "Tidak satu isian pun terbuka untuk tujuan ini.", "No field is open for this purpose."
        )
    return _OPENS
