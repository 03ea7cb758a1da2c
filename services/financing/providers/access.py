"""Who may keep lenders and their products."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("financing.providers:read")]
MayWrite = Annotated[Actor, allow("financing.providers:write")]
