"""The words of a case: how it ends, what its timeline holds, and how each part is marked."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tapal.core.marking import Mark, Sensitivity
from tapal.core.text import Text

# The name under which agreements open parts of cases, beside the kinds of records.
CASE = "case"
LABEL = Text("Perkara", "Case")
TITLE, NOTES, ATTACHMENTS, OUTCOME = "title", "notes", "attachments", "outcome"


def _mark(said_id: str, said_en: str) -> Mark:
    return Mark(said_id, said_en, Sensitivity.RESTRICTED, personal=True)


# What an agreement may give of a case, to those of its taker's officers who are members of it.
CASE_FIELDS: Mapping[str, Mark] = {
    TITLE: _mark("Judul perkara", "Title of the case"),
    NOTES: _mark("Catatan perkara", "Notes of the case"),
    ATTACHMENTS: _mark("Lampiran perkara", "Attachments of the case"),
    OUTCOME: _mark("Hasil perkara", "Outcome of the case"),
}


class CaseOutcome(StrEnum):
    """How a case ended."""

    RESOLVED = "resolved"
    REFERRED = "referred"
    UNFOUNDED = "unfounded"
    MERGED = "merged"
    MISTAKE = "mistake"

    @property
    def label(self) -> Text:
        return _OUTCOMES[self]


_OUTCOMES = {
    CaseOutcome.RESOLVED: Text("selesai ditangani", "dealt with"),
    CaseOutcome.REFERRED: Text("dilimpahkan ke instansi atau penuntut", "referred on"),
    CaseOutcome.UNFOUNDED: Text("tidak terbukti", "unfounded"),
    CaseOutcome.MERGED: Text("digabung ke perkara lain", "merged into another case"),
    CaseOutcome.MISTAKE: Text("keliru dibuka", "opened by mistake"),
}

# What a case joins: each is shown to a reader only where he may see it without the case.
ITEMS: Mapping[str, Text] = {
    "record": Text("Catatan", "Record"),
    "alert": Text("Peringatan", "Alert"),
    "task": Text("Tugas", "Task"),
    "run": Text("Prosedur", "Procedure"),
    "person": Text("Orang", "Person"),
}
# What its people write.
WORDS: Mapping[str, Text] = {
    "note": Text("Catatan tangan", "Note"),
    "decision": Text("Keputusan", "Decision"),
    "file": Text("Lampiran", "Attachment"),
}
# What happens to the case itself.
STEPS: Mapping[str, Text] = {
    "opened": Text("Dibuka", "Opened"),
    "sealed": Text("Disegel", "Sealed"),
    "member_added": Text("Anggota ditambah", "Member added"),
    "member_ended": Text("Anggota keluar", "Member left"),
    "offered": Text("Ditawarkan", "Offered"),
    "withdrawn": Text("Tawaran ditarik", "Offer withdrawn"),
    "declined": Text("Tawaran ditolak", "Offer declined"),
    "handed_over": Text("Diambil alih", "Taken over"),
    "closed": Text("Ditutup", "Closed"),
    "reopened": Text("Dibuka lagi", "Reopened"),
}
SORTS: Mapping[str, Text] = {**ITEMS, **WORDS, **STEPS}

# Who may read what a member writes: his own agency's people in the case, or all its members as far
# as his agency's agreements give them notes and attachments.
OWN, ALL = "own", "all"
