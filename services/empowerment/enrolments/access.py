"""Who may propose families, and who may decide on them."""

from typing import Annotated

from kernel.auth import Actor, ScopeMissing, allow

APPROVE = "empowerment.enrolments:approve"

MayRead = Annotated[Actor, allow("empowerment.enrolments:read")]
MayWrite = Annotated[Actor, allow("empowerment.enrolments:write")]
MayApprove = Annotated[Actor, allow(APPROVE)]


def require_decider(actor: Actor) -> None:
    """Guard a decision among moves of many kinds; raises ScopeMissing."""
    if APPROVE not in actor.scopes:
        raise ScopeMissing(scope=APPROVE)
