"""Who may read imports, upload files, and decide about them."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("registry.imports:read")]
MayWrite = Annotated[Actor, allow("registry.imports:write")]
MayApprove = Annotated[Actor, allow("registry.imports:approve")]
