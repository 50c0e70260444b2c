"""The same home and the same kind as the road's tests have."""

from tests.flow.conftest import home, owner, parcels

__all__ = ["home", "owner", "parcels"]
