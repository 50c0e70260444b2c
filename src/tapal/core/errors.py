"""Every error that Tapal raises on purpose.

TapalError
 ├─ Rejected     the sender must act: names the place, what was wrong and the mend
 ├─ Denied       nobody granted this look or this act
 ├─ Missing      there is no such thing, or none that the reader may see
 └─ Unavailable  not now: try again
"""

from __future__ import annotations

from tapal.core.text import Text


class TapalError(Exception):
    """Root of the tree."""


class Rejected(TapalError):
    """The sender must act."""

    def __init__(self, reason: Text, mend: Text, *, place: str = "", raw: str = "") -> None:
        super().__init__(f"{place}: {reason.en} {mend.en}".strip())
        self.reason = reason
        self.mend = mend
        self.place = place
        self.raw = raw


class Denied(TapalError):
    """The actor lacks the power or the grant; the message never says what exists.

    `reason` tells him what he may do about it, where that tells of nothing but himself.
    """

    def __init__(self, reason: Text | None = None) -> None:
        super().__init__(reason.en if reason else "")
        self.reason = reason


class Missing(TapalError):
    """No such thing that this reader may see: a hidden and an absent thing answer alike."""


class Unavailable(TapalError):
    """A passing trouble: the same call may succeed later."""
