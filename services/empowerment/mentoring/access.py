"""Who may read and make visits."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("empowerment.mentoring:read")]
MayWrite = Annotated[Actor, allow("empowerment.mentoring:write")]
