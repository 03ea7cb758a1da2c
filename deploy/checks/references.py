"""Does every name in a manifest lead to something that is there?"""

from collections.abc import Iterator

from deploy import layout
from deploy.checks.cluster import (
    ADDRESS,
    Cluster,
    Object,
    config_variables,
    matches,
    named_config_maps,
    named_secrets,
)
from deploy.secrets import Secrets, namespace_of

# Made by cert-manager or by hand, not by deploy.secrets.
CERTIFICATES = {"gateway-tls"}


def supplies(cluster: Cluster, workload: Object, made: Secrets) -> Iterator[str]:
    """Return which Secrets, ConfigMaps and accounts a workload names in vain."""
    for name in filter(None, named_secrets(workload)):
        if name not in made or namespace_of(name) != workload.namespace:
            yield f"reads Secret {name}, which deploy.secrets does not make there"
    for name in filter(None, named_config_maps(workload)):
        if cluster.find("ConfigMap", name, namespace=workload.namespace) is None:
            yield f"reads ConfigMap {name}, which is not there"
    account = workload.pod.text("serviceAccountName")
    if account and cluster.find("ServiceAccount", account, namespace=workload.namespace) is None:
        yield f"runs as ServiceAccount {account}, which is not there"


def addresses(cluster: Cluster, workload: Object) -> Iterator[str]:
    """Return which addresses a workload is given in vain; other people's namespaces are theirs."""
    for key, value in config_variables(cluster, workload).items():
        for host, port in ADDRESS.findall(value):
            name, _, elsewhere = host.partition(".")
            namespace = elsewhere or workload.namespace
            if not any(one.namespace == namespace for one in cluster.of("Namespace", "Service")):
                continue
            service = cluster.find("Service", name, namespace=namespace)
            ports = service.tree.each("spec", "ports") if service else []
            if int(port) not in [one.at("port") for one in ports]:
                yield f"is told {key}={value}, where nothing listens"


def references(cluster: Cluster, one: Object) -> Iterator[str]:
    """Return which other objects an object names in vain."""
    check = {
        "Service": _service,
        "Ingress": _ingress,
        "PodDisruptionBudget": _budget,
        "HorizontalPodAutoscaler": _scaler,
    }.get(one.kind)
    yield from check(cluster, one) if check else ()


def _service(cluster: Cluster, one: Object) -> Iterator[str]:
    wanted = one.tree.below("spec", "selector")
    labels = {name: wanted.text(name) for name in wanted.names()}
    chosen = [pods for pods in cluster.workloads() if labels.items() <= pods.labels.items()]
    if len(chosen) != 1 or not labels:
        yield f"selects {len(chosen)} workloads instead of one"
    ports = {port.text("name") for pods in chosen for port in pods.container.each("ports")}
    for port in one.tree.each("spec", "ports"):
        if port.text("targetPort") not in ports:
            yield f"leads to port {port.at('targetPort')}, which its pods do not have"


def _ingress(cluster: Cluster, one: Object) -> Iterator[str]:
    for rule in one.tree.each("spec", "rules"):
        for path in rule.each("http", "paths"):
            name = path.text("backend", "service", "name")
            if not name.startswith(layout.GATEWAY) or not cluster.find(
                "Service", name, namespace=one.namespace
            ):
                yield f"leads to Service {name}, which is not the gateway's"
    for tls in one.tree.each("spec", "tls"):
        if tls.text("secretName") not in CERTIFICATES:
            yield f"takes its certificate from {tls.text('secretName')}, which nobody documents"


def _budget(cluster: Cluster, one: Object) -> Iterator[str]:
    selector = one.tree.below("spec", "selector")
    chosen = [pods for pods in cluster.workloads() if matches(selector, pods.labels)]
    if len(chosen) != 1:
        yield f"selects {len(chosen)} workloads instead of one"


def _scaler(cluster: Cluster, one: Object) -> Iterator[str]:
    target = one.tree.below("spec", "scaleTargetRef")
    if not cluster.find(target.text("kind"), target.text("name"), namespace=one.namespace):
        yield f"scales {target.text('kind')} {target.text('name')}, which is not there"
