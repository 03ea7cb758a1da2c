"""What is POSTed to partners: made for each attempt, signed, of what may be told at that moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import orjson

from kernel import clock
from kernel.auth import Actor
from kernel.courier import Letter, NothingToTell
from kernel.db import Database, UnitOfWork
from kernel.sight import Sight
from services.registry.dci import queries as senders
from services.registry.dci.asking import Asking
from services.registry.dci.deliveries.models import Delivery
from services.registry.dci.envelope import Object, Ourselves
from services.registry.dci.exchanges import answers
from services.registry.dci.exchanges import queries as exchanges
from services.registry.dci.exchanges.models import Exchange, actor_of
from services.registry.dci.header import AnswerHeader, MessageStatus, Part
from services.registry.dci.subscriptions import notes
from services.registry.dci.subscriptions import queries as subscriptions
from services.registry.settings import Settings
from services.registry.sharing.tokens import SubjectTokens, tokens_of
from services.registry.vault import Vault

HEADERS = {"Content-Type": "application/json", "User-Agent": "anyam-registry"}


@dataclass(frozen=True)
class Office:
    """What answering takes: the keys, and who we are."""

    ourselves: Ourselves
    vault: Vault
    tokens: SubjectTokens
    agency: str

    @classmethod
    def of(cls, settings: Settings, vault: Vault) -> "Office":
        """Return the office of this registry."""
        return cls(Ourselves(settings), vault, tokens_of(settings), settings.agency)

    @asynccontextmanager
    async def asking(
        self, uow: UnitOfWork, actor: Actor, sender_id: str, *, meta: Object | None
    ) -> AsyncIterator[Asking]:
        """Give who asks; in the block the transaction sees what they see.

        Raises:
            NothingToTell: the sender was suspended, or belongs to somebody else by now.
        """
        sender = await senders.find_named(uow.session, sender_id)
        if sender is None or not sender.is_of(
            organisation=actor.organisation, client_id=actor.client_id
        ):
            raise NothingToTell("sender_suspended")
        async with uow.seeing(Sight.of(actor)):
            yield Asking(uow, actor, sender, self.vault, self.tokens, self.agency, meta)

    async def pack(self, database: Database, delivery: Delivery) -> Letter:
        """Return what one attempt sends.

        Raises:
            NothingToTell: rights or consents ended; nothing is sent.
        """
        if delivery.exchange_id is not None:
            return await self._answer(database, delivery, delivery.exchange_id)
        if delivery.subscription_id is not None:
            return await self._note(database, delivery, delivery.subscription_id)
        raise NothingToTell("nobody_asked")

    async def _answer(self, database: Database, delivery: Delivery, exchange_id: UUID) -> Letter:
        async with database.transaction() as uow:
            exchange = await exchanges.get(uow.session, exchange_id)
            if exchange.state is MessageStatus.RECEIVED:
                exchange.begin()
        async with database.transaction() as uow:
            exchange = await exchanges.get(uow.session, exchange_id)
            question, actor = answers.opened(exchange, self.vault), actor_of(exchange.asker)
            sender_id = exchange.sender_id
            async with self.asking(uow, actor, sender_id, meta=question.meta) as asking:
                made = await answers.answer(asking, exchange, question)
            header = self._header(delivery, succeeded=made.why is None)
            header.total_count = header.completed_count = _count(exchange)
            header.status_reason_message = made.why
            header.meta = {"withheld": [*made.withheld]}
            return self._letter(header, made.message)

    async def _note(self, database: Database, delivery: Delivery, subscription_id: UUID) -> Letter:
        async with database.transaction() as uow:
            subscription = await subscriptions.get(uow.session, subscription_id)
            actor, sender_id = actor_of(subscription.asker), subscription.sender_id
            meta: Object = {"purpose": subscription.purpose}
            async with self.asking(uow, actor, sender_id, meta=meta) as asking:
                note = await notes.note(asking, subscription, delivery)
            header = self._header(delivery, succeeded=True)
            header.total_count = header.completed_count = len(note.message.notify_event)
            header.meta = {"withheld": [*note.withheld], "subscription_code": subscription.code}
            return self._letter(header, note.message)

    def _header(self, delivery: Delivery, *, succeeded: bool) -> AnswerHeader:
        return AnswerHeader(
            message_id=str(delivery.id),
            message_ts=clock.now(),
            action=delivery.action,
            status=MessageStatus.SUCCEEDED if succeeded else MessageStatus.REJECTED,
            sender_id=self.ourselves.sender_id,
            receiver_id=delivery.owner,
        )

    def _letter(self, header: AnswerHeader, message: Part) -> Letter:
        envelope = self.ourselves.sealed(header, message, at=header.message_ts)
        return Letter(orjson.dumps(envelope), HEADERS)


def _count(exchange: Exchange) -> int:
    return len(exchange.reference_ids) or 1
