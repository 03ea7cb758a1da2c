"""The objects of one rendered overlay, and how they refer to each other."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from deploy.checks.tree import Tree

# host:port, alone or in a URL.
ADDRESS = re.compile(r"(?:^|//|@)([a-z][a-z-]*(?:\.[a-z-]+)?):(\d+)")
POD_PATH = ("spec", "template")
WITH_PODS = ("Deployment", "StatefulSet", "Job")


def parse(manifests: str) -> list[object]:
    """Return the documents of a YAML stream."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return list(yaml.load_all(manifests, Loader=loader))


@dataclass(frozen=True)
class Object:
    """One Kubernetes object."""

    tree: Tree

    @property
    def kind(self) -> str:
        """Return its kind, `Deployment`."""
        return self.tree.text("kind")

    @property
    def name(self) -> str:
        """Return its name."""
        return self.tree.text("metadata", "name")

    @property
    def namespace(self) -> str:
        """Return its namespace."""
        return self.tree.text("metadata", "namespace")

    @property
    def labels(self) -> Mapping[str, str]:
        """Return the labels of its pods."""
        labels = self.tree.below(*POD_PATH, "metadata", "labels")
        return {name: labels.text(name) for name in labels.names()}

    @property
    def pod(self) -> Tree:
        """Return the specification of its pods."""
        return self.tree.below(*POD_PATH, "spec")

    @property
    def container(self) -> Tree:
        """Return the first container of its pods."""
        return self.pod.below("containers", 0)


class Cluster:
    """All objects that one overlay makes."""

    def __init__(self, rendered: Path) -> None:
        self.objects = [Object(Tree(document)) for document in parse(rendered.read_text())]

    def of(self, *kinds: str) -> list[Object]:
        """Return the objects of these kinds."""
        return [one for one in self.objects if one.kind in kinds]

    def workloads(self) -> list[Object]:
        """Return everything that runs pods."""
        return self.of(*WITH_PODS)

    def find(self, kind: str, name: str, *, namespace: str) -> Object | None:
        """Return the object of this kind and name, if it is there."""
        for one in self.of(kind):
            if (one.name, one.namespace) == (name, namespace):
                return one
        return None

    def selected(self, selector: Tree, *, namespace: str) -> list[Object]:
        """Return the workloads of a namespace whose pods a label selector means."""
        here = (one for one in self.workloads() if one.namespace == namespace)
        return [one for one in here if matches(selector, one.labels)]


def matches(selector: Tree, labels: Mapping[str, str]) -> bool:
    """Tell whether a label selector means these labels; an empty one means all.

    ValueError: the selector has an operator other than `In`.
    """
    wanted = selector.below("matchLabels")
    if any(labels.get(name) != wanted.text(name) for name in wanted.names()):
        return False
    return all(_holds(expression, labels) for expression in selector.each("matchExpressions"))


def _holds(expression: Tree, labels: Mapping[str, str]) -> bool:
    if expression.text("operator") != "In":
        raise ValueError(f"operator {expression.text('operator')} is not evaluated")
    return labels.get(expression.text("key")) in expression.texts("values")


def config_variables(cluster: Cluster, workload: Object) -> dict[str, str]:
    """Return the variables that ConfigMaps and literal values give to a workload."""
    given: dict[str, str] = {}
    for source in workload.container.each("envFrom"):
        name = source.text("configMapRef", "name")
        found = cluster.find("ConfigMap", name, namespace=workload.namespace)
        data = found.tree.below("data") if found else Tree(None)
        given |= {key: data.text(key) for key in data.names()}
    literals = workload.container.each("env")
    return given | {one.text("name"): one.text("value") for one in literals}


def named_secrets(workload: Object) -> Iterator[str]:
    """Return the names of the Secrets that a workload reads."""
    for source in workload.container.each("envFrom"):
        yield source.text("secretRef", "name")
    for volume in workload.pod.each("volumes"):
        yield volume.text("secret", "secretName")


def named_config_maps(workload: Object) -> Iterator[str]:
    """Return the names of the ConfigMaps that a workload reads."""
    for source in workload.container.each("envFrom"):
        yield source.text("configMapRef", "name")
    for volume in workload.pod.each("volumes"):
        yield volume.text("configMap", "name")
