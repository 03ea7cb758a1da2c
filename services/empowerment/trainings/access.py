"""Who may read and run trainings."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("empowerment.trainings:read")]
MayWrite = Annotated[Actor, allow("empowerment.trainings:write")]
