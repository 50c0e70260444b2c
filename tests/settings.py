"""The node's own settings, on a home that lasts as long as this test process."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="tapal-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["TAPAL_HOME"] = _home

# After the home is named: these settings make it and read its key.
from tapal.web.settings import *  # noqa: E402, F403

# Officers are made by the hundred; how passwords are kept is Django's own affair.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
