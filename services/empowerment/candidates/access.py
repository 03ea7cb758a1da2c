"""Who may read the families that this service knows."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("empowerment.candidates:read")]
