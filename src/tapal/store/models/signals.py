"""Early warning: each agency's lists of alarms, and the versions of the setting that makes them."""

from __future__ import annotations

from django.db import models

from tapal.core.ids import uuid7
from tapal.store.models.reference import Agency


class SignalList(models.Model):
    """One list: an agency's alarms of one period, as of the lake's event `position`.

    `alarms` holds each alarm with its sentences, its series' numbers, what was counted (scopes,
    posts, fields) and the alert that it opened or joined; where fixed rules speak it names their
    rows, and has no chance when they alone do. `ruled` says how many answers those gave, and how many
    could not be given. A list made again replaces the old one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=8)
    until = models.DateField()
    made_at = models.DateTimeField()
    position = models.PositiveBigIntegerField()
    setting = models.JSONField()
    units = models.PositiveIntegerField()
    series = models.PositiveIntegerField()
    unjudged = models.PositiveIntegerField()
    ruled = models.JSONField(default=dict)
    alarms = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "period", "until"], name="one_signal_list")
        ]


class SignalSetting(models.Model):
    """One version of how an agency's lists are made: proposed, tried on history, in force, or over.

    It alters which alerts open, so that a second person puts it in force. `outbreaks` are windows
    of outbreaks that the proposer knows of; `tried` holds what the
    backtest found, by period; `trouble` why it could not be made.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="draft")
    level = models.FloatField()
    within = models.FloatField()
    reason = models.TextField()
    proposed_by = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    outbreaks = models.JSONField(default=list)
    tried = models.JSONField(default=dict)
    tried_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "version"], name="one_signal_setting_once"),
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(state="in_force"),
                name="one_signal_setting_in_force",
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(state="draft"),
                name="one_signal_setting_proposed",
            ),
        ]
