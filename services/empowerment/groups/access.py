"""Who may read and run groups."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("empowerment.groups:read")]
MayWrite = Annotated[Actor, allow("empowerment.groups:write")]
