"""Saved mappings of other systems' tables, and the senders' own numbers of what was taken."""

from __future__ import annotations

from django.db import models

from tapal.core.ids import uuid7
from tapal.store.models.reference import Agency
from tapal.store.models.road import Record


class SavedMapping(models.Model):
    """One version of a mapping. A version in force never changes: a new one takes over.

    `sha256` is of what it does; `tried` holds the counts of the last dry run, and `tried_sha256`
    of which content it was. `authors` are all who drafted in it: none of them puts it in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="draft")
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)
    label = models.JSONField()
    table = models.JSONField()
    sha256 = models.CharField(max_length=64)
    edition = models.PositiveIntegerField(default=1)
    authors = models.JSONField(default=list)
    tried = models.JSONField(default=dict)
    tried_sha256 = models.CharField(max_length=64, blank=True)
    changed_by = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=40, blank=True)
    in_force_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_mapping_version_once"),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(state="in_force"),
                name="one_mapping_version_in_force",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(state="draft"),
                name="one_mapping_draft",
            ),
        ]


class SentNumber(models.Model):
    """That a sender said something under a number of his own: hashes only, it may be personal."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    system = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "system", "kind", "number"], name="one_sent_number"
            )
        ]
