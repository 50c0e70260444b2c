"""A day at the border: message files as real agencies send them, with problems planted in them.

`simulate` writes them, `score` holds what was found against what was planted.
"""

from tapal.simulation.plan import START, Plan, simulate
from tapal.simulation.score import Found, Line, Score, score

__all__ = ["START", "Found", "Line", "Plan", "Score", "score", "simulate"]
