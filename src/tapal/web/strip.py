"""The state of the post, told on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tapal.core.text import Text
from tapal.web.desk import Desk


@dataclass(frozen=True, slots=True)
class Told:
    """One thing about the post: calm, soon (amber) or late (red), always with its words."""

    text: Text
    icon: str
    tone: Literal["calm", "soon", "late"] = "calm"


def state_of_post(desk: Desk) -> Sequence[Told]:
    """What the strip says at this desk."""
    return ()
