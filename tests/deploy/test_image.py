"""An image holds what its process imports, and nothing of another service."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.checks.code import Code
from tests.deploy.conftest import ROOT

CODE = Code(ROOT)
STAGES = re.compile(r"^FROM (\S+) AS (\S+)\n((?:(?!^FROM ).*\n)*)", re.MULTILINE)
COPIED = re.compile(r"^COPY (?!--from)(.+) (\S+)$", re.MULTILINE)


def copies(stage: str) -> list[tuple[str, str]]:
    """Return what the Dockerfile copies into an image: (sources, target), stage by stage."""
    stages = {name: (base, text) for base, name, text in STAGES.findall(dockerfile())}
    base, text = stages[stage]
    own = COPIED.findall(text)
    return [*(copies(base) if base in stages else []), *own]


def dockerfile() -> str:
    """Return the recipe."""
    return (ROOT / "Dockerfile").read_text()


def fill(image: Path, service: str) -> None:
    """Copy into `image` the code that the recipe copies into /app."""
    for sources, target in copies(service):
        for source in sources.replace("${SERVICE}", service).split():
            place = image / target.replace("${SERVICE}", service)
            if (ROOT / source).is_dir():
                skipped = shutil.ignore_patterns("testing")
                shutil.copytree(ROOT / source, place, ignore=skipped)
            elif source.endswith(".py"):
                place.parent.mkdir(exist_ok=True)
                shutil.copy(ROOT / source, place)


def start(image: Path, *modules: str) -> str:
    """Import modules in the image; return what Python complains of."""
    command = [sys.executable, "-c", f"import {', '.join(modules)}"]
    done = subprocess.run(command, cwd=image, capture_output=True, text=True, check=False)
    return done.stderr


@pytest.mark.parametrize("service", CODE.services)
def test_an_image_holds_what_its_service_imports(service: str, tmp_path: Path) -> None:
    fill(tmp_path, service)

    package = f"services.{service}"
    assert start(tmp_path, f"{package}.app", f"{package}.worker", "kernel.migrations") == ""


def test_the_image_of_the_gateway_holds_what_it_imports(tmp_path: Path) -> None:
    fill(tmp_path, "gateway")

    assert start(tmp_path, "gateway.app") == ""


def test_a_service_that_imports_another_cannot_start(tmp_path: Path) -> None:
    fill(tmp_path, "export")

    (tmp_path / "services/export/theft.py").write_text("import services.registry.app\n")

    assert "No module named 'services.registry'" in start(tmp_path, "services.export.theft")
