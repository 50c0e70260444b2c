"""Alerts: findings that wait for a person, repeats joined, triaged with reasons, mistakes undone."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tapal.core.actions import Actor
from tapal.core.errors import Denied, Missing, Rejected
from tapal.core.finding import Weight
from tapal.core.ids import uuid7
from tapal.core.mandates import level
from tapal.core.record import RecordView
from tapal.core.text import Text
from tapal.engines.procedures import VERDICTS
from tapal.flow import runs
from tapal.flow.bulk import insert_objects
from tapal.flow.events import SYSTEM, Told, record_event, record_events
from tapal.flow.reference import legal_book, scope_number
from tapal.flow.storable import storable
from tapal.store.models import Alert, Finding, Link

UNDO_MINUTES = 15
LIST_MATCH = "list_match"


class Outcome(StrEnum):
    """What a person found an alert to be."""

    TRUE = "true"
    FALSE = "false"
    EXPLAINED = "explained"
    REFERRED = "referred"

    @property
    def label(self) -> Text:
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.TRUE: Text("benar", "true"),
    Outcome.FALSE: Text("keliru (bukan orang atau hal ini)", "false (not this person or thing)"),
    Outcome.EXPLAINED: Text("ada penjelasan yang sah", "lawfully explained"),
    Outcome.REFERRED: Text("diteruskan", "referred"),
}


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that a batch calls for: the record, what it is about, and the findings it carries."""

    view: RecordView
    subject: str
    reason: str
    findings: Sequence[Finding]

    @property
    def open_key(self) -> str:
        return f"{self.reason}|{self.subject}|{self.view.owner}"


def raised(
    views: Iterable[RecordView],
    rows: Mapping[str, Sequence[Finding]],
    identities: Mapping[str, str],
) -> list[Raised]:
    """Group a batch's new alert findings by record and reason."""
    found: list[Raised] = []
    for view in views:
        by_reason: dict[str, list[Finding]] = {}
        for row in rows.get(view.id, ()):
            if row.weight >= Weight.ALERT and row.alert_id is None:
                by_reason.setdefault(row.reason, []).append(row)
        subject = identities.get(view.id, view.id)
        found += [Raised(view, subject, reason, each) for reason, each in by_reason.items()]
    return found


def open_alerts(wanted: Sequence[Raised]) -> int:
    """Open or join an alert for each and tie its findings to it, in the caller's transaction."""
    if not wanted:
        return 0
    keys = sorted({each.open_key for each in wanted})
    joinable = Alert.objects.select_for_update(no_key=True).filter(open_key__in=keys).order_by("id")
    held = {a.open_key: a for a in joinable}
    now = timezone.now()
    due = now + triage_time(now)
    fresh: list[Alert] = []
    joined: Counter[uuid.UUID] = Counter()
    told: list[Told] = []
    for each in wanted:
        alert = held.get(each.open_key)
        if alert is None:
            alert = held[each.open_key] = _opened(each, now, due)
            fresh.append(alert)
            what = "alert.opened"
        else:
            joined[alert.id] += 1
            what = "alert.joined"
        told.append(Told(what, str(alert.id), {"reason": each.reason, "record": each.view.id}))
        for row in each.findings:
            row.alert = alert
    insert_objects(fresh)
    for alert_id, times in sorted(joined.items()):
        Alert.objects.filter(pk=alert_id).update(count=F("count") + times, last_at=now)
    record_events(told)
    _begin(fresh, wanted, held)
    return len(fresh)


def _begin(
    fresh: Sequence[Alert], wanted: Sequence[Raised], held: Mapping[str | None, Alert]
) -> None:
    """Begin the procedures of the new alerts."""
    rules: dict[uuid.UUID, list[str]] = {}
    for each in wanted:
        rules.setdefault(held[each.open_key].id, []).extend(row.rule for row in each.findings)
    for alert in fresh:
        runs.begin(alert, rules[alert.id])


def _opened(each: Raised, now: datetime, due: datetime) -> Alert:
    view = each.view
    level = max(int(view.sensitivity), *(row.sensitivity for row in each.findings))
    return Alert(
        id=uuid7(),
        scope_id=scope_number(view.owner, view.kind, level),
        kind=view.kind,
        owner=view.owner,
        place=view.place or "",
        sensitivity=level,
        reason=each.reason,
        subject=each.subject,
        open_key=each.open_key,
        record_id=view.id,
        weight=max(row.weight for row in each.findings),
        opened_at=now,
        last_at=now,
        due_at=due,
    )


def triage_time(now: datetime) -> timedelta:
    """How long an alert may wait for its first look, by its rule row; without one it is due at once."""
    settled = legal_book().settle("alert.triage_minutes", now.date())
    return timedelta(minutes=int(settled.values[0]) if settled else 0)


@transaction.atomic
def take_alert(alert_id: uuid.UUID | str, *, actor: Actor) -> Alert:
    """Take an alert in hand, so that nobody works on it twice.

    Raises Denied, Missing when it is not open, Rejected when somebody else has it.
    """
    alert = _locked(alert_id, actor, "alert.triage")
    if alert.state != "open":
        raise Missing
    _let_go(alert, actor)
    alert.taken_by, alert.taken_at = actor.number, timezone.now()
    alert.save(update_fields=["taken_by", "taken_at"])
    record_event("alert.taken", str(alert.id), {}, actor=actor.number)
    return alert


@transaction.atomic
def close_alert(
    alert_id: uuid.UUID | str,
    outcome: Outcome,
    reason: str,
    *,
    actor: Actor,
    cleared_until: date | None = None,
    by_act: bool = False,
    seen: int | None = None,
) -> Alert:
    """Close an alert with what it was found to be and why.

    `seen` is how often it had been joined when the officer looked: what came since is shown to him
    before it is closed with the rest.

    A match found false is cleared for its bearer until `cleared_until` (default: the rule row
    `screening.clearance_days`, today where there is none), so it does not alert again.
    One that somebody holds is closed by him, by who may close for others, or by an act that
    decides about the record itself (`by_act`).
    Raises Denied, Missing when it is not open, Rejected without a reason, while another holds it, or
    when it has grown since.
    """
    alert = _locked(alert_id, actor, "alert.triage")
    if alert.state != "open":
        raise Missing
    if seen is not None and seen != alert.count:
        raise Rejected(
            Text(
                "Temuan baru bergabung ke peringatan ini sejak Anda membukanya.",
                "New findings joined this alert since you opened it.",
            ),
            Text("Periksa yang baru, lalu putuskan.", "Look at what is new, then decide."),
            place="seen",
        )
    if not by_act and "alert.close" not in actor.powers:
        _let_go(alert, actor)
    if not reason.strip():
        raise Rejected(
            Text("Alasan belum diisi.", "The reason is missing."),
            Text("Tulis mengapa peringatan ini ditutup.", "Write why the alert is closed."),
            place="reason",
        )
    _end(alert, outcome, storable(reason), actor.number, cleared_until)
    runs.stop_for(alert, actor.number, level(actor.powers))
    return alert


def conclude(
    alert: Alert, outcome: Outcome, reason: str, by: str, *, since: datetime, reach: int
) -> bool:
    """Close an alert, held by the caller, as the end of its procedure says.

    One that was found false stays open where entries joined it `since` its procedure began: nobody
    has looked at those, and closing would clear them with the rest. Its other runs end as far as
    `reach` (see `runs.stop_for`). Returns whether it is closed.
    Raises ValueError for a verdict that no person gave.
    """
    if by == SYSTEM and outcome in VERDICTS:
        raise ValueError("a verdict needs a person")
    if alert.state != "open":
        return True
    if outcome is Outcome.FALSE and _grew(alert, since):
        return False
    _end(alert, outcome, reason, by, None)
    runs.stop_for(alert, by, reach)
    return True


def _grew(alert: Alert, since: datetime) -> bool:
    """Whether list entries joined an alert after a moment that it did not hold before."""
    held = Finding.objects.filter(alert=alert, rule=LIST_MATCH).values_list("data", "at")
    before = {data["data"]["entry"] for data, at in held if at <= since}
    return any(data["data"]["entry"] not in before for data, at in held)


def _end(alert: Alert, outcome: Outcome, reason: str, by: str, until: date | None) -> None:
    now = timezone.now()
    alert.state, alert.open_key = "closed", None
    alert.outcome, alert.outcome_reason = str(outcome), reason.strip()
    alert.closed_by, alert.closed_at = by, now
    alert.save()
    record_event("alert.closed", str(alert.id), {"outcome": outcome, "reason": reason}, actor=by)
    if outcome is Outcome.FALSE:
        _clear(alert, reason, until or _clearance_end(now.date()), by, now)


def _clearance_end(today: date) -> date:
    settled = legal_book().settle("screening.clearance_days", today)
    return today + timedelta(days=int(settled.values[0]) if settled else 0)


def _clear(alert: Alert, reason: str, until: date, by: str, now: datetime) -> None:
    """Remember that the bearer is not the listed person; without an identity there is nobody to clear."""
    rows = Finding.objects.filter(alert=alert, rule=LIST_MATCH)
    identity = (
        Link.objects.filter(record=alert.record_id, verdict=1, undone_at__isnull=True)
        .values_list("identity_id", flat=True)
        .first()
    )
    if identity is None:
        return
    entries = {row.data["data"]["entry"] for row in rows}
    for entry in sorted(entries):
        roll, entity_id = entry.split(":", 1)
        evidence = {"alert": str(alert.id), "reason": reason}
        Link.objects.create(
            identity_id=identity,
            roll_id=roll,
            entity_id=entity_id,
            verdict=-1,
            basis="person",
            evidence=evidence,
            by=by,
            at=now,
            until=until,
        )
        record_event(
            "match.cleared",
            str(identity),
            {"entry": entry, "until": until.isoformat(), "evidence": evidence},
            actor=by,
        )


@transaction.atomic
def reopen_alert(alert_id: uuid.UUID | str, *, actor: Actor) -> Alert:
    """Take a wrong closing back within `UNDO_MINUTES`; a clearance that it gave falls with it.

    Raises Denied unless it is the same officer or one who may close, Missing when it is too late.
    """
    alert = _locked(alert_id, actor, "alert.triage")
    now = timezone.now()
    if alert.state != "closed" or alert.closed_at is None:
        raise Missing
    own = alert.closed_by == actor.number
    if not own and "alert.close" not in actor.powers:
        raise Denied
    if (
        own
        and "alert.close" not in actor.powers
        and now - alert.closed_at > timedelta(minutes=UNDO_MINUTES)
    ):
        raise Missing
    open_again(alert, actor.number)
    return alert


def open_again(alert: Alert, by: str) -> None:
    """Take the closing of an alert back, held by the caller, with the clearance that it gave."""
    Link.objects.filter(evidence__alert=str(alert.id), undone_at__isnull=True).update(
        undone_at=timezone.now(), undone_by=by
    )
    key = _key_of(alert)
    alert.state, alert.outcome, alert.closed_by, alert.closed_at = "open", "", "", None
    alert.open_key = None if Alert.objects.filter(open_key=key).exists() else key
    reason, alert.outcome_reason = alert.outcome_reason, ""
    alert.save()
    record_event("alert.reopened", str(alert.id), {"reason": reason}, actor=by)
    runs.resume_for(alert, by)


def _let_go(alert: Alert, actor: Actor) -> None:
    """Raises Rejected while another officer holds the alert."""
    if alert.taken_by and alert.taken_by != actor.number:
        raise Rejected(
            Text("Peringatan ini sudah dipegang {n}.", "This alert is already held by {n}.").fill(
                n=alert.taken_by
            ),
            Text("Bicarakan dengannya.", "Speak with that officer."),
        )


def _key_of(alert: Alert) -> str:
    """The key under which repeats join an alert."""
    return f"{alert.reason}|{alert.subject}|{alert.owner}"


def _locked(alert_id: uuid.UUID | str, actor: Actor, power: str) -> Alert:
    alert = Alert.objects.select_for_update(no_key=True).filter(pk=alert_id).first()
    if alert is None:
        raise Missing
    if alert.owner != actor.agency or power not in actor.powers or not actor.acts_at(alert.place):
        raise Denied
    return alert
