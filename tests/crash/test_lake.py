"""Kill -9 at random moments of building and compacting the lake: it still equals the store."""

from __future__ import annotations

import pytest

from tests.crash.test_crash import POSTGRES, SEED, run

pytestmark = pytest.mark.crash

KILLS = 60


@pytest.mark.skipif(POSTGRES, reason="the lake's files are the same whatever the database")
def test_the_lake_equals_the_store_after_kills() -> None:
    told = run("lake_killing", "--seed", SEED, "--kills", str(KILLS))
    assert told["problems"] == []
    assert told["kills"] >= KILLS and told["records"] > 100
