"""The institutions with what they became, as the reading door needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tapal.core.clauses import OUTSIDE_ROLES
from tapal.store.models import Agency


@dataclass(frozen=True, slots=True)
class Agencies:
    """The institutions with what they became."""

    roles: Mapping[str, str]
    mine: Mapping[str, frozenset[str]]

    def owners(self, code: str) -> frozenset[str]:
        """The agency's own code and those of agencies that have become it by now."""
        return self.mine.get(code, frozenset({code}))

    def outside(self, code: str) -> bool:
        """True for another state's agencies, partners, and those that deal with them."""
        words = self.roles.get(code, "").replace(",", " ").split()
        return code not in self.roles or not OUTSIDE_ROLES.isdisjoint(words)


def read_agencies(day: date) -> Agencies:
    """The institutions as they are on a day: who has become whom."""
    rows = {a.code: a for a in Agency.objects.all()}
    mine: dict[str, set[str]] = {code: {code} for code in rows}
    for code in rows:
        heir, seen = code, {code}
        # A name still in use, or one to end later, has no heir yet.
        while (row := rows.get(heir)) and row.successor and row.valid_to and row.valid_to < day:
            heir = row.successor
            if heir in seen or heir not in rows:
                break
            seen.add(heir)
            mine[heir].add(code)
    return Agencies(
        {code: a.role for code, a in rows.items()},
        {code: frozenset(codes) for code, codes in mine.items()},
    )
