"""Who may read and run villages, their offers, and the matches between them."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("empowerment.villages:read")]
MayWrite = Annotated[Actor, allow("empowerment.villages:write")]
