"""The desk as a WSGI application: `granian --interface wsgi tapal.web.wsgi:application`."""

from __future__ import annotations

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapal.web.settings")

_desk = get_wsgi_application()

# They know the models, which are ready by now.
from tapal.flow import listed  # noqa: E402
from tapal.web.bodies import whole_bodies  # noqa: E402

application = whole_bodies(_desk)


def _load_lists() -> None:
    """Beside the first pages: a scan is answered at once, and the login need not wait."""
    try:
        listed.make_ready()
    finally:
        connections.close_all()


Thread(target=_load_lists, name="lists", daemon=True).start()
