"""Who may read and record deciles."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("registry.welfare:read")]
MayWrite = Annotated[Actor, allow("registry.welfare:write")]
