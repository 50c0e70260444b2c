"""The catalogue of events: every change of the store is one of these, and each says what is personal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tapal.core.text import Text


@dataclass(frozen=True, slots=True)
class EventType:
    """One sort of change. `personal` are the content's keys that tell of a person and can be erased."""

    name: str
    label: Text
    personal: tuple[str, ...] = ()


def _catalogue(*types: EventType) -> Mapping[str, EventType]:
    return {each.name: each for each in types}


EVENT_TYPES: Mapping[str, EventType] = _catalogue(
    EventType("message.received", Text("kiriman diterima", "message received")),
    EventType("message.read", Text("kiriman selesai dibaca", "message read")),
    EventType("record.received", Text("catatan diterima", "record received"), ("body",)),
    EventType("record.revised", Text("catatan diperbarui", "record revised"), ("values", "before")),
    EventType("reject.made", Text("bagian kiriman ditolak", "part of a message rejected")),
    EventType("reject.mended", Text("tolakan diperbaiki", "reject mended")),
    EventType("reject.dismissed", Text("tolakan ditutup", "reject dismissed"), ("note",)),
    EventType("link.judged", Text("kaitan dinilai", "link judged"), ("evidence",)),
    EventType("link.undone", Text("kaitan dibatalkan", "link undone")),
    EventType("match.cleared", Text("kemiripan disingkirkan", "match cleared"), ("evidence",)),
    EventType("alert.opened", Text("peringatan dibuka", "alert opened")),
    EventType("alert.joined", Text("peringatan berulang", "alert repeated")),
    EventType("alert.taken", Text("peringatan diambil", "alert taken")),
    EventType("alert.let_go", Text("peringatan dilepas", "alert let go")),
    EventType("alert.closed", Text("peringatan ditutup", "alert closed"), ("reason",)),
    EventType("alert.reopened", Text("peringatan dibuka lagi", "alert reopened"), ("reason",)),
    EventType("task.opened", Text("tugas dibuka", "task opened"), ("text",)),
    EventType("task.closed", Text("tugas selesai", "task closed"), ("answer",)),
    EventType("task.reopened", Text("tugas dibuka lagi", "task reopened")),
    EventType("task.assigned", Text("tugas diserahkan", "task assigned")),
    EventType("procedure.saved", Text("prosedur disimpan", "procedure saved")),
    EventType("procedure.proposed", Text("prosedur diajukan", "procedure put forward")),
    EventType("procedure.signed", Text("prosedur ditandatangani", "procedure signed")),
    EventType("procedure.in_force", Text("prosedur berlaku", "procedure in force")),
    EventType("profile.saved", Text("profil risiko disimpan", "risk profile saved")),
    EventType("profile.tried", Text("profil risiko diuji", "risk profile tried on history")),
    EventType("profile.approved", Text("profil risiko diberlakukan", "risk profile in force")),
    EventType("profile.ended", Text("profil risiko diakhiri", "risk profile ended"), ("reason",)),
    EventType("mapping.saved", Text("pemetaan disimpan", "mapping saved")),
    EventType("mapping.approved", Text("pemetaan diberlakukan", "mapping in force")),
    EventType("mapping.ended", Text("pemetaan diakhiri", "mapping ended"), ("reason",)),
    EventType("signal_list.made", Text("daftar peringatan dini dibuat", "early-warning list made")),
    EventType(
        "signal_setting.proposed",
        Text("setelan peringatan dini diusulkan", "early-warning setting proposed"),
        ("reason",),
    ),
    EventType(
        "signal_setting.tried",
        Text("setelan peringatan dini diuji", "early-warning setting tried on history"),
    ),
    EventType(
        "signal_setting.in_force",
        Text("setelan peringatan dini berlaku", "early-warning setting in force"),
    ),
    EventType(
        "signal_setting.declined",
        Text("setelan peringatan dini ditolak", "early-warning setting declined"),
        ("reason",),
    ),
    EventType("run.started", Text("prosedur dimulai", "procedure started")),
    EventType("run.moved", Text("prosedur berjalan", "procedure went on"), ("answers",)),
    EventType("run.taken_back", Text("jawaban prosedur ditarik", "answer taken back")),
    EventType("run.migrated", Text("prosedur dipindah versi", "procedure moved to a version")),
    EventType("run.ended", Text("prosedur selesai", "procedure ended")),
    EventType("run.suspended", Text("prosedur ditunda", "procedure suspended"), ("note",)),
    EventType("run.resumed", Text("prosedur dilanjutkan", "procedure resumed")),
    EventType("run.stuck", Text("prosedur macet", "procedure stuck")),
    EventType("conflict.found", Text("dua nilai bertentangan", "conflicting values"), ("values",)),
    EventType("document.issued", Text("surat bernomor terbit", "numbered paper issued")),
    EventType("list.drafted", Text("versi daftar disusun", "version of a list drafted")),
    EventType("list.imported", Text("versi daftar berlaku", "version of a list in force")),
    EventType("list.declined", Text("versi daftar tidak dipakai", "version of a list declined")),
    EventType("threshold.drafted", Text("ambang diusulkan", "threshold drafted")),
    EventType("threshold.in_force", Text("ambang berlaku", "threshold in force")),
    EventType("threshold.ended", Text("ambang tidak dipakai", "threshold ended or declined")),
    EventType("pack.made", Text("paket daftar dibuat", "pack of lists made")),
    EventType("pack.opened", Text("paket daftar dibuka", "pack of lists opened")),
    EventType("pack.revoked", Text("paket daftar dicabut", "pack of lists revoked")),
    EventType("pack.trusted", Text("pembuat paket dipercaya", "maker of packs trusted")),
    EventType("notice.subscribed", Text("pemberitahuan dipasang", "notices set up"), ("target",)),
    EventType("notice.ended", Text("pemberitahuan diakhiri", "notices ended")),
    EventType("notice.dead", Text("pemberitahuan tidak terkirim", "notice not delivered")),
    EventType(
        "notice.secret_turned", Text("rahasia pemberitahuan diganti", "notices' secret turned")
    ),
    EventType("notice.retried", Text("pemberitahuan dikirim ulang", "notice sent again by hand")),
    EventType("reply.made", Text("pengirim dijawab", "sender answered")),
    EventType("agreement.saved", Text("perjanjian disimpan", "agreement saved")),
    EventType("agreement.revoked", Text("perjanjian dicabut", "agreement revoked")),
    EventType("officer.saved", Text("petugas disimpan", "officer saved"), ("name",)),
    EventType("officer.pin_set", Text("PIN petugas diganti", "officer's PIN set")),
    EventType("officer.logged_in", Text("petugas masuk", "officer logged in")),
    EventType("officer.login_refused", Text("percobaan masuk ditolak", "login refused")),
    EventType("officer.password_reset", Text("kata sandi sementara diberikan", "password reset")),
    EventType("officer.password_changed", Text("kata sandi diganti", "password changed")),
    EventType("officer.key_given", Text("kunci program dibuat", "key for a program made")),
    EventType("officer.key_ended", Text("kunci program diakhiri", "key for a program ended")),
    EventType("proposal.made", Text("usul wewenang diajukan", "powers proposed")),
    EventType("proposal.approved", Text("usul wewenang disetujui", "proposed powers approved")),
    EventType(
        "proposal.declined",
        Text("usul wewenang ditolak", "proposed powers declined"),
        ("reason",),
    ),
    EventType("mandate.given", Text("mandat diberikan", "mandate given")),
    EventType("mandate.ended", Text("mandat berakhir", "mandate ended")),
    EventType("place.saved", Text("pos disimpan", "post saved")),
    EventType("legal_row.saved", Text("nilai hukum disimpan", "legal value saved")),
    EventType("shift.handed_over", Text("regu diserahterimakan", "shift handed over"), ("note",)),
    EventType("shift.accepted", Text("serah terima diterima", "hand-over accepted")),
    EventType("case.opened", Text("perkara dibuka", "case opened"), ("title",)),
    EventType("case.sealed", Text("perkara disegel", "case sealed")),
    EventType("case.added", Text("perkara ditambah", "added to a case"), ("ref", "text", "name")),
    EventType("case.removed", Text("dikeluarkan dari perkara", "removed from a case")),
    EventType("case.restored", Text("dikembalikan ke perkara", "restored to a case")),
    EventType("case.scanned", Text("lampiran dipindai", "attachment scanned")),
    EventType("case.member_added", Text("anggota perkara ditambah", "case member added")),
    EventType("case.member_ended", Text("anggota perkara keluar", "case member left")),
    EventType("case.offered", Text("perkara ditawarkan", "case offered"), ("text",)),
    EventType("case.withdrawn", Text("tawaran perkara ditarik", "offer withdrawn"), ("text",)),
    EventType("case.declined", Text("tawaran perkara ditolak", "offer declined"), ("text",)),
    EventType("case.handed_over", Text("perkara diambil alih", "case taken over")),
    EventType("case.closed", Text("perkara ditutup", "case closed"), ("text",)),
    EventType("case.reopened", Text("perkara dibuka lagi", "case reopened"), ("text",)),
    EventType("content.erased", Text("isi dihapus menurut hukum", "content lawfully erased")),
)
