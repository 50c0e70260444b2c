"""Cases: a file that joins what belongs together, its members, its timeline and its attachments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tapal.core.cases import ITEMS
from tapal.core.ids import uuid7
from tapal.store.models.road import Scope


class Case(models.Model):
    """One file with one owner at any time. A sealed one exists only for its members.

    `offered_to` is the agency that was asked to take it over, empty while nobody was.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, db_index=False)
    owner = models.CharField(max_length=20)
    place = models.CharField(max_length=20, blank=True)
    sensitivity = models.PositiveSmallIntegerField()
    sealed = models.BooleanField(default=False)
    title = models.CharField(max_length=160)
    state = models.CharField(max_length=10, default="open")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=40)
    offered_to = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    outcome_reason = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "state", "-id"], name="case_queue")]


class CaseMember(models.Model):
    """An officer who works on a case for his agency, until his membership ends."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    officer = models.CharField(max_length=40)
    agency = models.CharField(max_length=20)
    since = models.DateTimeField()
    added_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "officer", "agency"],
                condition=Q(ended_at__isnull=True),
                name="one_membership",
            )
        ]
        indexes = [
            models.Index(
                fields=["officer", "agency"],
                name="member_cases",
                condition=Q(ended_at__isnull=True),
            )
        ]


class CaseEntry(models.Model):
    """One line of a case's timeline: a thing that it joins, words, or a step of the case itself.

    `ref` is the id of what it joins, a plain text: nothing outside a case knows that it is in one.
    `scope` is its author's, by which his agency's agreements open its words.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    scope = models.ForeignKey(Scope, on_delete=models.PROTECT, db_index=False)
    sort = models.CharField(max_length=20)
    ref = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    audience = models.CharField(max_length=3, default="all")
    by = models.CharField(max_length=40)
    agency = models.CharField(max_length=20)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "sort", "ref"],
                condition=Q(undone_at__isnull=True, sort__in=list(ITEMS)),
                name="one_item_once",
            )
        ]
        indexes = [models.Index(fields=["sort", "ref"], name="case_item", condition=~Q(ref=""))]


class Attachment(models.Model):
    """A file of a case. Its bytes lie in the case's own folder under their SHA-256.

    `scan` is waiting, clean or refused; without a scanner it stays waiting, and the page says so.
    """

    entry = models.OneToOneField(
        CaseEntry, on_delete=models.PROTECT, primary_key=True, related_name="attachment"
    )
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=100)
    scan = models.CharField(max_length=10, default="waiting")
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["entry"], name="attachment_unscanned", condition=Q(scan="waiting"))
        ]
