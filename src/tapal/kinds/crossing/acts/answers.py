"""What several acts ask of the officer."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from tapal.kinds.crossing.form import Answers
from tapal.kinds.crossing.marks import decision

Said = Annotated[str, StringConstraints(min_length=5, max_length=1000)]


class Reason(Answers):
    """Why, in the officer's words."""

    reason: Annotated[Said, decision("Alasan", "Reason")]


class Nothing(Answers):
    """An act that asks nothing more."""
