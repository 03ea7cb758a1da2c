"""An exchange's way: taken in, worked on, answered; the answer is made anew for every attempt."""

from kernel.lifecycle import Lifecycle, Move
from services.registry.dci.header import MessageStatus


class ExchangeLifecycle(Lifecycle):
    """A right that ends before the answer could be told turns a success into a rejection."""

    begin = Move(MessageStatus.RECEIVED, to=MessageStatus.PENDING)
    succeed = Move(
        MessageStatus.PENDING,
        MessageStatus.SUCCEEDED,
        MessageStatus.REJECTED,
        to=MessageStatus.SUCCEEDED,
    )
    reject = Move(
        MessageStatus.PENDING,
        MessageStatus.SUCCEEDED,
        MessageStatus.REJECTED,
        to=MessageStatus.REJECTED,
    )


ANSWERED = (MessageStatus.SUCCEEDED, MessageStatus.REJECTED)
