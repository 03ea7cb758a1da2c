"""Does docker-compose.yml describe the whole platform, and is every container confined?"""

import json
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import NamedTuple

import yaml
from jsonschema import Draft202012Validator

from deploy import layout
from deploy.checks import processes
from deploy.checks.cluster import ADDRESS
from deploy.checks.code import Code
from deploy.checks.finding import Finding
from deploy.checks.processes import Process
from deploy.checks.tree import Tree
from deploy.secrets import POSTGRES, compose_environment, make_secrets

FILE = "docker-compose.yml"
SCHEMA = "builtin_schemas/vendor/compose-spec.json"
VARIABLE = re.compile(r"\$\{(\w+)(:-[^}]*)?")
PROBED = re.compile(r"http://127\.0\.0\.1:(\d+)(/[\w/]*)")
ENDED, HEALTHY = "service_completed_successfully", "service_healthy"


class Container(NamedTuple):
    """One service of the file, and the file."""

    name: str
    spec: Tree
    document: Tree

    @property
    def is_ours(self) -> bool:
        """Tell whether it runs an image of the Dockerfile."""
        return str(self.spec.at("image")).startswith("anyam/")

    @property
    def ends(self) -> bool:
        """Tell whether it does one thing and ends."""
        return self.spec.at("healthcheck", "disable") is True

    @property
    def conditions(self) -> dict[str, object]:
        """Return the containers that it waits for -> until when."""
        waits = self.spec.below("depends_on")
        return {name: waits.at(name, "condition") for name in waits.names()}


def findings(code: Code) -> Iterator[Finding]:
    """Check the file by the schema of its format, against the code, and by our own rules."""
    text = (code.root / FILE).read_text()
    document = Tree(yaml.safe_load(text))
    for what in (*_schema_errors(document), *_unknown_variables(text, code)):
        yield Finding(FILE, what)
    services = document.below("services")
    containers = [Container(name, services.below(name), document) for name in services.names()]
    ours = [_process(container) for container in containers if container.is_ours]
    yield from processes.findings(ours, code=code, of=FILE)
    for container in containers:
        problems = (
            *_confinement(container),
            *_openings(container),
            *_order(container),
            *_mounts(container, code),
            *_addresses(container),
        )
        for what in problems:
            yield Finding(f"{FILE}: {container.name}", what)


def _schema_errors(document: Tree) -> Iterator[str]:
    schema = json.loads((files("check_jsonschema") / SCHEMA).read_text())
    for error in Draft202012Validator(schema).iter_errors(document.value):
        yield f"{error.json_path}: {error.message}"


def _unknown_variables(text: str, code: Code) -> Iterator[str]:
    made = compose_environment(make_secrets(code.services, postgres=POSTGRES, scopes=[]))
    asked = {name for name, default in VARIABLE.findall(text) if not default}
    for name in sorted(asked - {*made}):
        yield f"asks for {name}, which deploy.secrets does not make"


def _process(container: Container) -> Process:
    test = container.spec.below("healthcheck").texts("test")
    return Process(
        where=f"{FILE}: {container.name}",
        image=str(container.spec.at("image")),
        command=tuple(container.spec.texts("command")),
        variables=frozenset(container.spec.below("environment").names()),
        probes=frozenset((int(port), path) for port, path in PROBED.findall(" ".join(test))),
    )


def _confinement(container: Container) -> Iterator[str]:
    spec = container.spec
    wanted = {
        "a read-only root": spec.at("read_only") is True,
        "cap_drop: [ALL]": spec.texts("cap_drop") == ["ALL"],
        "no-new-privileges": "no-new-privileges:true" in spec.texts("security_opt"),
        "a restart policy": spec.at("restart") is not None,
        "a limit of memory": spec.at("deploy", "resources", "limits", "memory") is not None,
        "a limit of processes": spec.at("deploy", "resources", "limits", "pids") is not None,
        "an image with a version": container.is_ours or _is_pinned(str(spec.at("image"))),
        "no privileges": spec.at("privileged") is None and spec.at("cap_add") is None,
    }
    yield from (f"lacks {what}" for what, holds in wanted.items() if not holds)


def _is_pinned(image: str) -> bool:
    return ":" in image and not image.endswith(":latest")


def _openings(container: Container) -> Iterator[str]:
    for port in container.spec.texts("ports"):
        if container.name != layout.GATEWAY or not port.startswith("127.0.0.1:"):
            yield f"publishes {port}; only the gateway may, on 127.0.0.1"


def _mounts(container: Container, code: Code) -> Iterator[str]:
    mounts = [mount.split(":")[0] for mount in container.spec.texts("volumes")]
    for source in mounts:
        if source.startswith("./") and not (code.root / source).exists():
            yield f"mounts {source}, which does not exist"
    for kind in ("secrets", "networks"):
        for name in {*container.spec.texts(kind)} - {*container.document.below(kind).names()}:
            yield f"uses {name}, which is not among the {kind} of the file"


def _addresses(container: Container) -> Iterator[str]:
    others, given = container.document.below("services"), container.spec.below("environment")
    for name in given.names() if container.is_ours else ():
        for host, _ in ADDRESS.findall(given.text(name)):
            if host not in others.names():
                yield f"is told {name}={given.text(name)}, where nothing listens"


def _order(container: Container) -> Iterator[str]:
    others = container.document.below("services")
    for name, condition in container.conditions.items():
        other = Container(name, others.below(name), container.document)
        if condition != (ENDED if other.ends else HEALTHY):
            yield f"waits for {name} until {condition}"
    if container.ends and not _is_awaited(container, others):
        yield "ends, and nothing waits for its success: `up --wait` would fail"
    if not container.is_ours and not container.spec.below("healthcheck").texts("test"):
        yield "lacks a health check"


def _is_awaited(container: Container, others: Tree) -> bool:
    waiting: Iterable[Tree] = (others.below(name) for name in others.names())
    return any(one.at("depends_on", container.name, "condition") == ENDED for one in waiting)
