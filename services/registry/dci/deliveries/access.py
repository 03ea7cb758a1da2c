"""Who may see how callbacks fare, and send one again."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("registry.dci-deliveries:read")]
MayWrite = Annotated[Actor, allow("registry.dci-deliveries:write")]
