"""Run a command against a PostgreSQL cluster of its own, made for it and removed after it.

    python scripts/with_postgres.py -- COMMAND [ARGUMENT ...]

The cluster lies in a temporary folder and listens on a free port of the loopback address.
The server refuses to run as root, so a root caller starts it as `postgres` or `nobody`.
The command gets TAPAL_DATABASE_URL for an application role that is no superuser but may
create databases, as the test runner must. Without a server the command is not run: that is
said on standard output and the exit code is 0.
"""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

APPLICATION = "tapal_app"
OWNER = "tapal_owner"


@dataclass(frozen=True)
class Cluster:
    """A cluster's programs, folder, port and the system user it runs as (None: the caller)."""

    bin: Path
    folder: Path
    port: int
    user: str | None

    def run(self, program: str, *arguments: str, sql: str | None = None) -> None:
        """Run one of the server's programs as the cluster's user; its output shows on failure."""
        command = [str(self.bin / program), *arguments]
        if self.user is not None:
            command = ["setpriv", *self._identity(), "--", *command]
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        log = self.folder / "setup.log"
        # A file, not a pipe: the server inherits it and would hold a pipe open for ever.
        with log.open("wb") as out:
            done = subprocess.run(
                command,
                input=sql.encode() if sql is not None else b"",
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environ,
                cwd=self.folder,
            )
        if done.returncode:
            sys.stderr.write(log.read_text(errors="replace"))
            raise SystemExit(f"with_postgres: {program} failed with code {done.returncode}")

    def _identity(self) -> list[str]:
        entry = pwd.getpwnam(self.user or "nobody")
        return [f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]


def newest_server() -> Path | None:
    """The folder of the newest installed server's programs, or None."""
    found = [
        folder
        for base in ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")
        for folder in (*Path(base).glob("*/bin"), Path(base) / "bin")
        if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    if found:
        return max(found, key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder))])
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def server_user() -> str | None:
    """Whom a root caller runs the server as; None where the caller is not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise SystemExit("with_postgres: neither user postgres nor nobody exists")


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def cluster(bin_folder: Path) -> Iterator[str]:
    """A running cluster; gives the database URL of the application's role."""
    folder = Path(tempfile.mkdtemp(prefix="tapal-pg-"))
    user = server_user()
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    server = Cluster(bin=bin_folder, folder=folder, port=free_port(), user=user)
    data = str(folder / "data")
    try:
        server.run(
            "initdb",
            *("-D", data, "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"),
        )
        options = f"-c listen_addresses=127.0.0.1 -c port={server.port} -c timezone=UTC"
        sockets = f"-c unix_socket_directories={folder}"
        log = str(folder / "server.log")
        server.run("pg_ctl", "-D", data, "-w", "-l", log, "-o", f"{options} {sockets}", "start")
        try:
            yield application_role(server)
        finally:
            server.run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def application_role(server: Cluster) -> str:
    """Create the application's role and database; gives their URL."""
    password = secrets.token_hex(16)
    # pg_trgm is a trusted extension: the owner of a database may create it.
    sql = (
        f"CREATE ROLE {APPLICATION} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB PASSWORD '{password}';"
        f"\nCREATE DATABASE tapal OWNER {APPLICATION} ENCODING 'UTF8' TEMPLATE template0;\n"
    )
    where = ("-h", "127.0.0.1", "-p", str(server.port), "-U", OWNER, "-d", "postgres")
    server.run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *where, sql=sql)
    return f"postgresql://{APPLICATION}:{password}@127.0.0.1:{server.port}/tapal"


def main() -> int:
    """Run the command given after `--`; its exit code is this program's."""
    if len(sys.argv) < 3 or sys.argv[1] != "--":
        print("usage: with_postgres.py -- COMMAND [ARGUMENT ...]", file=sys.stderr)
        return 2
    found = newest_server()
    if found is None:
        print("SKIPPED: no PostgreSQL server on this machine (Debian: apt-get install postgresql)")
        return 0
    # A caller that ends this program must not leave the server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster(found) as url:
        print(f"PostgreSQL from {found}, application role {APPLICATION}", flush=True)
        environ = os.environ | {"TAPAL_DATABASE_URL": url}
        return subprocess.run(sys.argv[2:], env=environ).returncode


if __name__ == "__main__":
    sys.exit(main())
