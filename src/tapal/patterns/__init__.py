"""Pure rules across kinds: what two agencies' statements say together. They speak of keys, never of kinds."""

from __future__ import annotations

from tapal.core.rules import Rule
from tapal.patterns.same_vehicle import vehicle_of_troubled_consignment

PATTERNS: tuple[Rule, ...] = (vehicle_of_troubled_consignment,)
