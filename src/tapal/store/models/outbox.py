"""Who is told of changes by webhook or e-mail, and the notices that wait to be sent."""

from __future__ import annotations

from django.db import models

from tapal.core.ids import uuid7
from tapal.store.models.reference import Agency, Officer
from tapal.store.models.replies import Reply


class Subscription(models.Model):
    """A target that is told of the changes that an account may see, for one purpose.

    `cursor` is how far its notices were written. No secret stands here: it is derived from the node's
    own key and `turn`; until `old_until` the one of the turn before holds as well. After several failures
    in a row nothing is sent to the target before `rests_until`. With a `carrier` (the sender of passenger
    lists, as these name him) it is not told of changes but given the answers to his lists.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(max_length=30)
    channel = models.CharField(max_length=10)
    target = models.CharField(max_length=400)
    types = models.JSONField(default=list)
    turn = models.PositiveIntegerField(default=1)
    old_until = models.DateTimeField(null=True)
    carrier = models.CharField(max_length=80, blank=True)
    cursor = models.CharField(max_length=400)
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Notice(models.Model):
    """One notice: which changes it tells of. Its id is the same however often it is sent.

    `attempts` is the fence: who sends must still find the attempt that he claimed. A `reply` is sent as it
    stands instead of ids. One is void of which nothing may be told any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="notices")
    after = models.CharField(max_length=400)
    upto = models.CharField(max_length=400)
    changes = models.JSONField(default=list)
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, null=True, related_name="notices")
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    tries_left = models.PositiveSmallIntegerField()
    next_at = models.DateTimeField()
    trouble = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "reply"], name="one_notice_per_reply")
        ]
        indexes = [
            models.Index(
                fields=["next_at"], name="notice_due", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["state", "-id"], name="notice_state"),
        ]
