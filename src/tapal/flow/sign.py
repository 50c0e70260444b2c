"""A sign of this node's health, as `tapal check` and the machine's page tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tapal.core.text import Text

NO_MEND = Text("", "")
Grade = Literal["good", "soon", "bad"]


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of health: its name, what was seen, how good that is, and what to do about it."""

    name: Text
    seen: str
    grade: Grade
    mend: Text = NO_MEND
