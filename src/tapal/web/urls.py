"""The addresses of the desk, in the language of the house."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path

from tapal.web.pages import account as own
from tapal.web.pages import queue, switch

handler404 = "tapal.web.pages.account.not_found"

# Only what an officer needs: no sign-up, no e-mail, no reset by himself.
COMING_IN: list[URLPattern] = [
    path("masuk/", account.login, name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("tidak-aktif/", account.account_inactive, name="account_inactive"),
    path("pastikan/", account.reauthenticate, name="account_reauthenticate"),
    path("sandi/", account.password_change, name="account_change_password"),
    path("dua-langkah/", mfa.index, name="mfa_index"),
    path("dua-langkah/kode/", mfa.authenticate, name="mfa_authenticate"),
    path("dua-langkah/pastikan/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("dua-langkah/pasang/", totp.activate_totp, name="mfa_activate_totp"),
    path("dua-langkah/lepas/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("dua-langkah/cadangan/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "dua-langkah/cadangan/baru/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "dua-langkah/cadangan/unduh/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]

AT_THE_DESK: list[URLPattern] = [
    path("", queue.show, name="queue"),
    path("bahasa/", own.choose_language, name="language"),
    path("tampilan/", own.choose_theme, name="theme"),
    path("akun/", own.show, name="account"),
    path("tempat/", own.choose_seat, name="seats"),
    path("ganti/", switch.show, name="switch"),
    path("pin/", switch.set_own_pin, name="pin"),
    path("strip/", own.strip, name="strip"),
]

urlpatterns = [*COMING_IN, *AT_THE_DESK]
