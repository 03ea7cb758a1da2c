"""Who may read and change orders."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("export.orders:read")]
MayWrite = Annotated[Actor, allow("export.orders:write")]
MayApprove = Annotated[Actor, allow("export.orders:approve")]
