"""The log: one row for each change, one for each look, and where each reader of the log stands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tapal.core.ids import uuid7


class Event(models.Model):
    """The header of one change. `seq` is given after commit by the one sequencer; readers use only it.

    `commitment` is the SHA-256 of a salt and the content, which lies in a row of its own and can
    lawfully be erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    seq = models.PositiveBigIntegerField(null=True, unique=True)
    type = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    node = models.CharField(max_length=40)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()
    commitment = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="event_unnumbered", condition=Q(seq__isnull=True)),
            models.Index(fields=["subject", "id"], name="event_subject"),
        ]


class EventContent(models.Model):
    """What an event said, as canonical JSON text; erasing it leaves the header verifiable."""

    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, primary_key=True, related_name="content"
    )
    salt = models.BinaryField(max_length=16)
    content = models.TextField()


class Cursor(models.Model):
    """A number that only grows: where a reader of the log stands, or the last number of a paper."""

    name = models.CharField(max_length=120, primary_key=True)
    position = models.PositiveBigIntegerField(default=0)
    data = models.JSONField(default=dict)


class Access(models.Model):
    """One look: a read, a list, a search (empty ones too), an export, a print, a denial."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField()
    officer = models.CharField(max_length=40)
    agency = models.CharField(max_length=20)
    post = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(max_length=30)
    act = models.CharField(max_length=12)
    subject = models.CharField(max_length=80, blank=True)
    owner = models.CharField(max_length=20, blank=True)
    question = models.CharField(max_length=200, blank=True)
    clauses = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-id"], name="access_subject"),
            models.Index(fields=["officer", "-id"], name="access_officer"),
            models.Index(fields=["owner", "-id"], name="access_owner"),
            models.Index(fields=["agency", "-id"], name="access_agency"),
        ]
