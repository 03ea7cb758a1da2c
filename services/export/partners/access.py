"""Who may read and change partners and their contracts."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("export.partners:read")]
MayWrite = Annotated[Actor, allow("export.partners:write")]
