"""Messages that are taken now and read by the worker: for many files at once."""

from __future__ import annotations

from tapal.flow.recognise import HandIn
from tapal.flow.take import take
from tapal.store.models import Message

# The state of a message that was left to the worker.
QUEUED = "queued"


def hand_in_later(data: bytes, given: HandIn) -> Message:
    """Keep a message safe and leave its reading to the worker. Raises BadHandIn as `take` does."""
    message = take(data, given)
    # A crash between the two leaves it unread, and the worker finds it all the same, only later.
    fresh = Message.objects.filter(pk=message.pk, state="stored", position=0)
    if fresh.update(state=QUEUED):
        message.state = QUEUED
    return message
