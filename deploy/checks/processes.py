"""Do the processes that a deployment starts exist, and do they get what they ask for?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deploy import layout
from deploy.checks.code import Code
from deploy.checks.finding import Finding

APP, WORKER, MIGRATION = "app", "worker", "migration"
PORTS = {APP: layout.APP_PORT, WORKER: layout.WORKER_PORT}
HEALTH = ("/health/live", "/health/ready")
# Read by no process: Kubernetes puts it into commands.
FOR_COMMANDS = {"SERVICE"}


@dataclass(frozen=True)
class Process:
    """One process of ours, as docker-compose.yml or a manifest describes it."""

    where: str
    image: str
    command: tuple[str, ...]
    variables: frozenset[str]
    probes: frozenset[tuple[int, str]]
    """Port and path that are asked for its health."""

    @property
    def role(self) -> str | None:
        """Return what the command is: of an app, a worker, a migration; None for anything else."""
        name = self.image.removeprefix("anyam/")
        commands = {
            (): APP,
            ("python", "-m", f"services.{name}.worker"): WORKER,
            ("python", "-m", "kernel.migrations", f"services.{name}"): MIGRATION,
        }
        return commands.get(self.command)


def findings(processes: Iterable[Process], *, code: Code, of: str) -> Iterator[Finding]:
    """Check each process, and that none is missing in the deployment `of` this name."""
    seen = set()
    for process in processes:
        seen.add((process.image, process.role))
        for what in _problems(process, code):
            yield Finding(process.where, what)
    for image, role in sorted(_expected(code) - seen):
        yield Finding(of, f"nothing runs the {role} of {image}")


def _expected(code: Code) -> set[tuple[str, str | None]]:
    roles = (APP, WORKER, MIGRATION)
    expected = {(f"anyam/{name}", role) for name in code.services for role in roles}
    return {*expected, (f"anyam/{layout.GATEWAY}", APP)}


def _problems(process: Process, code: Code) -> Iterator[str]:
    name = code.images.get(process.image)
    if name is None:
        yield f"image {process.image} is not one of the Dockerfile's"
    elif process.role is None:
        yield f"`{' '.join(process.command)}` is not a process of {name}"
    else:
        yield from _missing_module(process.role, name, code)
        yield from _wrong_variables(process, name, code)
        yield from _wrong_probes(process, name, code)


def _missing_module(role: str, name: str, code: Code) -> Iterator[str]:
    package = code.package(name)
    module = {WORKER: f"{package}.worker", MIGRATION: f"{package}.migrations.env"}
    dotted = module.get(role, f"{package}.app")
    if not code.has_module(dotted):
        yield f"starts {dotted}, which does not exist"


def _wrong_variables(process: Process, name: str, code: Code) -> Iterator[str]:
    try:
        known, required = code.variables(name), code.variables(name, required=True)
    except (ImportError, AttributeError) as reason:
        yield f"has no settings to compare with: {reason}"
        return
    for variable in sorted(process.variables - known - FOR_COMMANDS):
        yield f"sets {variable}, which {code.package(name)}.settings does not read"
    needed = {"DATABASE_URL"} if process.role == MIGRATION else required
    for variable in sorted(needed - process.variables):
        yield f"needs {variable} in its environment"


def _wrong_probes(process: Process, name: str, code: Code) -> Iterator[str]:
    port = PORTS.get(process.role or "")
    for asked, path in sorted(process.probes):
        if asked != port:
            yield f"is asked for its health on port {asked}, but listens on {port}"
        if path not in HEALTH or not code.mentions(name, path):
            yield f"is asked for {path}, which {name} does not serve"
