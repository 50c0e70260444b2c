"""Procedures as agencies adopt them, and the runs that follow them."""

from __future__ import annotations

from django.db import models

from tapal.core.ids import uuid7
from tapal.store.models.reference import Agency
from tapal.store.models.road import Alert, Record, Scope


class Procedure(models.Model):
    """One version of a procedure: its BPMN diagram as it was drawn, and who signed it.

    A version is a draft, waits for signatures, is in force, or was followed by another; once it is
    put forward its diagram never changes. `seed` came with the package: it is the ground for every
    agency that has signed none of its own. `authors` are all who drew it: none of them signs it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="draft")
    seed = models.BooleanField(default=False)
    label = models.JSONField()
    reasons = models.JSONField(default=list)
    signers = models.JSONField(default=list)
    signatures = models.JSONField(default=list)
    xml = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.CharField(max_length=40, blank=True)
    authors = models.JSONField(default=list)
    made_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    followed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_version_once"),
        ]


class Run(models.Model):
    """One case's way through one version. `moves` is the fence: each move must find the one before it.

    `state` is the engine's; it holds ids and choices, never words of a person. `due_at` is when its
    next timer fires. `last` is what it held before the newest answer, as long as that can be taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="runs")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, db_index=False)
    owner = models.CharField(max_length=20)
    kind = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=20, blank=True)
    sensitivity = models.PositiveSmallIntegerField()
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, related_name="runs")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="runs")
    state = models.JSONField()
    last = models.JSONField(null=True)
    status = models.CharField(max_length=10, default="running")
    moves = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    outcome = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "due_at"], name="run_timers"),
            models.Index(fields=["scope", "-started_at", "-id"], name="run_scope"),
        ]
