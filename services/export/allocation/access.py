"""Who may read and change the division of work over groups."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("export.allocation:read")]
MayWrite = Annotated[Actor, allow("export.allocation:write")]
MayApprove = Annotated[Actor, allow("export.allocation:approve")]
