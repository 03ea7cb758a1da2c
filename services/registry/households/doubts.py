"""Doubts about a registration, in words; they ask for another look and refuse nobody."""

from kernel.problems import Text
from services.registry.households.identity_numbers import Doubt, doubts_about_kk, doubts_about_nik
from services.registry.households.models import Warned
from services.registry.households.registration import HouseholdIn, MemberIn
from services.registry.regions.models import kabupaten_of

WORDS = {
    Doubt.NIK_DATE_IMPOSSIBLE: Text(
        id="Tanggal di dalam NIK tidak mungkin; periksa dengan KTP.",
        en="The date inside the NIK is impossible; compare it with the identity card.",
    ),
    Doubt.NIK_BIRTH_DATE_DIFFERS: Text(
        id="Tanggal lahir di dalam NIK berbeda dari yang dicatat.",
        en="The birth date inside the NIK differs from the one recorded.",
    ),
    Doubt.NIK_SEX_DIFFERS: Text(
        id="Jenis kelamin di dalam NIK berbeda dari yang dicatat.",
        en="The sex inside the NIK differs from the one recorded.",
    ),
    Doubt.NIK_REGION_DIFFERS: Text(
        id="NIK dikeluarkan kabupaten lain; wajar bila anggota ini pernah pindah.",
        en="The NIK was issued in another kabupaten; usual where this member has moved.",
    ),
    Doubt.NIK_IN_ANOTHER_FAMILY: Text(
        id="NIK ini juga tercatat pada keluarga lain yang belum ditutup; perbarui salah satunya.",
        en="This NIK is also in another family that is not closed; bring one of them up to date.",
    ),
    Doubt.KK_DATE_IMPOSSIBLE: Text(
        id="Tanggal terbit di dalam nomor KK tidak mungkin.",
        en="The issue date inside the KK number is impossible.",
    ),
    Doubt.KK_REGION_DIFFERS: Text(
        id="Nomor KK dikeluarkan kabupaten lain dari desa yang dicatat.",
        en="The KK number was issued in another kabupaten than the desa recorded.",
    ),
    Doubt.BORN_AFTER_REGISTRATION: Text(
        id="Anggota ini lahir setelah tanggal pendaftaran.",
        en="This member was born after the day of registration.",
    ),
}


def about(family: HouseholdIn, *, known_elsewhere: set[int]) -> list[Warned]:
    """Return every doubt; `known_elsewhere`: positions of members whom another family names."""
    kabupaten = kabupaten_of(family.desa_code)
    found = [
        Warned(code=doubt, pointer="/kk_number")
        for doubt in doubts_about_kk(family.kk_number, kabupaten=kabupaten)
    ]
    for position, member in enumerate(family.members):
        found += _about_member(member, position=position, family=family)
        if position in known_elsewhere:
            found.append(_at(position, "nik", Doubt.NIK_IN_ANOTHER_FAMILY))
    return found


def _about_member(member: MemberIn, *, position: int, family: HouseholdIn) -> list[Warned]:
    found = [
        _at(position, "nik", doubt)
        for doubt in doubts_about_nik(
            member.nik,
            birth_date=member.birth_date,
            precision=member.birth_precision,
            sex=member.sex,
            kabupaten=kabupaten_of(family.desa_code),
        )
    ]
    if member.birth_date > family.registered_on:
        found.append(_at(position, "birth_date", Doubt.BORN_AFTER_REGISTRATION))
    return found


def _at(position: int, field: str, doubt: Doubt) -> Warned:
    return Warned(code=doubt, pointer=f"/members/{position}/{field}")
