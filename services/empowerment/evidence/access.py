"""Who may see and bring evidence: those who work on graduations."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("empowerment.graduation:read")]
MayWrite = Annotated[Actor, allow("empowerment.graduation:write")]
