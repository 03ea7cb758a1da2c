"""Who may read and change families."""

from typing import Annotated

from kernel.auth import Actor
from services.registry.agency import allow_at_home

MayRead = Annotated[Actor, allow_at_home("registry.households:read")]
MayWrite = Annotated[Actor, allow_at_home("registry.households:write")]
