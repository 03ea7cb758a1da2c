"""Whose rows a transaction sees: PostgreSQL itself hides the others, by forced row security.

A transaction that says nothing sees nothing. The policies in a service's migrations read the three
settings that are made here, and which end with the transaction.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from kernel.auth import Actor

COMPANIES = ("partner", "provider")
EVERYBODY = "*"

SEE = sa.text(
    "SELECT set_config('anyam.sight', :sight, true), set_config('anyam.owner', :owner, true),"
    " set_config('anyam.regions', :regions, true)"
)


@dataclass(frozen=True)
class Sight:
    """What a transaction may see: `all`, `some`, or, without a kind, nothing.

    `owner` is the organisation whose own rows are seen, `*` for everybody's; `regions` are code
    prefixes, none for the whole country.
    """

    kind: str = ""
    owner: str = EVERYBODY
    regions: tuple[str, ...] = ()

    @classmethod
    def of(cls, actor: Actor) -> "Sight":
        """Return what an actor sees: its area, and a company its own rows."""
        owner = actor.organisation if actor.kind in COMPANIES else EVERYBODY
        return cls("some", owner, actor.regions)

    def settings(self) -> dict[str, str]:
        """Return the parameters of `SEE`."""
        regions = "{" + ",".join(self.regions or (EVERYBODY,)) + "}"
        return {"sight": self.kind, "owner": self.owner, "regions": regions}


SYSTEM = Sight("all")
"""The service itself: its worker, its timers, its reactions."""

NOBODY = Sight()
"""A caller without an identity."""
