"""Who may ask whether a family receives aid."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("registry.assistance:read")]
