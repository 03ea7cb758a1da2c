"""Who may see the makers' pay, who makes payouts, and who approves them."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("export.earnings:read")]
MayWrite = Annotated[Actor, allow("export.earnings:write")]
MayApprove = Annotated[Actor, allow("export.earnings:approve")]
