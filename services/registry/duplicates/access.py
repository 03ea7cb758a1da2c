"""Who may see pairs that may be one family, deal with them, and confirm or undo a merge."""

from typing import Annotated

from kernel.auth import Actor
from services.registry.agency import allow_at_home

MayRead = Annotated[Actor, allow_at_home("registry.duplicates:read")]
MayWrite = Annotated[Actor, allow_at_home("registry.duplicates:write")]
MayApprove = Annotated[Actor, allow_at_home("registry.duplicates:approve")]
