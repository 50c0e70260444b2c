"""Lists: drafted from files, compared with what is in force, put in force by a second person."""

from tapal.flow.lists.reading import SHAPES, Shape
from tapal.flow.lists.versions import (
    ADDED,
    APPROVE,
    CHANGED,
    EDIT,
    REMOVED,
    Imported,
    decline,
    draft,
    found,
    import_list,
    may_see,
    publish,
    reason_of,
    versions_of,
    why_not,
)

__all__ = [
    "ADDED",
    "APPROVE",
    "CHANGED",
    "EDIT",
    "REMOVED",
    "SHAPES",
    "Imported",
    "Shape",
    "decline",
    "draft",
    "found",
    "import_list",
    "may_see",
    "publish",
    "reason_of",
    "versions_of",
    "why_not",
]
