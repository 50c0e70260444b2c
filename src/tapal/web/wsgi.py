"""The desk as a WSGI application: `granian --interface wsgi tapal.web.wsgi:application`."""

from __future__ import annotations

import os
from threading import Event, Thread

from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapal.web.settings")

_desk = get_wsgi_application()

# They know the models, which are ready by now.
from tapal.flow import listed  # noqa: E402
from tapal.web.bodies import whole_bodies  # noqa: E402

application = whole_bodies(_desk)

FIRST_PAGE_SECONDS = 3.0
_answered = Event()
request_finished.connect(lambda **_: _answered.set(), weak=False, dispatch_uid="tapal.lists")


def _load_lists() -> None:
    """After the first page, or when nobody asks for one: a scan is answered at once, and no login waits."""
    _answered.wait(FIRST_PAGE_SECONDS)
    try:
        listed.make_ready()
    finally:
        connections.close_all()


Thread(target=_load_lists, name="lists", daemon=True).start()
