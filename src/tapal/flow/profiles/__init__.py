"""Risk profiles: drafted, tried on history, put in force by a second person, decided by, ended."""

from tapal.flow.profiles.dry_run import DAYS, ask, count, newest, pairs, step, why
from tapal.flow.profiles.fields import bounds, fields_of, longest_life
from tapal.flow.profiles.life import (
    APPROVE,
    EDIT,
    Given,
    approve,
    draft,
    end,
    expire,
    found,
    may_edit,
    may_end,
    may_see,
    next_version,
    save_draft,
    tried,
    visible,
    why_not,
)
from tapal.flow.profiles.live import CURSOR, judge
from tapal.flow.profiles.seeds import FILE, seed

__all__ = [
    "APPROVE",
    "CURSOR",
    "DAYS",
    "EDIT",
    "FILE",
    "Given",
    "approve",
    "ask",
    "bounds",
    "count",
    "draft",
    "end",
    "expire",
    "fields_of",
    "found",
    "judge",
    "longest_life",
    "may_edit",
    "may_end",
    "may_see",
    "newest",
    "next_version",
    "pairs",
    "save_draft",
    "seed",
    "step",
    "tried",
    "visible",
    "why",
    "why_not",
]
