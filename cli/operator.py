"""The operator's way to a platform: one client, through the gateway, refusals as sentences."""

import asyncio
import json
import os
import typing
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import uuid4

import typer

from cli import running
from cli.failures import CannotGoOn, language
from cli.places import SERVICES, Places
from kernel import http

Json = typing.Any  # noqa: TID251 - what JSON may hold
Answer = dict[str, Json]
T = TypeVar("T")

OPERATOR = "operator"
MOST_A_PAGE = 200

Service = Annotated[str, typer.Option(help=f"One of {', '.join(SERVICES)}.")]
AnyService = Annotated[str | None, typer.Option(help="One service; else the consumer's, or all.")]
Consumer = Annotated[str, typer.Option(help="The consumer, such as financing.referrals.")]
AnyConsumer = Annotated[str | None, typer.Option(help="Of one consumer only.")]
Shown = Annotated[int, typer.Option("--limit", min=1, help="Rows to show of each service.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@dataclass(frozen=True)
class Way:
    """Where the gateway is, and the secret of the client `operator` there."""

    gateway: str
    secret: str

    @classmethod
    def known(cls) -> "Way":
        """Return the way to ANYAM_GATEWAY with OPERATOR_SECRET, or to the platform of this clone.

        Raises:
            CannotGoOn: none is named, and none runs here.
        """
        named = os.environ.get("ANYAM_GATEWAY")
        if named:
            return cls(named, os.environ.get("OPERATOR_SECRET", ""))
        places = Places.asked()
        gateway = running.required(running.Register(places.run)).gateway
        credentials = json.loads((places.keys / "credentials.json").read_text())
        return cls(gateway, credentials.get(OPERATOR, ""))


class Desk:
    """The services' operations, as the client `operator` may use them."""

    def __init__(self, gateway: http.Client) -> None:
        self._gateway = gateway
        self._headers = {"Accept-Language": language()}

    async def sign_in(self, secret: str) -> None:
        """Get a token.

        Raises:
            CannotGoOn: the gateway does not know this operator.
        """
        grant = {"grant_type": "client_credentials"}
        asked = await self._gateway.post("/oauth/token", data=grant, auth=(OPERATOR, secret))
        if asked.status_code == 401:
            raise unknown_operator(str(self._gateway.base_url))
        self._headers["Authorization"] = f"Bearer {checked(asked).json()['access_token']}"

    async def read(self, path: str, **query: Json) -> Answer:
        """Read something below /v1/operations; what is None is not asked for."""
        given = {name: value for name, value in query.items() if value is not None}
        return await self._answer("GET", path, params=given)

    async def do(self, path: str, **body: Json) -> Answer:
        """Send a command; an empty answer is {}."""
        return await self._answer("POST", path, json=body or None)

    async def ask(self, method: str, path: str, **query: Json) -> Answer:
        """Call something outside the operations, by its whole path."""
        headers = {**self._headers, "Idempotency-Key": uuid4().hex}
        asked = await self._gateway.request(method, path, headers=headers, params=query)
        answer: Answer = checked(asked).json()
        return answer

    async def listed(self, path: str, *, limit: int, **query: Json) -> list[Answer]:
        """Read the first `limit` rows of a list, page by page."""
        found: list[Answer] = []
        cursor: str | None = None
        while len(found) < limit:
            size = min(MOST_A_PAGE, limit - len(found))
            page = await self.read(path, limit=size, cursor=cursor, **query)
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        return found

    async def _answer(self, method: str, path: str, **content: Json) -> Answer:
        response = checked(
            await self._gateway.request(
                method, f"/v1/operations/{path}", headers=self._headers, **content
            )
        )
        answer: Answer = response.json() if response.content else {}
        return answer


def at_the_desk(work: Callable[[Desk], Awaitable[T]]) -> T:
    """Do some work as the operator.

    Raises:
        CannotGoOn: there is no platform, it does not answer, or it refuses.
    """
    return asyncio.run(_at_the_desk(work))


async def _at_the_desk(work: Callable[[Desk], Awaitable[T]]) -> T:
    way = Way.known()
    try:
        async with http.client(way.gateway, connections=1) as gateway:
            desk = Desk(gateway)
            await desk.sign_in(way.secret)
            return await work(desk)
    except http.TransportError as error:
        raise no_answer(way.gateway) from error


def checked(response: http.Response) -> http.Response:
    """Return an answer that is no refusal; else CannotGoOn in the platform's own words."""
    if response.is_success:
        return response
    sentence = " ".join(refusal(response))
    raise CannotGoOn(id=sentence, en=sentence)


def refusal(response: http.Response) -> Iterator[str]:
    """Yield what a problem document says, in the language that was asked for."""
    if response.headers.get("content-type") != "application/problem+json":
        yield f"HTTP {response.status_code}"
        return
    problem: Answer = response.json()
    yield f"{problem['title']}: {problem['detail']}"
    yield from (f"{error['pointer']}: {error['detail']}" for error in problem["errors"])
    yield f"({problem['code']}, request_id {problem['request_id']})"


def existing(service: str) -> str:
    """Return a service's name; CannotGoOn when there is none of that name."""
    if service not in SERVICES:
        raise CannotGoOn(
            id=f"Tidak ada layanan {service}: pilih {', '.join(SERVICES)}.",
            en=f"There is no service {service}: choose {', '.join(SERVICES)}.",
        )
    return service


def home(service: str | None, consumer: str) -> str:
    """Return the service that is named, else the consumer's: the first word of its name."""
    return existing(service or consumer.partition(".")[0])


def services(service: str | None, consumer: str | None) -> tuple[str, ...]:
    """Return the services to ask: the one that is named or is the consumer's, or all."""
    return (home(service, consumer or ""),) if service or consumer else SERVICES


def unknown_operator(gateway: str) -> CannotGoOn:
    """Return the failure of an operator whose secret the gateway does not take."""
    return CannotGoOn(
        id=f"{gateway} tidak mengenal klien operator dengan rahasia ini: periksa OPERATOR_SECRET, "
        "atau mulai ulang platform dengan make up.",
        en=f"{gateway} does not know the client operator with this secret: check OPERATOR_SECRET, "
        "or start the platform again with make up.",
    )


def no_answer(gateway: str) -> CannotGoOn:
    """Return the failure of a gateway that cannot be reached."""
    return CannotGoOn(
        id=f"{gateway} tidak menjawab: periksa alamatnya, dan apakah gerbang berjalan.",
        en=f"{gateway} does not answer: check its address, and whether the gateway runs.",
    )
