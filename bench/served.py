"""A service as production runs it: uvicorn in processes of its own, called with internal tokens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from cli.children import pause
from cli.ports import any_free
from cli.webapp import WebApp, uvicorn
from kernel.auth import Actor
from kernel.testing.tokens import TokenMaker

TOKENS = TokenMaker()


@contextmanager
def served(service: str, *, url: str, folder: Path, workers: int = 1) -> Iterator[WebApp]:
    """Give the service, ready for requests."""
    port = any_free()
    app = WebApp(
        service,
        program=(*uvicorn(f"services.{service}.app:create_app", port), "--workers", str(workers)),
        port=port,
        env={"DATABASE_URL": url, "INTERNAL_JWKS": TOKENS.jwks, "SIGNING_KEY": "of cursors"},
        log=folder / f"{service}.log",
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
