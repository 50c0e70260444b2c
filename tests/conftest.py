"""What every test may use: the shared reference data, a home of its own, and the marks."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.db import connections

# How fast a busy machine makes inputs is no property of the code.
hypothesis.settings.register_profile(
    "tapal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("tapal")

ROOT = Path(__file__).resolve().parent.parent

# A test that runs on both databases: `make test-pg` takes these beside those marked `pg`.
ROAD = ("tests/store", "tests/flow")


def skip_reason(item: pytest.Item) -> str | None:
    """Why this machine or target does not run the test, or None where it does."""
    postgres = os.environ.get("TAPAL_DATABASE_URL", "").startswith("postgres")
    if item.get_closest_marker("pg") and not postgres:
        return "needs PostgreSQL: make test-pg"
    if item.get_closest_marker("crash") and not os.environ.get("TAPAL_CRASH"):
        return "kills processes: make test-crash"
    if item.get_closest_marker("browser") and not os.environ.get("TAPAL_BROWSER"):
        return "drives a browser: make test-browser"
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the road's tests, and skip visibly what belongs to another target.

    First among the plugins: `-m` must already see the mark.
    """
    for item in items:
        where = item.path.relative_to(ROOT).as_posix()
        if where.startswith(ROAD):
            item.add_marker("road")
        if reason := skip_reason(item):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared reference data: TAPAL_SHARED, or ../shared beside the checkout."""
    folder = Path(os.environ.get("TAPAL_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip("no shared reference data: set TAPAL_SHARED")
    return folder


@pytest.fixture
def tapal_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty TAPAL_HOME of this test's own."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("TAPAL_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program: TAPAL_CHROMIUM, or the one on PATH."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("TAPAL_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("no Chromium: Debian's package is chromium")
    return found


@pytest.fixture(scope="session")
def axe() -> str:
    """The source text of axe-core, to be run in a page."""
    script = ROOT / "node_modules/axe-core/axe.min.js"
    if not script.is_file():
        pytest.skip("no axe-core: make assets")
    return script.read_text()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """On PostgreSQL two connections share the test database: both are closed before it is dropped."""
    yield
    connections.close_all()
