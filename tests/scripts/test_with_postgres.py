"""The cluster for tests gives the application a role that row-level security can hold."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from scripts.with_postgres import newest_server
from tests.architecture.sources import ROOT

SCRIPT = str(ROOT / "scripts/with_postgres.py")


@pytest.mark.pg
@pytest.mark.django_db
def test_the_application_is_no_superuser_and_under_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchall() == [(False, False, False)]


@pytest.mark.pg
def test_the_commands_exit_code_is_handed_on() -> None:
    if newest_server() is None:
        pytest.skip("the database under test is not of this machine's own server")
    done = subprocess.run([sys.executable, SCRIPT, "--", sys.executable, "-c", "exit(7)"])
    assert done.returncode == 7


def test_without_a_command_it_says_how_it_is_used() -> None:
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True)
    assert done.returncode == 2
    assert "with_postgres.py -- COMMAND" in done.stderr


def test_without_a_server_it_says_so_and_is_content() -> None:
    hide = "import scripts.with_postgres as w; w.newest_server = lambda: None; exit(w.main())"
    command = [sys.executable, "-c", hide, "--", "false"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environ)
    assert (done.returncode, done.stdout[:7]) == (0, "SKIPPED")
