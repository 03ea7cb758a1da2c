"""Who may see inspections, who inspects, and who decides on a group's severity."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("export.quality:read")]
MayWrite = Annotated[Actor, allow("export.quality:write")]
MayApprove = Annotated[Actor, allow("export.quality:approve")]
