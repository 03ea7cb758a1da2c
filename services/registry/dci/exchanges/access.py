"""Who may ask for answers that come later."""

from typing import Annotated

from kernel.auth import Actor, allow

MaySearch = Annotated[Actor, allow("registry.dci:search")]
MaySubscribe = Annotated[Actor, allow("registry.dci:subscribe")]
