"""Is a workload confined as the restricted pod security standard asks, and cared for?"""

from collections.abc import Iterator

from deploy.checks import reach
from deploy.checks.cluster import Object

PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def confinement(workload: Object) -> Iterator[str]:
    """Return what a workload lacks of the standard, and a read-only root."""
    context = workload.container.below("securityContext")
    wanted = {
        "runAsNonRoot": context.at("runAsNonRoot") is True,
        "a read-only root": context.at("readOnlyRootFilesystem") is True,
        "allowPrivilegeEscalation: false": context.at("allowPrivilegeEscalation") is False,
        "capabilities: drop ALL": context.at("capabilities") == {"drop": ["ALL"]},
        "seccompProfile RuntimeDefault": context.text("seccompProfile", "type") == "RuntimeDefault",
        "automountServiceAccountToken: false": workload.pod.at("automountServiceAccountToken")
        is False,
        "enableServiceLinks: false": workload.pod.at("enableServiceLinks") is False,
        "exactly one container": len(workload.pod.each("containers")) == 1,
        "no privileges": not context.at("privileged") and not workload.pod.at("hostNetwork"),
    }
    yield from (f"lacks {what}" for what, holds in wanted.items() if not holds)


def care(workload: Object) -> Iterator[str]:
    """Return what a workload lacks of resources, probes and time to end."""
    container = workload.container
    tag = container.text("image").rpartition(":")[2]
    wanted = {
        "a request of cpu": container.at("resources", "requests", "cpu") is not None,
        "a limit of memory": container.at("resources", "limits", "memory") is not None,
        "an image with a version": tag not in ("", "latest", container.text("image")),
    }
    if workload.kind != "Job":
        asked = [kind for kind in PROBES if container.at(kind)]
        wanted["a startupProbe"] = PROBES[0] in asked
        wanted["a livenessProbe"] = PROBES[1] in asked
        wanted["a readinessProbe"] = PROBES[2] in asked or reach.role(workload) == "worker"
        wanted["terminationGracePeriodSeconds"] = bool(
            workload.pod.at("terminationGracePeriodSeconds")
        )
    yield from (f"lacks {what}" for what, holds in wanted.items() if not holds)
