"""Who may take which step of a referral."""

from typing import Annotated

from kernel.auth import Actor, allow

MayRead = Annotated[Actor, allow("financing.referrals:read")]
MayRefer = Annotated[Actor, allow("financing.referrals:write")]
MayDecide = Annotated[Actor, allow("financing.referrals:decide")]
