"""Who may read aid, and start or end it."""

from typing import Annotated

from kernel.auth import Actor
from services.registry.agency import allow_at_home

MayRead = Annotated[Actor, allow_at_home("registry.assistance:read")]
MayWrite = Annotated[Actor, allow_at_home("registry.assistance:write")]
