"""Runs the gateway: `python -m gateway`."""

import gc

from gateway.app import create_app
from gateway.server import server
from gateway.settings import Settings


def main() -> None:
    """Serve until a signal ends it."""
    settings = Settings()
    gateway = create_app(settings)
    # What stays for ever is not looked at again; what a request leaves behind is free of cycles.
    gc.freeze()
    gc.set_threshold(50_000)
    server(gateway, settings).run()


main()
