"""Are the database and the broker the same everywhere, and is each service's database made?"""

import re
from collections.abc import Iterator
from pathlib import Path

from deploy.checks.code import Code
from deploy.checks.finding import Finding

ROLES = "deploy/k8s/data/roles.sql"
DATABASE = re.compile(r"^CREATE DATABASE (\w+) OWNER (\w+);$", re.MULTILINE)
CLOSED = re.compile(r"^REVOKE ALL ON DATABASE (.+) FROM PUBLIC;$", re.MULTILINE)
KAFKA = re.compile(r"image: apache/kafka:(\S+)|<kafka.version>(.+)</kafka.version>")
POSTGRES = re.compile(r"image: postgres:(\S+)()")
DEVELOPMENT_BROKER = "deploy/kafka/pom.xml"
WHERE = ("docker-compose.yml", "deploy/k8s/data/kafka.yaml", "deploy/k8s/data/postgres.yaml")


def findings(code: Code) -> Iterator[Finding]:
    """Check the roles of the services, and the versions of what they talk to."""
    sql = (code.root / ROLES).read_text()
    databases, closed = DATABASE.findall(sql), ",".join(CLOSED.findall(sql)).replace(" ", "")
    for name in code.services:
        if (name, name) not in databases:
            yield Finding(ROLES, f"makes no database {name} with an owner {name}")
        if name not in closed.split(","):
            yield Finding(ROLES, f"leaves the database {name} open to every role")
    yield from _versions(code.root, KAFKA, "Kafka", (*WHERE, DEVELOPMENT_BROKER))
    yield from _versions(code.root, POSTGRES, "PostgreSQL", WHERE)


def _versions(
    root: Path, pattern: re.Pattern[str], of: str, places: tuple[str, ...]
) -> Iterator[Finding]:
    found = {
        one or other: place
        for place in places
        for one, other in pattern.findall((root / place).read_text())
    }
    if len(found) != 1:
        told = ", ".join(f"{version} in {place}" for version, place in sorted(found.items()))
        yield Finding(f"version of {of}", f"differs: {told}")
