"""Answers to senders of messages, and the messages whose answer is to be looked at again."""

from __future__ import annotations

from django.db import models

from tapal.core.ids import uuid7
from tapal.store.models.road import Message


class Reply(models.Model):
    """One answer to a message: `states` by place of the item. Its bytes lie in the raw folder.

    A later answer to the same message refers to the `first` one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="replies")
    number = models.CharField(max_length=14, unique=True)
    first = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later")
    states = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)


class ReplyDue(models.Model):
    """A message whose answer may have changed: it is looked at from `at` on, and the row then goes."""

    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, primary_key=True, related_name="reply_due"
    )
    at = models.DateTimeField(db_index=True)
