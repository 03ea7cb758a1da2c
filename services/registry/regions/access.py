"""Who may read the regions."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("registry.regions:read")]
