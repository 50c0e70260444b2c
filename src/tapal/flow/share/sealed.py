"""Cursors that tell nothing: enciphered, authenticated, and different each time they are given.

The log's numbers count what others did. A reader who could read them, or see whether they moved,
would learn how much happened that he may not see.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os

from django.utils.crypto import salted_hmac

from tapal.core.errors import Rejected
from tapal.core.text import Text

_NONCE, _TAG, _NUMBER = 16, 16, 8


def seal(number: int, *, of: str) -> str:
    """A cursor for a number of the log; `of` names the list and its reader."""
    nonce = os.urandom(_NONCE)
    hidden = _mixed(number.to_bytes(_NUMBER, "big"), nonce, of)
    return base64.urlsafe_b64encode(nonce + hidden + _tag(nonce + hidden, of)).decode().rstrip("=")


def unseal(token: str, *, of: str) -> int:
    """The number that `seal` hid. Raises Rejected for a changed cursor, or another reader's."""
    try:
        raw = base64.b64decode(token.encode() + b"=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    body, tag = raw[: _NONCE + _NUMBER], raw[_NONCE + _NUMBER :]
    if len(raw) != _NONCE + _NUMBER + _TAG or not hmac.compare_digest(tag, _tag(body, of)):
        raise Rejected(
            Text("Penanda ini tidak dikenal.", "This cursor is not known."),
            Text("Mulai lagi tanpa penanda.", "Start again without one."),
            place="cursor",
        )
    return int.from_bytes(_mixed(body[_NONCE:], body[:_NONCE], of), "big")


def _mixed(number: bytes, nonce: bytes, of: str) -> bytes:
    """The number under a pad that is used once: a keyed hash of the nonce."""
    pad = hmac.digest(_key("pad", of), nonce, hashlib.sha256)
    return bytes(a ^ b for a, b in zip(number, pad, strict=False))


def _tag(body: bytes, of: str) -> bytes:
    return hmac.digest(_key("tag", of), body, hashlib.sha256)[:_TAG]


def _key(what: str, of: str) -> bytes:
    return salted_hmac(f"tapal.feed.{what}", of, algorithm="sha256").digest()
