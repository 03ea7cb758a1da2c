"""The systems that may ask by the DCI standard, as the registry's ministry manages them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from kernel.fields import Code
from kernel.pagination import Page, PageQuery
from kernel.web import Body, IfMatch, Uow, View, slice_router
from services.registry.dci import queries
from services.registry.dci.access import MayApproveSenders, MayReadSenders, MayWriteSenders
from services.registry.dci.lifecycle import KeyChange
from services.registry.dci.models import Sender, SenderKeyChange, SignaturePolicy
from services.registry.dci.problems import KeysNotUsable
from services.registry.dci.signature import KeySet, PublicKey, public_key

router = slice_router("/dci-senders", tag="DCI senders")
ROUTERS: tuple[APIRouter, ...] = (router,)

SenderId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,98}$")]
"""A name without "|", which separates it from the key in a signature."""
CallbackUri = Annotated[str, Field(pattern=r"^https?://[^\s?#|]+$", max_length=500)]
Purpose = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$", examples=["social_assistance"])]


class KeyIn(Body):
    """An Ed25519 public key as a JSON Web Key; what else a key may say of itself is not kept."""

    model_config = ConfigDict(extra="ignore")

    kty: str
    crv: str
    x: Annotated[str, Field(max_length=100)]
    kid: Annotated[str, Field(pattern=r"^[A-Za-z0-9._~:-]{1,100}$")]
    d: None = None
    """The private part, which nobody may send us."""


class KeysIn(Body):
    """A JSON Web Key Set; an empty one withdraws every key."""

    keys: Annotated[list[KeyIn], Field(max_length=10)]

    def checked(self) -> KeySet:
        """Return the keys as they are kept.

        Raises:
            KeysNotUsable: one of them is no Ed25519 key, or two have one id.
        """
        keys = [
            PublicKey(kty=k.kty, crv=k.crv, x=k.x, kid=k.kid, use="sig", alg="Ed25519")
            for k in self.keys
        ]
        try:
            for key in keys:
                public_key(key)
        except ValueError as error:
            raise KeysNotUsable from error
        if len({key["kid"] for key in keys}) != len(keys):
            raise KeysNotUsable
        return KeySet(keys=keys)


class SenderIn(Body):
    """A partner's system; its keys are proposed apart, and approved by a second person."""

    sender_id: SenderId
    organisation: Code
    client_id: Code | None = None
    callback_uri: CallbackUri | None = None
    signature_policy: SignaturePolicy = SignaturePolicy.REQUIRED
    default_purpose: Purpose | None = None
    bulk: bool = False
    sandbox: bool = False


class SenderChangeIn(Body):
    """What changes of a sender; what is not named stays."""

    client_id: Code | None = None
    callback_uri: CallbackUri | None = None
    signature_policy: SignaturePolicy = SignaturePolicy.REQUIRED
    default_purpose: Purpose | None = None
    bulk: bool = False
    sandbox: bool = False
    suspended: bool = False


class SenderOut(View):
    """A partner's system, and the public keys that hold."""

    id: UUID
    version: int
    sender_id: str
    organisation: str
    client_id: str | None
    callback_uri: str | None
    signature_policy: SignaturePolicy
    default_purpose: str | None
    bulk: bool
    sandbox: bool
    suspended: bool
    keys: KeySet


class KeyChangeOut(View):
    """A proposal of keys, and what became of it."""

    id: UUID
    version: int
    state: KeyChange
    keys: KeySet
    proposed_by: str
    decided_by: str | None


@router.post("", status_code=201, response_model=SenderOut)
async def register_sender(
    body: SenderIn, _: MayWriteSenders, uow: Uow, response: Response
) -> Sender:
    """Register a partner's system; it cannot sign before its keys are approved."""
    await queries.require_new(uow.session, body.sender_id)
    sender = Sender(**body.model_dump())
    sender.check()
    uow.add(sender)
    response.headers["Location"] = f"/v1/dci-senders/{sender.id}"
    return sender


@router.get("")
async def list_senders(_: MayReadSenders, uow: Uow, page: PageQuery) -> Page[SenderOut]:
    """List the systems, in the order of their registration."""
    return Page.model_validate(await queries.list_(uow.session, page))


@router.get("/{dci_sender_id}", response_model=SenderOut)
async def show_sender(dci_sender_id: UUID, _: MayReadSenders, uow: Uow) -> Sender:
    """Show a system."""
    return await queries.get(uow.session, dci_sender_id)


@router.patch("/{dci_sender_id}", response_model=SenderOut)
async def change_sender(
    dci_sender_id: UUID, body: SenderChangeIn, expected: IfMatch, _: MayWriteSenders, uow: Uow
) -> Sender:
    """Change what a system may do, suspend it, or let it back."""
    sender = await queries.get(uow.session, dci_sender_id, for_change=True)
    expected.check(sender)
    for name in body.model_fields_set:
        setattr(sender, name, getattr(body, name))
    sender.check()
    return sender


@router.post("/{dci_sender_id}/key-changes", status_code=201, response_model=KeyChangeOut)
async def propose_keys(
    dci_sender_id: UUID, body: KeysIn, actor: MayWriteSenders, uow: Uow, response: Response
) -> SenderKeyChange:
    """Propose the key set of a system; a second person lets it hold."""
    sender = await queries.get(uow.session, dci_sender_id)
    change = SenderKeyChange(sender=sender.id, keys=body.checked(), proposed_by=actor.subject)
    uow.add(change)
    response.headers["Location"] = f"/v1/dci-senders/{sender.id}/key-changes"
    return change


@router.get("/{dci_sender_id}/key-changes")
async def list_key_changes(
    dci_sender_id: UUID, _: MayReadSenders, uow: Uow, page: PageQuery
) -> Page[KeyChangeOut]:
    """List what was proposed for a system's keys, and who decided what."""
    await queries.get(uow.session, dci_sender_id)
    return Page.model_validate(await queries.key_changes_of(uow.session, page, dci_sender_id))


@router.post("/{dci_sender_id}/key-changes/{key_change_id}/approve", response_model=KeyChangeOut)
async def approve_keys(
    dci_sender_id: UUID, key_change_id: UUID, actor: MayApproveSenders, uow: Uow
) -> SenderKeyChange:
    """Let the proposed keys hold, and no others."""
    sender = await queries.get(uow.session, dci_sender_id, for_change=True)
    change = await queries.get_key_change(uow.session, dci_sender_id, key_change_id)
    change.approve(sender, by=actor.subject)
    return change


@router.post("/{dci_sender_id}/key-changes/{key_change_id}/reject", response_model=KeyChangeOut)
async def reject_keys(
    dci_sender_id: UUID, key_change_id: UUID, actor: MayApproveSenders, uow: Uow
) -> SenderKeyChange:
    """Let the keys stay as they are."""
    change = await queries.get_key_change(uow.session, dci_sender_id, key_change_id)
    change.reject(by=actor.subject)
    return change
