"""Django's settings, all from the environment: see docs/operators.md for each `TAPAL_` name."""

from __future__ import annotations

import os

from tapal.web.config import databases, home, secret_key

TAPAL_HOME = home()
TAPAL_NODE = os.environ.get("TAPAL_NODE", "node-1")
SECRET_KEY = secret_key(TAPAL_HOME)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("TAPAL_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "id"
DATABASES = databases(TAPAL_HOME)
DATABASE_ROUTERS = ["tapal.store.router.Router"]
AUTH_USER_MODEL = "store.Officer"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "tapal.store",
]
