"""Who may ask for a proposal to even out caseloads, and who decides about it."""

from typing import Annotated

from kernel.auth import Actor
from services.registry.agency import allow_at_home

MayRead = Annotated[Actor, allow_at_home("registry.facilitators:read")]
MayWrite = Annotated[Actor, allow_at_home("registry.facilitators:write")]
MayApprove = Annotated[Actor, allow_at_home("registry.facilitators:approve")]
