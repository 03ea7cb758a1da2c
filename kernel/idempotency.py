"""A command sent again is answered again, not done again.

The key's row is written in the transaction of the effect, so that either both exist or neither.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Header, Request, Response

from kernel.db import Database, UnitOfWork
from kernel.problems import Conflict, Invalid, Problem, Status, Text

HEADER = "Idempotency-Key"
MAX_KEY_LENGTH = 255
KEPT_HEADERS = ("content-type", "location", "etag")
RETENTION = timedelta(hours=72)

# The lock is tried before the row is looked for, but both see the database as it was when the
# statement began: STORE finds out about an answer that was committed in between.
CLAIM = sa.text(
    "SELECT lock.held, k.body_hash, k.status, k.headers, k.body"
    " FROM (SELECT pg_try_advisory_xact_lock(hashtextextended(:scope || ' ' || :key, 0)) AS held)"
    " AS lock LEFT JOIN idempotency_key AS k ON k.scope = :scope AND k.key = :key"
)
STORE = sa.text(
    "INSERT INTO idempotency_key (scope, key, body_hash, status, headers, body)"
    " VALUES (:scope, :key, :body_hash, :status, CAST(:headers AS jsonb), :body)"
    " ON CONFLICT DO NOTHING"
).bindparams(sa.bindparam("headers", type_=sa.JSON()))
FORGET = sa.text("DELETE FROM idempotency_key WHERE created_at < now() - :age").bindparams(
    sa.bindparam("age", type_=sa.Interval())
)


class IdempotencyKeyMissing(Invalid):
    """This command must carry a key."""

    code = "KER-0005"
    title = Text(id="Kunci idempotensi tidak ada", en="Idempotency key missing")
    detail = Text(
        id="Kirim tajuk Idempotency-Key, satu nilai unik untuk setiap perintah.",
        en="Send an Idempotency-Key header, one unique value for each command.",
    )


class IdempotencyKeyMalformed(Invalid):
    """The key is empty or too long."""

    code = "KER-0006"
    title = Text(id="Kunci idempotensi tidak sah", en="Idempotency key not valid")
    detail = Text(id="Gunakan 1 sampai 255 karakter ASCII.", en="Use 1 to 255 ASCII characters.")


class IdempotencyKeyReused(Problem):
    """The key was used before with another body."""

    status = Status.UNPROCESSABLE
    code = "KER-0007"
    title = Text(id="Kunci idempotensi sudah dipakai", en="Idempotency key used before")
    detail = Text(
        id="Kunci ini milik perintah dengan isi lain; pakai kunci baru.",
        en="This key belongs to a command with another body; use a new key.",
    )


class CommandStillRunning(Conflict):
    """The first command with this key has not been answered yet."""

    code = "KER-0008"
    title = Text(id="Perintah masih berjalan", en="Command still running")
    detail = Text(
        id="Ulangi sesaat lagi dengan kunci yang sama.",
        en="Send it again shortly with the same key.",
    )
    headers = MappingProxyType({"Retry-After": "1"})


@dataclass(frozen=True)
class Claim:
    """One command's hold on its key, for the length of its transaction."""

    scope: str
    key: str
    body_hash: bytes

    async def replay(self, uow: UnitOfWork) -> Response | None:
        """Return the answer given before, or None when the command is new.

        Raises:
            CommandStillRunning: another transaction holds the key.
            IdempotencyKeyReused: the body differs from the first one's.
        """
        names = {"scope": self.scope, "key": self.key}
        row = (await uow.execute(CLAIM, names)).one()
        if not row.held:
            raise CommandStillRunning
        if row.body_hash is None:
            return None
        if row.body_hash != self.body_hash:
            raise IdempotencyKeyReused
        return Response(row.body, row.status, {**row.headers, "Idempotency-Replayed": "true"})

    async def store(self, uow: UnitOfWork, response: Response) -> None:
        """Remember the answer, in the transaction of the effect.

        Raises:
            CommandStillRunning: the same command was answered while this one began; do not do it.
        """
        headers = {
            name: response.headers[name] for name in KEPT_HEADERS if name in response.headers
        }
        answer = {"status": response.status_code, "headers": headers, "body": bytes(response.body)}
        names = {"scope": self.scope, "key": self.key, "body_hash": self.body_hash}
        if (await uow.execute(STORE, {**names, **answer})).rowcount != 1:
            raise CommandStillRunning


async def claim_of(request: Request, *, caller: str, route: str) -> Claim | None:
    """Return the request's claim on its key, or None when it carries none.

    A key is its caller's own: many people share one client, and none gets another's answer.

    Raises:
        IdempotencyKeyMalformed: the header holds no usable key.
    """
    given = request.headers.get(HEADER)
    if given is None or request.method != "POST":
        return None
    key = given.strip().strip('"')
    if not key or len(key) > MAX_KEY_LENGTH or not key.isascii():
        raise IdempotencyKeyMalformed
    target = f"{request.url.path}?{request.url.query}".encode()
    body_hash = hashlib.sha256(target + b"\n" + await request.body()).digest()
    return Claim(scope=f"{caller} {route}", key=key, body_hash=body_hash)


async def forget_answers(database: Database, *, older_than: timedelta = RETENTION) -> None:
    """Delete the answers of commands that nobody sends again any more."""
    async with database.transaction() as uow:
        await uow.execute(FORGET, {"age": older_than})


async def _required(
    key: Annotated[
        str | None, Header(alias=HEADER, description="One unique value a command.")
    ] = None,
) -> None:
    if key is None:
        raise IdempotencyKeyMissing


IDEMPOTENCY_KEY_REQUIRED = Depends(_required)
