"""Who may read aid, and start or end it."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("registry.assistance:read")]
MayWrite = Annotated[Actor, allow("registry.assistance:write")]
