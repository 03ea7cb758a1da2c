"""What of a family another organisation may be shown, by the names that agreements use."""

from enum import StrEnum


class SharedField(StrEnum):
    """A field of a shared family; `subject_token` is always given, for it tells nothing."""

    SUBJECT_TOKEN = "subject_token"  # noqa: S105 - the name of a field, not a password
    HOUSEHOLD_ID = "household_id"
    KK_NUMBER = "kk_number"
    NIK = "nik"
    NAME = "name"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    BIRTH_YEAR = "birth_year"
    RELATION = "relation"
    ADDRESS = "address"
    PHONE = "phone"
    DESA_CODE = "desa_code"
    KABUPATEN_CODE = "kabupaten_code"
    DECILE = "decile"
    STATUS = "status"
    GROUP_SIZE = "group_size"
    MEMBERS = "members"
    LIVELIHOOD = "livelihood"
    PROGRAMMES = "programmes"
    REGISTERED_ON = "registered_on"
    DISABILITY = "disability"
    EDUCATION = "education"
    MARITAL_STATUS = "marital_status"
    LAST_UPDATED = "last_updated"


ALL = frozenset(SharedField)
MASKED = frozenset({SharedField.NIK, SharedField.KK_NUMBER, SharedField.PHONE})
"""Fields shown masked unless the agreement gives them in full to a caller with `pii:read`."""

CHILDS_YEARS = 18
"""Under this age all data of a person is specific personal data (UU PDP 27/2022, article 4)."""
