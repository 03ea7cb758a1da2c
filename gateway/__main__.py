"""Runs the gateway: `python -m gateway`."""

from gateway.app import create_app
from gateway.server import server
from gateway.settings import Settings


def main() -> None:
    """Serve until a signal ends it."""
    settings = Settings()
    server(create_app(settings), settings).run()


main()
