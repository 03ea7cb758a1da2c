"""Who may read imports, upload files, and decide about them."""

from typing import Annotated

from kernel.auth import Actor
from services.registry.agency import allow_at_home

MayRead = Annotated[Actor, allow_at_home("registry.imports:read")]
MayWrite = Annotated[Actor, allow_at_home("registry.imports:write")]
MayApprove = Annotated[Actor, allow_at_home("registry.imports:approve")]
