"""Reference data: institutions, places, people with mandates, law, lists, agreements."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from tapal.core.ids import uuid7


class Agency(models.Model):
    """An institution for as long as it bears this name; `successor` is what it became."""

    code = models.CharField(max_length=20, primary_key=True)
    name_id = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    role = models.CharField(max_length=60, db_index=True)
    parent = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor = models.CharField(max_length=20, blank=True)
    confidence = models.CharField(max_length=12)
    note = models.TextField(blank=True)


class Place(models.Model):
    """A post. Positions are degrees WGS 84 and not surveyed: `precision_km` says how far off."""

    id = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=120)
    type = models.CharField(max_length=40)
    province = models.CharField(max_length=80)
    regency = models.CharField(max_length=80, blank=True)
    district = models.CharField(max_length=80, blank=True)
    neighbour = models.CharField(max_length=3, blank=True)
    counterpart = models.CharField(max_length=160, blank=True)
    zone = models.CharField(max_length=40)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    precision_km = models.FloatField(null=True)
    opening_hours = models.CharField(max_length=80, blank=True)
    opening_confidence = models.CharField(max_length=12, blank=True)
    status = models.CharField(max_length=120, blank=True)


class Officer(AbstractUser):
    """A person who logs in. What he may do stands in his mandates, never here."""

    number = models.CharField(max_length=30, unique=True)
    language = models.CharField(max_length=2, default="id")
    # A short code for changing user at a counter where he has logged in in full that day.
    pin_hash = models.CharField(max_length=128, blank=True)
    # Until when a password holds that somebody else has set; its owner must change it at once.
    temporary_until = models.DateTimeField(null=True)
    # Where he has come in by password lately, as keyed hashes with their day.
    came_from = models.JSONField(default=dict)

    def check_password(self, raw_password: str | None) -> bool:
        """True for his password; a temporary one whose time is over is none."""
        right = super().check_password(raw_password)
        return right and (self.temporary_until is None or timezone.now() < self.temporary_until)


class Mandate(models.Model):
    """What an officer may do for an agency, where, and between which days.

    Without a place it holds at every post of the agency. `given_by` proposed it, `approved_by` is
    the second person: empty for what was given at set-up, or before two were asked for.
    """

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="mandates")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True)
    role = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    given_by = models.CharField(max_length=40, blank=True)
    approved_by = models.CharField(max_length=40, blank=True)


class Proposal(models.Model):
    """What would open powers to an officer, until a second person decides; decided ones are history.

    `act` is `mandate` (with the columns of a mandate) or `account` (to switch his account on again).
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="proposals")
    act = models.CharField(max_length=10)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True)
    role = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    proposed_by = models.CharField(max_length=40)
    # The agency for which the proposer acted: one of the two must be of the mandate's own.
    proposer_agency = models.CharField(max_length=20)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="proposal_state")]


class LoginTry(models.Model):
    """A login that has not succeeded, for an hour: how often a name was tried, and from where.

    Both are keyed hashes: of a name that nobody bears nothing is kept either.
    """

    name = models.CharField(max_length=40)
    place = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "at"], name="login_try_name")]


class LegalRow(models.Model):
    """A legal value with its days, citation and confidence; an edit adds a row and ends the old one."""

    id = models.CharField(max_length=80, primary_key=True)
    topic = models.CharField(max_length=80, db_index=True)
    selector = models.JSONField(default=dict)
    value = models.JSONField()
    unit = models.CharField(max_length=120, blank=True)
    citation = models.TextField()
    source = models.TextField(blank=True)
    confidence = models.CharField(max_length=12)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    note = models.TextField(blank=True)


class Roll(models.Model):
    """A list of persons, things or documents, kept apart from every other list.

    `direction` is where it may match (exit, entry, both); `subject` what it holds (persons,
    documents); `version` grows with each import; `rule` names the finding that a match makes.
    """

    code = models.CharField(max_length=40, primary_key=True)
    label_id = models.CharField(max_length=160)
    label_en = models.CharField(max_length=160)
    direction = models.CharField(max_length=8, default="both")
    subject = models.CharField(max_length=12, default="persons")
    authority = models.CharField(max_length=80, blank=True)
    never_matches_citizens = models.BooleanField(default=False)
    legal_basis = models.TextField(blank=True)
    confidence = models.CharField(max_length=12, default="unchecked")
    version = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField(null=True)


class Listing(models.Model):
    """One entry of a list. `data` holds names, birth dates, countries and documents as the list gave them.

    `since` is when it came in force here as it stands; `stamp` is the position of the lists' cursor
    at its last change, by which a process takes over only what changed.
    """

    roll = models.ForeignKey(Roll, on_delete=models.CASCADE, related_name="listings")
    entity_id = models.CharField(max_length=120)
    schema = models.CharField(max_length=40)
    data = models.JSONField()
    number = models.CharField(max_length=80, blank=True)
    direction = models.CharField(max_length=8, blank=True)
    authority = models.CharField(max_length=120, blank=True)
    legal_basis = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    removed_at = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)
    stamp = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll", "entity_id"], name="one_entry_per_list")
        ]
        indexes = [models.Index(fields=["stamp"], name="listing_stamp")]


class Agreement(models.Model):
    """What one agency gives another, as data: it compiles to clauses. Empty clauses give nothing."""

    code = models.CharField(max_length=60, primary_key=True)
    title_id = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    giver = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="gives")
    taker = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="takes")
    purpose = models.CharField(max_length=30)
    legal_basis = models.TextField(blank=True)
    clauses = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
