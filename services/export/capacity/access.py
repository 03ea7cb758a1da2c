"""Who may read what groups can make."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("export.capacity:read")]
