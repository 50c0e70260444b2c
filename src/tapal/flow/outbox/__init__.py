"""Notices of what changed, by webhook and by e-mail: written from the log, sent by the worker, never lost."""

from tapal.flow.outbox.sender import Sender
from tapal.flow.outbox.sending import retry, send_due
from tapal.flow.outbox.subscribing import Wish, end, secret_of, subscribe, turn_secret
from tapal.flow.outbox.writing import write_notices

__all__ = [
    "Sender",
    "Wish",
    "end",
    "retry",
    "secret_of",
    "send_due",
    "subscribe",
    "turn_secret",
    "write_notices",
]
