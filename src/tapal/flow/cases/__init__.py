"""Cases changed: each act checks, writes the line of the timeline and its event, in one transaction.

What an officer may not see is Missing to him. In a sealed case whatever he may not do is Missing too,
so that a refusal leaves no trace that tells of it.
"""

from tapal.flow.cases.attachments import attach, fetch
from tapal.flow.cases.entries import add_item, open_with, restore, take_out, write
from tapal.flow.cases.life import close, open_case, reopen, seal
from tapal.flow.cases.members import accept, add_member, decline, end_member, offer, withdraw

__all__ = [
    "accept",
    "add_item",
    "add_member",
    "attach",
    "close",
    "decline",
    "end_member",
    "fetch",
    "offer",
    "open_case",
    "open_with",
    "reopen",
    "restore",
    "seal",
    "take_out",
    "withdraw",
    "write",
]
