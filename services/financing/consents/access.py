"""Who may record what a family allows."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("financing.consents:read")]
MayWrite = Annotated[Actor, allow("financing.consents:write")]
