"""Who may talk to whom, as the NetworkPolicies say it."""

from collections.abc import Iterator

from deploy.checks.cluster import Cluster, Object, matches
from deploy.checks.finding import Finding
from deploy.checks.tree import Tree

COMPONENT = "app.kubernetes.io/component"
NAME = "app.kubernetes.io/name"
DATABASE, BROKER = "postgres", "kafka"
# From -> to: the only conversations there are between pods of ours.
INTENDED = {
    ("gateway", "app"),
    *((role, DATABASE) for role in ("app", "worker", "migration")),
    *((role, BROKER) for role in ("app", "worker")),
}


def findings(cluster: Cluster, *, of: str) -> Iterator[Finding]:
    """Compare every pair of workloads with what is intended."""
    for source in cluster.workloads():
        for target in cluster.workloads():
            intended = (role(source), role(target)) in INTENDED
            if intended != may_reach(cluster, source, target):
                verb = "cannot reach" if intended else "reaches"
                yield Finding(of, f"{source.name} {verb} {target.name}")


def role(workload: Object) -> str:
    """Return what a workload is: app, worker, migration, gateway, postgres or kafka."""
    return workload.labels.get(COMPONENT) or workload.labels.get(NAME, "")


def may_reach(cluster: Cluster, source: Object, target: Object) -> bool:
    """Tell whether the policies let the source open a connection to a port of the target."""
    ports = {(port.text("name"), port.at("containerPort")) for port in _ports(target)}
    return any(
        _allowed(cluster, "egress", of=source, other=target, port=port)
        and _allowed(cluster, "ingress", of=target, other=source, port=port)
        for port in ports
    )


def _ports(workload: Object) -> list[Tree]:
    return workload.container.each("ports")


def _allowed(
    cluster: Cluster, way: str, *, of: Object, other: Object, port: tuple[str, object]
) -> bool:
    policies = [
        policy.tree.below("spec")
        for policy in cluster.of("NetworkPolicy")
        if policy.namespace == of.namespace
        and way in [kind.lower() for kind in policy.tree.texts("spec", "policyTypes")]
        and matches(policy.tree.below("spec", "podSelector"), of.labels)
    ]
    rules = [rule for policy in policies for rule in policy.each(way)]
    return not policies or any(_permits(rule, way, of, other, port) for rule in rules)


def _permits(rule: Tree, way: str, of: Object, other: Object, port: tuple[str, object]) -> bool:
    peers = rule.each("from" if way == "ingress" else "to")
    ports = [one.at("port") for one in rule.each("ports")]
    open_port = not ports or any(one in port for one in ports)
    return open_port and (not peers or any(_is_peer(peer, of, other) for peer in peers))


def _is_peer(peer: Tree, of: Object, other: Object) -> bool:
    place = {"kubernetes.io/metadata.name": other.namespace}
    elsewhere = peer.at("namespaceSelector") is not None
    same_place = matches(peer.below("namespaceSelector"), place)
    if not elsewhere:
        same_place = of.namespace == other.namespace
    return same_place and matches(peer.below("podSelector"), other.labels)
