"""The desk as `tapal serve` runs it: a part of the web server that can be ended from its first moment on."""

from __future__ import annotations

import os
import signal

from tapal.web.server import end_with_parent

# The server's own handlers, which this process has from it, only note that somebody asked: while the
# desk is imported nobody would look.
for _asked in (signal.SIGTERM, signal.SIGINT):
    signal.signal(_asked, signal.SIG_DFL)
end_with_parent(os.getppid())

from tapal.web.wsgi import application  # noqa: E402

__all__ = ["application"]
