"""Who may read and change families."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("registry.households:read")]
MayWrite = Annotated[Actor, allow("registry.households:write")]
