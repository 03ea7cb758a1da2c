"""Who may see the figures of this service."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("platform.summary:read")]
