"""Who may follow goods: whoever may see shipments."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("export.shipments:read")]
