"""The three sorts of field that a certificate has, each with its mark."""

from __future__ import annotations

from collections.abc import Mapping

from tapal.core.marking import ANY_PURPOSE, Mark, Sensitivity
from tapal.core.text import Text


def goods(id_: str, en: str, codes: Mapping[str, Text] | None = None) -> Mark:
    """What is shipped and where from: open to statistics too."""
    return Mark(id_, en, Sensitivity.INTERNAL, purposes=ANY_PURPOSE, codes=codes)


def paper(id_: str, en: str, codes: Mapping[str, Text] | None = None) -> Mark:
    """What the certificate or the act says of itself."""
    return Mark(id_, en, Sensitivity.INTERNAL, codes=codes)


def party(id_: str, en: str) -> Mark:
    """Who ships, receives or signs: a trader may be a person."""
    return Mark(id_, en, Sensitivity.RESTRICTED, personal=True)
