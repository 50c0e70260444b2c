"""Versions of lists with what each changes, the re-screening that follows, and where bands begin."""

from __future__ import annotations

from django.db import models

from tapal.core.ids import uuid7
from tapal.store.models.reference import Roll


class ListVersion(models.Model):
    """One import of a list: a draft until a second person puts it in force.

    `base` is the version that its difference was made against: on another one it cannot stand.
    `files` are the hashes of the bytes; `faults` what could not be read, with place and mend.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    roll = models.ForeignKey(Roll, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(null=True)
    base = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="draft")
    files = models.JSONField(default=list)
    shape = models.CharField(max_length=8)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list)
    fault_count = models.PositiveIntegerField(default=0)
    drafted_by = models.CharField(max_length=40)
    drafted_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll", "number"], name="one_list_version_once"),
            models.UniqueConstraint(
                fields=["roll"], condition=models.Q(state="draft"), name="one_list_draft"
            ),
        ]


class ListChange(models.Model):
    """What one version does to one entry: added, changed or removed, as it was and as it becomes.

    `place` is where in the file it stands.
    """

    version = models.ForeignKey(ListVersion, on_delete=models.CASCADE, related_name="changes")
    entity_id = models.CharField(max_length=120)
    what = models.CharField(max_length=8)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    place = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "entity_id"], name="one_change_an_entry")
        ]
        indexes = [
            models.Index(fields=["version", "what", "id"], name="change_order"),
            models.Index(fields=["entity_id"], name="change_entry"),
        ]


class Rescreening(models.Model):
    """Past records held against what a version brought: done by the worker when nothing else waits.

    `moves` is the fence: each part that is written must find the one before it. `reached` is the
    last record that was looked at; `hit` counts records that go down the road again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    version = models.OneToOneField(
        ListVersion, on_delete=models.CASCADE, related_name="rescreening"
    )
    # The rule row that allows it; none allows nothing, and only open alerts are looked at again.
    basis = models.CharField(max_length=80, blank=True)
    days = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    moves = models.PositiveIntegerField(default=0)
    reached = models.CharField(max_length=36, blank=True)
    total = models.PositiveIntegerField(null=True)
    seen = models.PositiveIntegerField(default=0)
    hit = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="rescreening_queue")]


class Threshold(models.Model):
    """Where the bands of one list begin at one post: the empty place is every post.

    A row is a draft, in force, followed by another, declined or ended; `valid_from` and `valid_to`
    are its days. `curve` is what the drafter saw: hits a day at each threshold on recent travellers.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    roll = models.ForeignKey(Roll, on_delete=models.PROTECT, related_name="thresholds")
    place = models.CharField(max_length=20, blank=True)
    alert = models.FloatField()
    look = models.FloatField()
    ties = models.BooleanField(default=True)
    ground = models.TextField()
    curve = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="draft")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    drafted_by = models.CharField(max_length=40)
    drafted_at = models.DateTimeField()
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["roll", "place"],
                condition=models.Q(state="draft"),
                name="one_threshold_draft",
            ),
        ]
        indexes = [models.Index(fields=["state", "roll"], name="threshold_state")]
