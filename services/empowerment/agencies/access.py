"""Who may read and write agencies and agreements."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("empowerment.agencies:read")]
MayWrite = Annotated[Actor, allow("empowerment.agencies:write")]
