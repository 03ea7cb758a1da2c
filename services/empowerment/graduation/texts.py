"""The sentence that tells a family, and who decides on it, why a criterion passes or not."""

from decimal import Decimal

from pydantic import JsonValue

from kernel.problems import Language, Text
from services.empowerment.graduation.criteria import CriterionName
from services.empowerment.graduation.readiness import Readiness, Reason

SENTENCES = {
    CriterionName.PAID_INCOME: Text(
        id="Upah terbayar rata-rata {seen} per bulan dalam tiga bulan; diperlukan {wanted}.",
        en="Pay averages {seen} a month over three months; {wanted} is wanted.",
    ),
    CriterionName.PAID_MONTHS: Text(
        id="Upah terbayar dalam {seen} bulan dari dua belas bulan terakhir; diperlukan {wanted}.",
        en="Pay was received in {seen} of the last twelve months; {wanted} are wanted.",
    ),
    CriterionName.QUALITY: Text(
        id="Bagian hasil yang lolos mutu {seen}; diperlukan {wanted}.",
        en="The share of pieces that passed quality control is {seen}; {wanted} is wanted.",
    ),
    CriterionName.TRAINING: Text(
        id="Pelatihan yang lulus: {seen}; diperlukan {wanted}.",
        en="Trainings passed: {seen}; {wanted} wanted.",
    ),
    CriterionName.GROUP: Text(
        id="Keanggotaan kelompok yang aktif: {seen}; diperlukan {wanted}.",
        en="Membership of a working group: {seen}; {wanted} wanted.",
    ),
    CriterionName.DECILE: Text(
        id="Desil DTSEN terakhir {seen}; diperlukan paling rendah {wanted}.",
        en="The latest DTSEN decile is {seen}; at least {wanted} is wanted.",
    ),
    CriterionName.VERIFIED_INCOME: Text(
        id="Upah dan penghasilan lain yang terverifikasi {seen} per bulan; diperlukan {wanted}.",
        en="Pay and verified further income come to {seen} a month; {wanted} is wanted.",
    ),
}
STANDS_IN = Text(
    id=" Terpenuhi oleh penghasilan lain yang terverifikasi.",
    en=" Met by verified further income.",
)
UNKNOWN = Text(id="belum ada data", en="not known yet")
IN_RUPIAH = frozenset({CriterionName.PAID_INCOME, CriterionName.VERIFIED_INCOME})


def sentence(reason: Reason, language: Language) -> str:
    """Return the reason in words."""
    values = {
        "seen": _value(reason, reason.seen, language),
        "wanted": _value(reason, reason.wanted, language),
    }
    told = SENTENCES[reason.criterion].to(language, values)
    return told + STANDS_IN.to(language, {}) if reason.met_by else told


def _value(reason: Reason, value: Decimal | None, language: Language) -> str:
    if value is None:
        return UNKNOWN.to(language, {})
    if reason.criterion in IN_RUPIAH:
        return f"IDR {value:,.0f}" if language == "en" else f"Rp {value:,.0f}".replace(",", ".")
    plain = format(value.normalize(), "f")
    return plain if language == "en" else plain.replace(".", ",")


def tell(readiness: Readiness, language: Language) -> dict[str, JsonValue]:
    """Return a readiness as JSON, each reason with its sentence."""
    told: dict[str, JsonValue] = readiness.model_dump(mode="json", exclude={"reasons"})
    told["reasons"] = [
        {**reason.model_dump(mode="json"), "text": sentence(reason, language)}
        for reason in readiness.reasons
    ]
    return told
