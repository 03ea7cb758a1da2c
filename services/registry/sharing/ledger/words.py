"""A reading in a sentence that a family understands."""

from kernel import clock
from kernel.problems import Language, Text
from services.registry.sharing.ledger.models import Access

READ = Text(
    id="{day}: {organisation} membaca {fields} keluarga Anda untuk tujuan {purpose}, {basis}.",
    en="{day}: {organisation} read your family's {fields} for the purpose {purpose}, {basis}.",
)
AGREED = Text(
    id="berdasarkan perjanjian {agreement_id} (ketentuan {terms})",
    en="under the agreement {agreement_id} (terms {terms})",
)
OWN_DUTY = Text(id="sebagai pengelola data", en="as the keeper of the registry")


def sentence(access: Access, *, language: Language) -> str:
    """Return who read what of the family, when, for what, and by which right."""
    basis = AGREED if access.agreement_id else OWN_DUTY
    told = {
        "day": access.at.astimezone(clock.JAKARTA).strftime("%Y-%m-%d %H:%M WIB"),
        "organisation": access.organisation,
        "fields": ", ".join(access.fields),
        "purpose": access.purpose,
        "agreement_id": access.agreement_id,
        "terms": access.terms,
    }
    return READ.to(language, {**told, "basis": basis.to(language, told)})
