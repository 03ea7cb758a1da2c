"""Who asks, as which sender and for which purpose: what every question to the registry rests on."""

from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import JsonValue
from sqlmodel import col

from contracts.registry import HouseholdStatus
from kernel import clock
from kernel.auth import Actor
from kernel.db import UnitOfWork
from kernel.problems import Text
from services.registry.dci.envelope import Refused
from services.registry.dci.messages import Authority, ErrorCode
from services.registry.dci.models import Sender
from services.registry.households.models import Household
from services.registry.households.queries import visible
from services.registry.sharing.fields import ALL
from services.registry.sharing.permits import Permit, permit, within
from services.registry.sharing.tokens import SubjectTokens
from services.registry.vault import Vault

LONGEST = 40
NO_PURPOSE = Text(
    id="Sebutkan tujuan dalam authorize.purpose.code, consent.purpose.code atau "
    "header.meta.purpose.",
    en="Name the purpose in authorize.purpose.code, consent.purpose.code or header.meta.purpose.",
)
NO_BULK = Text(
    id="Pengirim ini hanya boleh mencari satu keluarga menurut nomornya.",
    en="This sender may only search one family by its number.",
)


@dataclass(frozen=True)
class Asking:
    """Who asks, and the keys that an answer takes; `meta` is of the message's header."""

    uow: UnitOfWork
    actor: Actor
    sender: Sender
    vault: Vault
    tokens: SubjectTokens
    agency: str
    meta: dict[str, JsonValue] | None = None

    async def permit(self, *authorities: Authority | None, bulk: bool) -> Permit:
        """Return what may be read for the purpose that a request names, or its message does.

        Raises:
            Refused: no purpose is named, or the sender may not search in bulk.
            NoAgreement, PurposeNotCovered, BulkNotCovered: the agreement does not cover it.
        """
        if bulk and not self.sender.bulk:
            raise Refused(ErrorCode.FORBIDDEN, NO_BULK)
        return await permit(
            self.uow.session,
            self.actor,
            purpose=self._purpose(*authorities),
            on=clock.today(),
            bulk=bulk,
            agency=self.agency,
        )

    def sees(self, permit: Permit) -> sa.ColumnElement[bool]:
        """Return the condition that a family may be found: a sandbox finds invented ones only."""
        invented = col(Household.synthetic).is_(True) if self.sender.sandbox else sa.true()
        live = col(Household.status) != HouseholdStatus.CLOSED
        return sa.and_(live, invented, visible(self.actor), within(permit))

    def _purpose(self, *authorities: Authority | None) -> str:
        """Return the nearest purpose: of the request, of the message, of the sender."""
        own = [each.purpose.code for each in authorities if each and each.purpose]
        of_message = (self.meta or {}).get("purpose")
        for code in (*own, of_message, self.sender.default_purpose):
            if isinstance(code, str) and 0 < len(code) <= LONGEST:
                return code
        raise Refused(ErrorCode.FORBIDDEN, NO_PURPOSE)


def withheld_by(*permits: Permit) -> list[str]:
    """Name the fields that one of the permits does not give."""
    return sorted({field.value for each in permits for field in ALL - each.fields})
