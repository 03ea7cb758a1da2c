"""The clients of the five parties and of the platform's operator, and what each may do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClientSpec:
    """One client of a party; where two persons are needed, two clients act."""

    client_id: str
    organisation: str
    kind: str
    scopes: tuple[str, ...]
    regions: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Name who acts; in the story each client is one desk."""
        return self.client_id


def may(service: str, **verbs: str) -> tuple[str, ...]:
    """Return scopes: `may("export", orders="read write")` names two of the export service."""
    return tuple(
        f"{service}.{name}:{verb}" for name, given in verbs.items() for verb in given.split()
    )


SEE = ("platform.summary:read", "operations:read")
IN_FULL = ("pii:read",)

CLIENTS = (
    ClientSpec(
        "kemensos-registrar",
        "kemensos",
        "ministry",
        may(
            "registry",
            regions="read",
            households="read write",
            imports="read write",
            welfare="read write",
            assistance="read write",
            facilitators="read write",
            summaries="read",
            changes="read write",
            duplicates="read write",
            senders="read write",
            sharing="read write",
            shared="read",
        )
        + IN_FULL,
    ),
    ClientSpec(
        "kemensos-checker",
        "kemensos",
        "ministry",
        may(
            "registry",
            households="read",
            imports="read approve",
            welfare="read approve",
            facilitators="read approve",
            summaries="read",
            changes="read approve govern",
            duplicates="read approve",
            senders="read approve",
            sharing="read approve",
            ledger="read",
        )
        + may(
            "empowerment",
            candidates="read",
            enrolments="read write approve",
            graduation="read approve",
        )
        + SEE,
    ),
    ClientSpec(
        "kemensos-programmes",
        "kemensos",
        "ministry",
        may(
            "empowerment",
            agencies="read write",
            programmes="read write",
            candidates="read",
            enrolments="read write",
            villages="read write",
            mentoring="read write",
            graduation="read write",
        )
        + may("export", orders="read approve"),
    ),
    ClientSpec(
        "kemenperin-trainer",
        "kemenperin",
        "ministry",
        may("empowerment", trainings="read write") + may("registry", shared="read"),
    ),
    ClientSpec(
        "kemenperin-spmis",
        "kemenperin",
        "ministry",
        may("registry", dci="search enrolled subscribe", **{"dci-deliveries": "read write"}),
    ),
    ClientSpec(
        "kemenkopukm-organiser",
        "kemenkopukm",
        "ministry",
        may("registry", shared="read")
        + may("empowerment", groups="read write", trainings="read")
        + may(
            "financing",
            providers="read write",
            consents="read write",
            bankability="read",
            referrals="read write",
        ),
    ),
    ClientSpec(
        "ooa-buyer",
        "ooa",
        "partner",
        may("export", partners="read write", products="read write", orders="read write"),
    ),
    ClientSpec(
        "ooa-production",
        "ooa",
        "partner",
        may(
            "export",
            orders="read",
            capacity="read",
            allocation="read write approve",
            materials="read write",
            production="read write",
        ),
    ),
    ClientSpec(
        "ooa-quality",
        "ooa",
        "partner",
        may("export", production="read", quality="read write approve"),
    ),
    ClientSpec("ooa-payroll", "ooa", "partner", may("export", earnings="read write")),
    ClientSpec("ooa-finance", "ooa", "partner", may("export", earnings="read approve")),
    ClientSpec(
        "ooa-logistics",
        "ooa",
        "partner",
        may("export", production="read", shipments="read write approve"),
    ),
    ClientSpec(
        "pnm-officer",
        "pnm",
        "provider",
        may("financing", providers="read", bankability="read", referrals="read decide"),
    ),
    ClientSpec(
        "operator",
        "anyam",
        "platform",
        ("operations:read", "operations:write", *may("registry", ledger="read")),
    ),
)
