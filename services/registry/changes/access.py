"""Who may ask for changes, decide about them, and set the rules."""

from typing import Annotated

from kernel.auth import Actor
from services.registry.agency import allow_at_home

MayRead = Annotated[Actor, allow_at_home("registry.changes:read")]
MayWrite = Annotated[Actor, allow_at_home("registry.changes:write")]
MayApprove = Annotated[Actor, allow_at_home("registry.changes:approve")]
MaySetRules = Annotated[Actor, allow_at_home("registry.change-policies:write")]
