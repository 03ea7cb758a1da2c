"""Who may see production, and who may record deliveries."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("export.production:read")]
MayWrite = Annotated[Actor, allow("export.production:write")]
