"""The web server as a process of its own, which ends with who started it: `python -m tapal.web.server`."""

from __future__ import annotations

import os
import signal
import sys
import time
from threading import Thread

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

KILL_SECONDS = 10
_LOOK_SECONDS = 0.5


def end_with_parent(parent: int) -> None:
    """End this process when that one is gone: a desk whose watcher was killed would keep the port."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(KILL_SECONDS)
        os._exit(1)

    Thread(target=look, name="parent", daemon=True).start()


def main(host: str, port: int, threads: int) -> None:
    """Serve the desk until SIGTERM or SIGINT."""
    end_with_parent(os.getppid())
    Granian(
        "tapal.web.watched:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        websockets=False,
        # Its warning on the number of threads is no news to an operator.
        log_level=LogLevels.error,
        workers_kill_timeout=KILL_SECONDS,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
