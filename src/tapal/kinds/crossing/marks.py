"""The sorts of field that a crossing has, each with its mark."""

from __future__ import annotations

from collections.abc import Mapping

from tapal.core.marking import ANY_PURPOSE, CHECKS, Mark, Purpose, Sensitivity
from tapal.core.text import Text

Codes = Mapping[str, Text] | None


def movement(id_: str, en: str, codes: Codes = None) -> Mark:
    """What moved where and how: tells of nobody, open to statistics."""
    return Mark(id_, en, Sensitivity.INTERNAL, purposes=ANY_PURPOSE, codes=codes)


def person(id_: str, en: str, codes: Codes = None) -> Mark:
    """Who it was."""
    return Mark(id_, en, Sensitivity.RESTRICTED, personal=True, purposes=CHECKS, codes=codes)


def decision(id_: str, en: str, codes: Codes = None) -> Mark:
    """What an officer decided."""
    return Mark(id_, en, Sensitivity.RESTRICTED, personal=True, purposes=CHECKS, codes=codes)


def withheld(id_: str, en: str, codes: Codes = None) -> Mark:
    """What only the protection officers of the owner may see."""
    who = frozenset({Purpose.PROTECTION})
    return Mark(id_, en, Sensitivity.WITHHELD, personal=True, purposes=who, codes=codes)
