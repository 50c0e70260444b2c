"""Risk profiles as versions, and their dry runs on history."""

from __future__ import annotations

from django.db import models

from tapal.core.ids import uuid7
from tapal.store.models.reference import Agency


class Profile(models.Model):
    """One version of a risk profile: a decision table over the records of one kind of its owner.

    A version is a draft, in force, followed by another, or ended; only a draft ever changes, and
    each change counts `edition` up, so that of two editors at once the later is told. `authors` are
    all who changed it: none of them puts it in force. `sha256` is of what decides (kind, post, table).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=50)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="draft")
    seed = models.BooleanField(default=False)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    place = models.CharField(max_length=20, blank=True)
    label = models.JSONField()
    ground = models.JSONField()
    table = models.JSONField()
    sensitivity = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    edition = models.PositiveIntegerField(default=1)
    valid_to = models.DateField(null=True)
    authors = models.JSONField(default=list)
    changed_by = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=40, blank=True)
    in_force_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_profile_version_once"),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(state="in_force"),
                name="one_profile_version_in_force",
            ),
        ]


class DryRun(models.Model):
    """What a profile would have hit over some months: counted by the worker when nothing else waits.

    `moves` is the fence: each part that is written must find the one before it. `reached` is where
    the count stands, `tally` what it has found; it holds ids and counts, nothing that a record says.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="dry_runs")
    sha256 = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    moves = models.PositiveIntegerField(default=0)
    reached = models.JSONField(default=list)
    tally = models.JSONField(default=dict)
    trouble = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="dry_run_queue")]
