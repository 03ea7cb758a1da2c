"""Who may read and change products."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("export.products:read")]
MayWrite = Annotated[Actor, allow("export.products:write")]
