"""The desk as a WSGI application: `granian --interface wsgi tapal.web.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapal.web.settings")

_desk = get_wsgi_application()

# It knows the API's problems, and by them the models: these are ready by now.
from tapal.web.bodies import whole_bodies  # noqa: E402

application = whole_bodies(_desk)
