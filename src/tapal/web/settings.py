"""Django's settings, all from the environment: see docs/operators.md for each `TAPAL_` name."""

from __future__ import annotations

import os
from pathlib import Path

from tapal.web.config import databases, home, secret_key

HERE = Path(__file__).resolve().parent

TAPAL_HOME = home()
TAPAL_NODE = os.environ.get("TAPAL_NODE", "node-1")
SECRET_KEY = secret_key(TAPAL_HOME)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("TAPAL_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]

DATABASES = databases(TAPAL_HOME)
DATABASE_ROUTERS = ["tapal.store.router.Router"]
# Shared by all processes: what allauth counts is counted here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(TAPAL_HOME / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "tapal.store",
    "tapal.web",
]
MIDDLEWARE = [
    "tapal.web.api.edges.ApiEdges",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tapal.web.middleware.PageHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tapal.web.middleware.Language",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tapal.web.middleware.AtTheDesk",
]
ROOT_URLCONF = "tapal.web.urls"
WSGI_APPLICATION = "tapal.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours before allauth's: every page speaks both languages.
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "tapal.web.templatetags.case_words",
                "tapal.web.templatetags.desk",
                "tapal.web.templatetags.procedure_words",
                "tapal.web.templatetags.profile_words",
                "tapal.web.templatetags.words",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tapal.web.page.context",
            ],
        },
    }
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
# Served from the package as built; addresses carry the content's hash (see `asset`).
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 30 * 24 * 3600

# --- who may come in ---------------------------------------------------------------------

AUTH_USER_MODEL = "store.Officer"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "queue"
ACCOUNT_ADAPTER = "tapal.web.accounts.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    # Wrong codes of the second step, by account; wrong passwords are counted by `flow.logins`.
    "login_failed": "5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tapal"

SECURE = os.environ.get("TAPAL_TLS", "") == "1"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tapal.web.pages.account.stale_form"
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("TAPAL_ORIGINS", "").split(",") if o]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
# The proxy that serves TLS names the address it saw, last of the list.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0
# Told to browsers in answers over TLS alone: a year in which they come by no other way.
SECURE_HSTS_SECONDS = int(os.environ.get("TAPAL_HSTS_SECONDS", "31536000")) if SECURE else 0
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
FILE_UPLOAD_TEMP_DIR = None
# Files of cases: the largest that is taken, and the program that looks at each, its exit code 0 for
# clean and 1 for refused, as clamdscan has it. Without one they stay marked as not scanned.
TAPAL_ATTACHMENT_MB = int(os.environ.get("TAPAL_ATTACHMENT_MB", "20"))
# Another boundary than the packaged one: GeoJSON lines (see docs/operators.md).
TAPAL_BOUNDARY = os.environ.get("TAPAL_BOUNDARY", "")
TAPAL_SCAN_COMMAND = os.environ.get("TAPAL_SCAN_COMMAND", "")
SILENCED_SYSTEM_CHECKS: list[str] = []

# Letters say only that there is something to read. Without a server they lie in a folder of the home.
EMAIL_HOST = os.environ.get("TAPAL_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("TAPAL_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("TAPAL_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("TAPAL_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("TAPAL_MAIL_TLS", "") == "1"
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = str(TAPAL_HOME / "letters")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("TAPAL_MAIL_FROM", "tapal@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("TAPAL_LOG", "WARNING")},
    # Django's own would try to send mail; its troubles go to the standard error like ours.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
