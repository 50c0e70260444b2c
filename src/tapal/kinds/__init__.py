"""The one table of kinds: a new domain is one folder here and one line below."""

from __future__ import annotations

from collections.abc import Mapping

from tapal.core.kind import Kind
from tapal.kinds.crossing import CROSSING
from tapal.kinds.phyto import PHYTO

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (CROSSING, PHYTO)}
