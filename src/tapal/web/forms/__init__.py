"""Forms built from a pydantic model and its marks: no form knows any kind."""

from tapal.web.forms.plan import Entry, Field, Group, fields_of, first_to_fill, plan
from tapal.web.forms.read import added_rows, answers, check

__all__ = [
    "Entry",
    "Field",
    "Group",
    "added_rows",
    "answers",
    "check",
    "fields_of",
    "first_to_fill",
    "plan",
]
