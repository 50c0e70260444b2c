"""Cases as their readers see them: membership opens the file, clauses open what stands in it.

A case is no second door. What it joins is shown to a reader only where he may see it without the
case; what its people write belongs to their agency and travels as that agency's agreements say.
Hidden parts leave no gap and no number.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Q, QuerySet

from tapal.core.actions import Actor
from tapal.core.cases import ATTACHMENTS, ITEMS, NOTES, OUTCOME, OWN, STEPS, TITLE
from tapal.core.clauses import Reach, union
from tapal.core.mandates import LEAD_CASES, READ_CASES, WRITE_CASES, level
from tapal.core.marking import Sensitivity
from tapal.flow.share import compile, targets
from tapal.flow.share.cursors import Mark
from tapal.flow.share.rows import as_uuid
from tapal.flow.share.seen_cases import CaseHead, SeenCase, SeenEntry, SeenFile, SeenMember, code_of
from tapal.store.models import Case, CaseEntry, CaseMember

# So many lines of one case's timeline are drawn at once, the newest first to come.
LINES = 50
# So many things that a case joins are named beside it, the newest.
JOINED = 30


def visible(actor: Actor, now: datetime) -> QuerySet[Case]:
    """The cases that exist for an officer: those he is a member of, and his agency's open ones.

    A sealed case exists for its members alone. One condition in one question, so that a hidden case
    costs what an absent one does.
    """
    if READ_CASES not in actor.powers:
        return Case.objects.none()
    own = Q(
        owner__in=compile.agencies_on(compile.today(now)).owners(actor.agency),
        sealed=False,
        sensitivity__lte=level(actor.powers),
    )
    return Case.objects.filter(own | Q(pk__in=_memberships(actor).values("case_id")))


def _memberships(actor: Actor) -> QuerySet[CaseMember]:
    return CaseMember.objects.filter(officer=actor.number, agency=actor.agency, ended_at=None)


def page(
    actor: Actor, reach: Reach, now: datetime, state: str, start: uuid.UUID | None, limit: int
) -> list[CaseHead]:
    """The heads of visible cases, newest first, at most `limit` behind `start`."""
    rows = visible(actor, now).filter(state=state)
    if start is not None:
        rows = rows.filter(id__lt=start)
    return _heads(actor, reach, rows.order_by("-id")[:limit])


def holding(
    actor: Actor, reach: Reach, now: datetime, sort: str, ref: str, limit: int
) -> list[CaseHead]:
    """The visible cases that join a thing, newest first."""
    within = CaseEntry.objects.filter(sort=sort, ref=ref, undone_at=None).values("case_id")
    rows = visible(actor, now).filter(pk__in=within).order_by("-id")[:limit]
    return _heads(actor, reach, rows)


def _heads(actor: Actor, reach: Reach, rows: Iterable[Case]) -> list[CaseHead]:
    cases = list(rows)
    held = set(
        _memberships(actor).filter(case__in=[c.id for c in cases]).values_list("case_id", flat=True)
    )
    return [_head(reach, each, each.id in held) for each in cases]


def _head(reach: Reach, case: Case, member: bool) -> CaseHead:
    fields = _fields(reach, case.scope_id, case)
    closed = case.state == "closed" and OUTCOME in fields
    return CaseHead(
        id=str(case.id),
        code=code_of(case.id),
        title=case.title if TITLE in fields else "",
        owner=case.owner,
        place=case.place or None,
        sensitivity=Sensitivity(case.sensitivity),
        sealed=case.sealed,
        state=case.state,
        opened_at=case.opened_at,
        offered_to=case.offered_to,
        member=member,
        outcome=case.outcome if closed else "",
        outcome_reason=case.outcome_reason if closed else "",
        closed_at=case.closed_at,
        closed_by=case.closed_by if closed else "",
    )


def _fields(reach: Reach, scope: int, case: Case) -> frozenset[str]:
    """What of a case's words in a scope some clause opens."""
    return union(reach.satisfied(scope, case.place, case.opened_at), scope)


def find(actor: Actor, now: datetime, case_id: uuid.UUID | str) -> Case | None:
    """The case, None where there is none for the actor."""
    return visible(actor, now).filter(pk=as_uuid(case_id)).first()


def leads(actor: Actor, case: Case) -> bool:
    """Whether he may decide about the case: a lead of its owner, at its post or a member of it."""
    if LEAD_CASES not in actor.powers or case.owner != actor.agency:
        return False
    return actor.acts_at(case.place) or is_member(actor, case)


def writes(actor: Actor, case: Case) -> bool:
    """Whether he may add to it: a member, or an officer of its owner at its post."""
    if WRITE_CASES not in actor.powers:
        return False
    return is_member(actor, case) or (case.owner == actor.agency and actor.acts_at(case.place))


def is_member(actor: Actor, case: Case) -> bool:
    """Whether he is a member of it now."""
    return _memberships(actor).filter(case=case).exists()


def seen(actor: Actor, reach: Reach, now: datetime, case: Case, start: Mark | None) -> SeenCase:
    """One case with its members and the lines of its timeline behind `start`, one more than a page
    where there are older ones.
    """
    member = is_member(actor, case)
    lines = CaseEntry.objects.filter(case=case)
    items = lines.filter(sort__in=ITEMS, undone_at=None)
    drawn = _Drawing(actor, reach, now, case)
    return SeenCase(
        head=_head(reach, case, member),
        members=_members(case),
        entries=tuple(reversed(list(islice(drawn.of(lines, start), LINES + 1)))),
        joined=tuple(reversed(list(islice(drawn.of(items, None), JOINED + 1)))),
        leads=leads(actor, case),
        writes=writes(actor, case),
        may_take=member and LEAD_CASES in actor.powers and case.offered_to == actor.agency,
    )


def _members(case: Case) -> tuple[SeenMember, ...]:
    rows = CaseMember.objects.filter(case=case, ended_at=None).order_by("since", "id")
    return tuple(SeenMember(r.officer, r.agency, r.since) for r in rows)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A case's lines for one reader, the newest first; hidden ones leave no gap."""

    actor: Actor
    reach: Reach
    now: datetime
    case: Case

    def of(self, lines: QuerySet[CaseEntry], start: Mark | None) -> Iterator[SeenEntry]:
        """Those that he may see, however many hidden ones lie between them."""
        leading = leads(self.actor, self.case)
        while part := _behind(lines, start):
            start = (part[-1].at, part[-1].id)
            refs = [(row.sort, row.ref) for row in part if row.sort in ITEMS]
            shown = targets.seen(self.actor, self.reach, self.now, refs)
            for row in part:
                target = shown.get((row.sort, row.ref))
                entry = _entry(self.actor, self.reach, self.case, row, target)
                if entry is not None:
                    yield entry.marked(self.actor, leading, self.now)


def _behind(lines: QuerySet[CaseEntry], start: Mark | None) -> list[CaseEntry]:
    if start is not None:
        at, last = start
        lines = lines.filter(Q(at__lt=at) | Q(at=at, id__lt=last))
    return list(lines.select_related("attachment").order_by("-at", "-id")[: LINES + 1])


def _entry(
    actor: Actor, reach: Reach, case: Case, row: CaseEntry, target: targets.Target | None
) -> SeenEntry | None:
    """One line as the reader sees it; None where nothing of it is his to see."""
    fields = _fields(reach, row.scope_id, case)
    mine = row.agency == actor.agency
    addressed = mine or row.audience != OWN
    if row.sort in ITEMS:
        if target is None:
            return None
        text = row.text if addressed and NOTES in fields else ""
    elif row.sort in STEPS:
        text = row.text if NOTES in fields else ""
    elif not addressed or (ATTACHMENTS if row.sort == "file" else NOTES) not in fields:
        return None
    else:
        text = row.text
    undone = row.undone_at is not None
    return SeenEntry(
        id=str(row.id),
        sort=row.sort,
        ref=_ref(row, fields),
        text="" if undone and row.sort not in STEPS else text,
        audience=row.audience,
        by=row.by,
        agency=row.agency,
        at=row.at,
        target=target,
        file=None if undone else _file(row),
        undone_at=row.undone_at,
        undone_by=row.undone_by,
    )


def _ref(row: CaseEntry, fields: frozenset[str]) -> str:
    """What the line names; how a case ended is told as its outcome is."""
    return "" if row.sort == "closed" and OUTCOME not in fields else row.ref


def entry_seen(
    actor: Actor, reach: Reach, now: datetime, case: Case, entry_id: uuid.UUID | str
) -> CaseEntry | None:
    """One line of a case's timeline, None where there is none for the reader."""
    row = CaseEntry.objects.select_related("attachment").filter(pk=as_uuid(entry_id), case=case)
    entry = row.first()
    if entry is None:
        return None
    key = (entry.sort, entry.ref)
    target = targets.seen(actor, reach, now, [key]).get(key) if entry.sort in ITEMS else None
    return entry if _entry(actor, reach, case, entry, target) is not None else None


def _file(row: CaseEntry) -> SeenFile | None:
    if row.sort != "file":
        return None
    held = row.attachment
    return SeenFile(held.name, held.size, held.media_type, held.sha256, held.scan, held.scanned_at)


def attachment(
    actor: Actor, reach: Reach, now: datetime, case_id: uuid.UUID | str, entry_id: uuid.UUID | str
) -> CaseEntry | None:
    """A file of a case that the reader may have, None where there is none for him."""
    case = find(actor, now, case_id)
    row = entry_seen(actor, reach, now, case, entry_id) if case is not None else None
    return row if row is not None and row.sort == "file" and row.undone_at is None else None


def sealed_ids() -> Sequence[str]:
    """The ids of sealed cases, whose looks nobody reads but in the case itself."""
    return [str(pk) for pk in Case.objects.filter(sealed=True).values_list("pk", flat=True)]
