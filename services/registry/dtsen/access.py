"""Who may open and fill a delivery of BPS, and who decides that it is complete."""

from typing import Annotated

from kernel.auth import Actor
from services.registry.agency import allow_at_home

MayRead = Annotated[Actor, allow_at_home("registry.welfare:read")]
MayWrite = Annotated[Actor, allow_at_home("registry.welfare:write")]
MayApprove = Annotated[Actor, allow_at_home("registry.welfare:approve")]
