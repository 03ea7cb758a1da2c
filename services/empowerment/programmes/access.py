"""Who may read and run programmes."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("empowerment.programmes:read")]
MayWrite = Annotated[Actor, allow("empowerment.programmes:write")]
