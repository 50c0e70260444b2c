"""The road's tables: what came, what was refused, what it says, and what follows from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tapal.core.ids import uuid7
from tapal.store.models.reference import Agency, Place, Roll


class Scope(models.Model):
    """An interned (owner, kind, sensitivity): the one number by which reading is granted."""

    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)
    sensitivity = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind", "sensitivity"], name="one_scope")
        ]


class Message(models.Model):
    """What came, as it came. Its bytes lie in the raw folder under their SHA-256.

    `position` counts the items that are safely stored, so that a broken reading goes on there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    source = models.CharField(max_length=255, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    post = models.ForeignKey(Place, on_delete=models.PROTECT, null=True)
    sender = models.CharField(max_length=80, blank=True)
    sender_message_id = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    format = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default="stored")
    position = models.PositiveIntegerField(default=0)
    records = models.PositiveIntegerField(default=0)
    rejects = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "agency"], name="one_message_per_content")
        ]
        indexes = [
            models.Index(fields=["sender", "sender_message_id"], name="message_sender"),
            models.Index(fields=["received_at"], name="message_unread", condition=~Q(state="done")),
        ]


class Reject(models.Model):
    """A part of a message that could not become a record, kept until somebody mends or dismisses it."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="refused")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    post = models.ForeignKey(Place, on_delete=models.PROTECT, null=True)
    place = models.CharField(max_length=200)
    reason = models.JSONField()
    mend = models.JSONField()
    raw = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="open")
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=40, blank=True)
    closing_note = models.TextField(blank=True)
    mended_by = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, related_name="mends"
    )

    class Meta:
        indexes = [models.Index(fields=["agency", "state", "-id"], name="reject_queue")]


class Record(models.Model):
    """The current revision of one statement. `registers` holds the edits, `body` what they come to.

    `occurred_at` falls back to the time of receipt where `occurred_known` is false, so that every
    row sorts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=40)
    owner = models.CharField(max_length=20)
    place = models.CharField(max_length=20, blank=True)
    sensitivity = models.PositiveSmallIntegerField()
    occurred_at = models.DateTimeField()
    occurred_known = models.BooleanField(default=True)
    occurred_text = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="stored")
    source_place = models.CharField(max_length=120, blank=True)
    schema = models.PositiveSmallIntegerField(default=1)
    first_revision = models.UUIDField()
    revision = models.UUIDField()
    body = models.JSONField()
    base = models.JSONField(null=True)
    registers = models.JSONField(default=dict)
    conflicting = models.BooleanField(default=False)
    weight = models.PositiveSmallIntegerField(default=0)
    worked = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["scope", "-occurred_at", "-id"], name="record_scope"),
            models.Index(fields=["place", "scope", "-occurred_at", "-id"], name="record_place"),
        ]


class Key(models.Model):
    """What people search and link by. Newest records come first by their time-sorted id."""

    type = models.CharField(max_length=20)
    value = models.CharField(max_length=80)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="keys")

    class Meta:
        indexes = [models.Index(fields=["type", "value", "-record"], name="key_value")]


class Identity(models.Model):
    """Somebody or something as one document shows it: a document borne by this name and birth date.

    Two people with one document are two identities; a second document is joined by a Link.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    anchor_type = models.CharField(max_length=20)
    anchor_value = models.CharField(max_length=80)
    name = models.CharField(max_length=160, blank=True)
    birth_date = models.CharField(max_length=10, blank=True)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["anchor_type", "anchor_value"], name="identity_anchor")]


class Link(models.Model):
    """A judgement: this record, this other identity or this listing is (1) or is not (-1) the same.

    A clearance is a negative judgement about a listing, with evidence and an end. A judgement that
    is taken back keeps its row with `undone_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="links")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="links")
    other = models.ForeignKey(Identity, on_delete=models.CASCADE, null=True, related_name="+")
    roll = models.ForeignKey(Roll, on_delete=models.CASCADE, null=True, db_index=False)
    entity_id = models.CharField(max_length=120, blank=True)
    verdict = models.SmallIntegerField(default=1)
    basis = models.CharField(max_length=8)
    rule = models.CharField(max_length=60, blank=True)
    evidence = models.JSONField(default=dict)
    by = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    until = models.DateField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, blank=True)


class Alert(models.Model):
    """What waits for a person. Repeats of the same reason about the same subject join the open one.

    `subject` is the identity or the record that it is about; `open_key` is unique while it is open.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=40)
    owner = models.CharField(max_length=20)
    place = models.CharField(max_length=20, blank=True)
    sensitivity = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    open_key = models.CharField(max_length=140, null=True, unique=True)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="alerts")
    weight = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default="open")
    count = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_by = models.CharField(max_length=40, blank=True)
    taken_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    outcome_reason = models.TextField(blank=True)
    closed_by = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["scope", "state", "due_at", "id"], name="alert_queue"),
            models.Index(fields=["scope", "-opened_at", "-id"], name="alert_scope"),
            # For readers of a post: what other posts have open is not walked over.
            models.Index(
                fields=["place", "scope", "state", "due_at", "id"], name="alert_place_queue"
            ),
            models.Index(fields=["place", "scope", "-opened_at", "-id"], name="alert_place"),
        ]


class Finding(models.Model):
    """A rule's sentence about a record, with the values compared and the rows cited in `data`."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="findings")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, related_name="findings")
    rule = models.CharField(max_length=60)
    about = models.CharField(max_length=140, blank=True)
    reason = models.CharField(max_length=60)
    weight = models.PositiveSmallIntegerField()
    sensitivity = models.PositiveSmallIntegerField()
    text = models.JSONField()
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "rule", "about"], name="one_finding_per_rule")
        ]


class Task(models.Model):
    """Work for somebody who holds a power, with a clock. `name` joins it to the act that answers it.

    A procedure's task names its `run`, the `step` of the diagram, and `step_key`, one for each
    passing. `assigned_to` is the officer whose it is, empty for whoever holds the power.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, db_index=False)
    owner = models.CharField(max_length=20)
    kind = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=20, blank=True)
    sensitivity = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    label = models.JSONField()
    text = models.JSONField()
    power = models.CharField(max_length=40)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="tasks")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, related_name="tasks")
    data = models.JSONField(default=dict)
    run = models.ForeignKey("Run", on_delete=models.PROTECT, null=True, related_name="tasks")
    step = models.CharField(max_length=80, blank=True)
    step_key = models.CharField(max_length=40, blank=True)
    assigned_to = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default="open")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=40, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["scope", "state", "due_at", "id"], name="task_queue"),
            models.Index(
                fields=["place", "scope", "state", "due_at", "id"], name="task_place_queue"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "step_key"],
                condition=models.Q(run__isnull=False),
                name="one_task_per_passing",
            )
        ]


class Work(models.Model):
    """A batch of stored records that waits for link, screen, assess and alert.

    A claim is a conditional update; `claimant` and `attempt` are the fence that the results'
    transaction must still find. The row goes when the results are written.
    """

    records = models.JSONField()
    claimant = models.CharField(max_length=60, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.FloatField(default=0)
    urgent = models.BooleanField(default=False)
    trouble = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-urgent", "lease_until", "id"], name="work_queue")]
