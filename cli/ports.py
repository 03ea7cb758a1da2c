"""Ports on this machine: is it free, which one is, does something answer."""

import socket

from cli.failures import CannotGoOn

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Say whether a server could listen on `port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def any_free() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def claim(port: int, *, for_: str) -> int:
    """Return `port`, or a free one for 0; CannotGoOn when another program listens on it."""
    if port and not is_free(port):
        raise CannotGoOn(
            id=f"Porta {port} ({for_}) dipakai program lain: hentikan program itu, atau "
            "pindahkan platform dengan ANYAM_PORT=<porta lain> make up.",
            en=f"Port {port} ({for_}) is taken by another program: stop that program, or "
            "move the platform with ANYAM_PORT=<another port> make up.",
        )
    return port or any_free()
