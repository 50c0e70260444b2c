"""The addresses of the desk, in the language of the house."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, path

from tapal.web.api import api
from tapal.web.pages import account as own
from tapal.web.pages import (
    alerts,
    counter,
    figures,
    intake,
    law,
    lists,
    machine,
    paper,
    people,
    procedures,
    profiles,
    queue,
    record,
    rejects,
    runs,
    search,
    sharing,
    shift,
    switch,
    tasks,
)

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
    path("akun/kunci/", own.token, name="token"),
    path("tempat/", own.choose_seat, name="seats"),
    path("ganti/", switch.show, name="switch"),
    path("pin/", switch.set_own_pin, name="pin"),
    path("strip/", own.strip, name="strip"),
]

ROOMS: list[URLPattern] = [
    path("loket/", counter.show, name="counter"),
    path("loket/<uuid:record_id>/", counter.answer, name="counter_answer"),
    path("loket/formulir/<slug:kind>/<slug:name>/", counter.typed, name="counter_form"),
    path("berkas/<uuid:record_id>/", record.show, name="record"),
    path("berkas/<uuid:record_id>/tindakan/<slug:name>/", record.act, name="act"),
    path("berkas/<uuid:record_id>/batal/", record.undo, name="undo"),
    path("berkas/<uuid:record_id>/nilai/", record.settle, name="settle"),
    path("berkas/<uuid:record_id>/pembawa/", record.bearer, name="bearer"),
    path("berkas/<uuid:record_id>/dilihat/", record.looks, name="looks"),
    path("berkas/<uuid:record_id>/cetak/", paper.record, name="print"),
    path("berkas/<uuid:record_id>/lembar/<slug:name>/", paper.sheet, name="sheet"),
    path("peringatan/", alerts.listed, name="alerts"),
    path("peringatan/<uuid:alert_id>/", alerts.show, name="alert"),
    path("peringatan/<uuid:alert_id>/pegang/", alerts.take, name="alert_take"),
    path("peringatan/<uuid:alert_id>/tutup/", alerts.close, name="alert_close"),
    path("peringatan/<uuid:alert_id>/buka/", alerts.reopen, name="alert_reopen"),
    path("tugas/", tasks.listed, name="tasks"),
    path("tugas/<uuid:task_id>/", tasks.show, name="task"),
    path("tugas/<uuid:task_id>/selesai/", tasks.answer, name="task_answer"),
    path("tugas/<uuid:task_id>/serahkan/", tasks.assign, name="task_assign"),
    path("prosedur/", procedures.listed, name="procedures"),
    path("prosedur/<uuid:procedure_id>/", procedures.show, name="procedure"),
    path("prosedur/<uuid:procedure_id>/bagan/", procedures.diagram, name="procedure_diagram"),
    path("prosedur/<uuid:procedure_id>/gambar/", procedures.draw, name="procedure_draw"),
    path("prosedur/<uuid:procedure_id>/naskah/", procedures.printed, name="procedure_text"),
    path("prosedur/<uuid:procedure_id>/ajukan/", procedures.propose, name="procedure_propose"),
    path("prosedur/<uuid:procedure_id>/sahkan/", procedures.sign, name="procedure_sign"),
    path("prosedur/jalan/<uuid:run_id>/", runs.show, name="run"),
    path("prosedur/jalan/<uuid:run_id>/tunda/", runs.suspend, name="run_suspend"),
    path("prosedur/jalan/<uuid:run_id>/lanjut/", runs.resume, name="run_resume"),
    path("profil/", profiles.listed, name="profiles"),
    path("profil/baru/", profiles.new, name="profile_new"),
    path("profil/<uuid:profile_id>/", profiles.show, name="profile"),
    path("profil/<uuid:profile_id>/ubah/", profiles.edit, name="profile_edit"),
    path("profil/<uuid:profile_id>/baris/", profiles.rows, name="profile_rows"),
    path("profil/<uuid:profile_id>/versi/", profiles.next_version, name="profile_next"),
    path("profil/<uuid:profile_id>/uji/", profiles.dry_run, name="profile_try"),
    path("profil/<uuid:profile_id>/berlakukan/", profiles.approve, name="profile_approve"),
    path("profil/<uuid:profile_id>/akhiri/", profiles.end, name="profile_end"),
    path("profil/<uuid:profile_id>/mengapa/<uuid:record_id>/", profiles.why, name="profile_why"),
    path("cari/", search.show, name="search"),
    path("angka/", figures.show, name="figures"),
    path("angka/perbarui/", figures.refresh, name="figures_refresh"),
    path("angka/mingguan/<str:name>", figures.sheet, name="figures_sheet"),
    path("angka/<slug:name>.<slug:form>", figures.download, name="figures_file"),
    path("kiriman/", intake.show, name="intake"),
    path("ditolak/", rejects.listed, name="rejects"),
    path("ditolak/<uuid:reject_id>/", rejects.show, name="reject"),
    path("ditolak/<uuid:reject_id>/perbaiki/", rejects.mend, name="reject_mend"),
    path("ditolak/<uuid:reject_id>/ulang/", rejects.replay, name="reject_replay"),
    path("ditolak/<uuid:reject_id>/tutup/", rejects.dismiss, name="reject_dismiss"),
    path("serah-terima/", shift.show, name="shift"),
    path("serah-terima/terima/", shift.accept, name="shift_accept"),
    path("daftar/", lists.show, name="lists"),
    path("aturan/", law.listed, name="law"),
    path("aturan/<path:row_id>/", law.show, name="law_row"),
    path("berbagi/", sharing.show, name="sharing"),
    path("berbagi/dilihat/", sharing.log, name="access_log"),
    path("berbagi/baru/", sharing.new, name="agreement_new"),
    path("berbagi/<str:code>/cabut/", sharing.revoke, name="agreement_revoke"),
    path("orang/", people.listed, name="people"),
    path("orang/baru/", people.new, name="officer_new"),
    path("orang/<str:number>/", people.show, name="officer"),
    path("orang/<str:number>/mandat/<int:mandate>/akhiri/", people.end, name="mandate_end"),
    path("orang/<str:number>/nonaktif/", people.switch_off, name="officer_off"),
    path("orang/<str:number>/aktif/", people.propose_return, name="officer_return"),
    path("orang/<str:number>/sandi/", people.password, name="officer_password"),
    path("orang/usul/<uuid:proposal>/setujui/", people.approve, name="proposal_approve"),
    path("orang/usul/<uuid:proposal>/tolak/", people.decline, name="proposal_decline"),
    path("pos/", people.posts_page, name="posts"),
    path("mesin/", machine.show, name="machine"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *COMING_IN,
    *AT_THE_DESK,
    *ROOMS,
    path("api/v1/", api.urls),
]
