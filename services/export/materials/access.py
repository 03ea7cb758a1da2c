"""Who may see raw material, and who may move it."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("export.materials:read")]
MayWrite = Annotated[Actor, allow("export.materials:write")]
