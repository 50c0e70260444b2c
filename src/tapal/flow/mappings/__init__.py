"""Saved mappings: drafted, tried on a file, put in force by a second person, ended."""

from tapal.flow.mappings.life import (
    APPROVE,
    EDIT,
    Given,
    approve,
    complaints,
    draft,
    end,
    found,
    may_edit,
    may_end,
    next_version,
    save_draft,
    visible,
    why_not,
)
from tapal.flow.mappings.trial import MOST_AT_DESK, Trial, dry_run, preview, try_draft

__all__ = [
    "APPROVE",
    "EDIT",
    "MOST_AT_DESK",
    "Given",
    "Trial",
    "approve",
    "complaints",
    "draft",
    "dry_run",
    "end",
    "found",
    "may_edit",
    "may_end",
    "next_version",
    "preview",
    "save_draft",
    "try_draft",
    "visible",
    "why_not",
]
