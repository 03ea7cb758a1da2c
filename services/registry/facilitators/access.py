"""Who may read the pendamping and their caseloads, and change them."""

from typing import Annotated

from kernel.auth import Actor
from services.registry.agency import allow_at_home

MayRead = Annotated[Actor, allow_at_home("registry.facilitators:read")]
MayWrite = Annotated[Actor, allow_at_home("registry.facilitators:write")]
