"""The people and machines that tests speak of, by name."""

from kernel.auth import Actor


def person(
    subject: str,
    *,
    organisation: str,
    kind: str = "ministry",
    scopes: frozenset[str] = frozenset(),
    regions: tuple[str, ...] = (),
) -> Actor:
    """Return an actor; without scopes of its own it gets every scope of the service it calls."""
    return Actor(
        subject=subject,
        client_id=subject,
        organisation=organisation,
        kind=kind,
        scopes=scopes,
        regions=regions,
    )


KEMENSOS = person("kemensos-registrar", organisation="kemensos")
KEMENSOS_CHECKER = person("kemensos-checker", organisation="kemensos")
KEMENPERIN = person("kemenperin-trainer", organisation="kemenperin")
KEMENKOPUKM = person("kemenkopukm-organiser", organisation="kemenkopukm")
BANTUL_OFFICER = person("bantul-officer", organisation="kemensos", regions=("34.02",))
OOA = person("ooa-buyer", organisation="ooa", kind="partner")
OOA_CHECKER = person("ooa-finance", organisation="ooa", kind="partner")
OTHER_PARTNER = person("rattan-buyer", organisation="rattan", kind="partner")
PNM = person("pnm-officer", organisation="pnm", kind="provider")
OTHER_PROVIDER = person("bank-officer", organisation="bank", kind="provider")
