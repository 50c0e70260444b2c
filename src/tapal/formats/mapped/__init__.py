"""Tables of other systems brought in by a saved mapping: columns to the marked fields of a kind."""

from tapal.formats.mapped.check import Wrong, check, fields_of, targets
from tapal.formats.mapped.reader import format_of, is_heading
from tapal.formats.mapped.suggest import suggest
from tapal.formats.mapped.table import (
    IGNORED,
    MAX_COLUMNS,
    MAX_CONSTANTS,
    NUMBER,
    POST,
    Column,
    Mapping,
    plain,
)

__all__ = [
    "IGNORED",
    "MAX_COLUMNS",
    "MAX_CONSTANTS",
    "NUMBER",
    "POST",
    "Column",
    "Mapping",
    "Wrong",
    "check",
    "fields_of",
    "format_of",
    "is_heading",
    "plain",
    "suggest",
    "targets",
]
