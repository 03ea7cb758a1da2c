"""What touches a family and the evidence of its income."""

from kernel.auth import Actor
from kernel.db import UnitOfWork
from services.empowerment.candidates import queries as candidates
from services.empowerment.evidence import queries
from services.empowerment.evidence.models import IncomeVerification
from services.empowerment.evidence.problems import DocumentUsed


async def verify(uow: UnitOfWork, verification: IncomeVerification, *, actor: Actor) -> None:
    """Keep what an officer found; raises CandidateNotFound, DocumentUsed."""
    await candidates.get(uow.session, verification.household_id, actor=actor)
    document = verification.document_number
    if await queries.find_verification(uow.session, document):
        raise DocumentUsed(document_number=document)
    uow.add(verification)
