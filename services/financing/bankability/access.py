"""Who may see what the evidence says."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("financing.bankability:read")]
