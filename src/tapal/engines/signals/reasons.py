"""Why a point has no bound or no result, said to a person."""

from tapal.core.text import Text
from tapal.engines.signals.series import Reason

REASONS: dict[Reason, Text] = {
    Reason.NONE: Text("", ""),
    Reason.FEW_CASES: Text(
        id="Kasus terlalu sedikit untuk peringatan.", en="Too few cases for an alarm."
    ),
    Reason.NOT_REPORTED: Text(
        id="Tidak ada laporan untuk periode ini.", en="Nothing was reported for this period."
    ),
    Reason.SHORT_PAST: Text(
        id="Riwayat belum cukup panjang untuk metode ini.",
        en="The past does not reach back as far as the method looks.",
    ),
    Reason.EMPTY_PAST: Text(
        id="Tidak ada laporan pada masa pembanding.",
        en="Nothing was reported in the past that is compared with.",
    ),
    Reason.NO_FREEDOM: Text(
        id="Laporan pembanding terlalu sedikit untuk menaksir sebaran.",
        en="Too few reported values to estimate how widely they scatter.",
    ),
    Reason.NOT_CONVERGED: Text(
        id="Perhitungan model tidak mencapai hasil yang tetap.",
        en="The model's fit did not converge.",
    ),
    Reason.NO_POPULATION: Text(
        id="Jumlah pembagi (penduduk, pelintas, kiriman) tidak ada atau nol.",
        en="The denominator (population, travellers, consignments) is missing or zero.",
    ),
    Reason.NOT_FINITE: Text(
        id="Batasnya bukan bilangan yang dapat dipakai.", en="The bound is no usable number."
    ),
    Reason.PERIODS_TOO_MANY: Text(
        id="Jumlah musim tidak muat dalam setahun.",
        en="The number of periods does not fit into a year.",
    ),
    Reason.BAD_PARAMETER: Text(
        id="Metode ini tidak mengenal parameter atau nilai itu.",
        en="The method has no such parameter, or not with that value.",
    ),
    Reason.NO_METHOD: Text(
        id="Tidak ada metode dengan nama itu.", en="There is no method of that name."
    ),
    Reason.NO_SERIES: Text(
        id="Deret atau titik waktunya tidak ada.",
        en="The series is not there, or the points lie outside it.",
    ),
    Reason.NO_REFERENCE_DAY: Text(
        id="Kalender tidak memuat hari pembanding pada tahun sebelumnya.",
        en="The calendar does not hold the day that is looked for in an earlier year.",
    ),
    Reason.NOT_WEEKLY: Text(
        id="Metode ini hanya untuk deret mingguan.", en="The method is for weekly series alone."
    ),
    Reason.FAILED: Text(id="Perhitungan gagal.", en="The computation failed."),
}
