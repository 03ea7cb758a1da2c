"""Who may read the pendamping and their caseloads, and change them."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("registry.facilitators:read")]
MayWrite = Annotated[Actor, allow("registry.facilitators:write")]
