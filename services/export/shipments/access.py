"""Who may see shipments, who packs and loads, and who releases."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("export.shipments:read")]
MayWrite = Annotated[Actor, allow("export.shipments:write")]
MayApprove = Annotated[Actor, allow("export.shipments:approve")]
