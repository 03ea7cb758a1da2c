"""Who may agree on sharing, read what is shared, and see who read it."""

from typing import Annotated

from kernel.auth import Actor, allow
from services.registry.agency import allow_agency

MayRead = Annotated[Actor, allow("registry.sharing:read")]
MayReadOurs = Annotated[Actor, allow_agency("registry.sharing:read")]
MayWrite = Annotated[Actor, allow_agency("registry.sharing:write")]
MayApprove = Annotated[Actor, allow_agency("registry.sharing:approve")]
MayReadShared = Annotated[Actor, allow("registry.shared:read")]
MayReadLedger = Annotated[Actor, allow("registry.ledger:read")]
MaySeeIdentity = Annotated[Actor, allow_agency("pii:read")]
