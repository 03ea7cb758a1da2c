"""Who may ask by the DCI standard, and who may say which systems do."""

from typing import Annotated

from kernel.auth import Actor, allow
from services.registry.agency import allow_agency

MaySearch = Annotated[Actor, allow("registry.dci:search")]
MayCheckEnrolment = Annotated[Actor, allow("registry.dci:enrolled")]
MayReadSenders = Annotated[Actor, allow_agency("registry.senders:read")]
MayWriteSenders = Annotated[Actor, allow_agency("registry.senders:write")]
MayApproveSenders = Annotated[Actor, allow_agency("registry.senders:approve")]
