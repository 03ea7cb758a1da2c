"""Who may read the platform's figures."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("platform.summary:read")]
MayReadStatistics = Annotated[Actor, allow("registry.summaries:read")]
