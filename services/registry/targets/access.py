"""Who may read targets and how far they are reached, and who sets them."""

from typing import Annotated

from kernel.auth import Actor
from services.registry.agency import allow_at_home

MayRead = Annotated[Actor, allow_at_home("registry.facilitators:read")]
MayWrite = Annotated[Actor, allow_at_home("registry.facilitators:write")]
