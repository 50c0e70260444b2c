"""What a mandate lets an officer do: roles, their powers, and how far up they may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tapal.core.marking import Sensitivity
from tapal.core.text import Text

# Reading one's own agency's records, and what agreements give it.
READ = "record.read"
# Reading what is marked CONFIDENTIAL, and what is marked WITHHELD.
READ_CONFIDENTIAL = "confidential.read"
READ_WITHHELD = "protection.read"
# Seeing every agency's rows without personal fields, for the purpose of oversight only.
OVERSEE = "oversight.read"
READ_ACCESS = "access.read"
# Asking the named questions of statistics: counts, never a person.
READ_STATISTICS = "statistics.read"
READ_REJECTS = "reject.read"
# Whoever hands out tasks sees all of his agency's.
ASSIGN_TASKS = "task.assign"
EDIT_AGREEMENTS = "agreement.edit"
EDIT_OFFICERS = "officer.edit"
EDIT_MANDATES = "mandate.edit"
# Seeing his agency's cases and those of which he is a member; opening them and adding to them;
# deciding about them: members, hand-over, end.
READ_CASES = "case.read"
WRITE_CASES = "case.write"
LEAD_CASES = "case.lead"


@dataclass(frozen=True, slots=True)
class Role:
    """A role with the powers that a mandate in it gives."""

    code: str
    label: Text
    powers: frozenset[str]


def powers_of_roles(codes: Iterable[str], roles: Mapping[str, Role]) -> frozenset[str]:
    """All powers of some roles together; an unknown role gives none."""
    return frozenset(p for code in codes if code in roles for p in roles[code].powers)


def level(powers: frozenset[str]) -> Sensitivity:
    """The highest level that these powers read."""
    if READ_WITHHELD in powers:
        return Sensitivity.WITHHELD
    return Sensitivity.CONFIDENTIAL if READ_CONFIDENTIAL in powers else Sensitivity.RESTRICTED
