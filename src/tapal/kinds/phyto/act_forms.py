"""What each act must name: its ground, its findings, its details."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from tapal.core.text import Text
from tapal.kinds.phyto import words
from tapal.kinds.phyto.marks import goods, paper
from tapal.kinds.phyto.quarantine import Pest

Result = Literal["free", "pest_found", "documents_only", "laboratory"]


class Answers(BaseModel):
    """What an officer fills in; blanks at the ends of texts are not part of them."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class InspectionAnswers(Answers):
    """An inspection's result and the pests that it found."""

    result: Annotated[Result, goods("Hasil", "Result", words.RESULTS)]
    method: Annotated[str | None, goods("Cara pemeriksaan", "Method")] = None
    sampled: Annotated[str | None, goods("Jumlah contoh", "Sample")] = None
    laboratory: Annotated[str | None, goods("Laboratorium", "Laboratory")] = None
    remarks: Annotated[str | None, paper("Catatan", "Remarks")] = None
    pests: Annotated[list[Pest] | None, Text("OPT yang ditemukan", "Pests found")] = None


class PlainAnswers(Answers):
    """Where, how and until when an isolation or an observation is done."""

    details: Annotated[str, paper("Tempat, cara, lama", "Place, manner, duration")]


class TreatmentAnswers(Answers):
    """What was done to the goods, and with what success."""

    details: Annotated[
        str, paper("Cara, bahan, dosis, suhu, lama", "Manner, agent, dose, temperature, duration")
    ]
    success: Annotated[bool, goods("Berhasil: OPT tidak hidup lagi", "Success: no live pest left")]


class HoldAnswers(Answers):
    """Why the goods are held and what is missing."""

    ground: Annotated[
        Literal["documents_missing", "laboratory"], paper("Dasar", "Ground", words.HOLD_GROUNDS)
    ]
    details: Annotated[str, paper("Dokumen yang kurang", "What is missing")]


class RefusalAnswers(Answers):
    """Why the goods are refused."""

    ground: Annotated[
        Literal["documents_not_completed", "pest_not_treatable", "prohibited", "rotten"],
        paper("Dasar", "Ground", words.REFUSAL_GROUNDS),
    ]
    details: Annotated[str, paper("Alasan", "Reason")]


class DestructionAnswers(Answers):
    """Why the goods are destroyed, and how."""

    ground: Annotated[
        Literal["not_taken_out", "pest_not_treatable", "rotten"],
        paper("Dasar", "Ground", words.DESTRUCTION_GROUNDS),
    ]
    details: Annotated[str, paper("Cara, tempat, saksi", "Manner, place, witnesses")]


class ReleaseAnswers(Answers):
    """What the officer adds to a release."""

    details: Annotated[str | None, paper("Catatan", "Remarks")] = None


class ReasonedRelease(Answers):
    """Why goods are released although something alerts, or a list that was not read names their pest."""

    details: Annotated[
        str,
        StringConstraints(min_length=5),
        paper("Alasan dibebaskan", "Why they are released"),
    ]
