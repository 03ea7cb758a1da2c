"""A service as production runs it: uvicorn in processes of its own, called with internal tokens."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cli.children import pause
from cli.environment import registry_keys
from cli.ports import any_free
from cli.webapp import WebApp, uvicorn
from kernel.auth import Actor
from kernel.testing.tokens import TokenMaker

TOKENS = TokenMaker()
KEY = base64.b64encode(b"\x01" * 32).decode()
KEYS_OF_PERSONAL_DATA = registry_keys(
    {
        "encryption_keys": json.dumps({"bench": KEY}),
        "blind_index_key": KEY,
        "subject_token_key": KEY,
        "ledger_signing_key": KEY,
        "dci_signing_key": KEY,
    }
)
ENVIRONMENT = {
    "INTERNAL_JWKS": TOKENS.jwks,
    "SIGNING_KEY": "of cursors",
    **KEYS_OF_PERSONAL_DATA,
}


@contextmanager
def served(
    service: str, *, url: str, folder: Path, workers: int = 1, factory: str | None = None
) -> Iterator[WebApp]:
    """Give the service, ready for requests; `factory` makes another app than the service's own."""
    port = any_free()
    made_by = factory or f"services.{service}.app:create_app"
    app = WebApp(
        service,
        program=(*uvicorn(made_by, port), "--workers", str(workers)),
        port=port,
        env={"DATABASE_URL": url, **ENVIRONMENT},
        log=folder / f"{service}-{port}.log",
    )
    app.start()
    try:
        while app.running() and not app.ready():
            pause(app.process)
        yield app
    finally:
        app.stop()


def bearer(actor: Actor, *, service: str) -> str:
    """Return an Authorization header that holds for as long as a bench takes."""
    return f"Bearer {TOKENS.token(actor, service=service, lifetime=timedelta(hours=6))}"
