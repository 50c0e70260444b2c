"""The desk as a WSGI application: `granian --interface wsgi tapal.web.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tapal.web.settings")

from tapal.web.bodies import whole_bodies  # it reads the settings named above

application = whole_bodies(get_wsgi_application())
