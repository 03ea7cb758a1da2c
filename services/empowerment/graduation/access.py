"""Who may see readiness, propose a family, and decide."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("empowerment.graduation:read")]
MayWrite = Annotated[Actor, allow("empowerment.graduation:write")]
MayApprove = Annotated[Actor, allow("empowerment.graduation:approve")]
