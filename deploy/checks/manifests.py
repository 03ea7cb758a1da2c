"""Do the rendered manifests hold together, and is every pod confined, watched and supplied?"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import kubernetes_validate

from deploy import render
from deploy.checks import processes, reach
from deploy.checks.cluster import Cluster, Object, config_variables, named_secrets, parse
from deploy.checks.code import Code
from deploy.checks.finding import Finding
from deploy.checks.pods import PROBES, care, confinement
from deploy.checks.processes import Process
from deploy.checks.references import addresses, references, supplies
from deploy.secrets import POSTGRES, Secrets, make_secrets

KUBERNETES = "1.34"
EXPANDED = re.compile(r"\$\((\w+)\)")


def findings(code: Code, k8s: Path) -> Iterator[Finding]:
    """Check that the rendered overlays are up to date, and what is in them."""
    made = make_secrets(code.services, postgres=POSTGRES, scopes=[])
    command = render.renderer(*render.INSTALLED)
    for name in render.OVERLAYS:
        rendered = k8s / render.RENDERED / f"{name}.yaml"
        where = f"deploy/k8s/{render.RENDERED}/{name}.yaml"
        yield from (Finding(where, what) for what in _stale(k8s, name, command))
        yield from of_cluster(Cluster(rendered), code=code, made=made, where=where)


def _stale(k8s: Path, name: str, command: list[str] | None) -> Iterator[str]:
    kept = (k8s / render.RENDERED / f"{name}.yaml").read_text()
    if not kept.startswith(render.heading(k8s)):
        yield "is older than its sources: run `python -m deploy.render`"
    elif command:
        new = render.render(k8s / "overlays" / name, command)
        # Versions of kustomize may differ in how they write the same thing.
        if parse(new) != parse(kept):
            yield f"is not what `{' '.join(command)}` makes: run `python -m deploy.render`"


def of_cluster(cluster: Cluster, *, code: Code, made: Secrets, where: str) -> Iterator[Finding]:
    """Check the objects of one overlay."""
    workloads = cluster.workloads()
    ours = [_process(cluster, one, made) for one in workloads if _image(one).startswith("anyam/")]
    yield from processes.findings(ours, code=code, of=where)
    yield from reach.findings(cluster, of=where)
    for one in cluster.objects:
        problems = [*_schema_errors(json.dumps(one.tree.value)), *references(cluster, one)]
        if one in workloads:
            problems += [*confinement(one), *care(one), *supplies(cluster, one, made)]
            problems += addresses(cluster, one) if _image(one).startswith("anyam/") else ()
        yield from (Finding(f"{where}: {one.kind} {one.name}", what) for what in problems)


def _image(workload: Object) -> str:
    return workload.container.text("image").split(":")[0]


@cache
def _schema_errors(document: str) -> list[str]:
    """Return what Kubernetes would refuse; remembered, as overlays share most objects."""
    try:
        kubernetes_validate.validate(json.loads(document), KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        return [f"{'.'.join(str(step) for step in error.path)}: {error.message}"]
    return []


def _process(cluster: Cluster, workload: Object, made: Secrets) -> Process:
    given = config_variables(cluster, workload)
    secret = {key for name in named_secrets(workload) for key in made.get(name, {})}
    command = workload.container.texts("command") + workload.container.texts("args")
    return Process(
        where=f"{workload.kind} {workload.name}",
        image=_image(workload),
        command=tuple(
            EXPANDED.sub(lambda name: given.get(name[1], name[0]), one) for one in command
        ),
        variables=frozenset({*given, *(key for key in secret if key.isupper())}),
        probes=frozenset(_probes(workload)),
    )


def _probes(workload: Object) -> Iterator[tuple[int, str]]:
    ports = {one.text("name"): one.at("containerPort") for one in workload.container.each("ports")}
    for kind in PROBES:
        asked = workload.container.below(kind, "httpGet")
        number = ports.get(asked.text("port"), asked.at("port"))
        if asked.names():
            yield (number if isinstance(number, int) else 0, asked.text("path"))
