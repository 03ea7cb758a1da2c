"""The deployment files of this clone hold, and the check finds what is planted into them."""

import pytest

from deploy import check
from deploy.checks import compose, data, image, manifests
from deploy.checks.cluster import Cluster, Object, named_config_maps
from deploy.checks.code import Code
from deploy.secrets import POSTGRES, make_secrets
from tests.deploy.conftest import ROOT, Clone

COMPOSE = "docker-compose.yml"
LATE = {"app", "worker", "gateway"}
DEVELOPMENT = "deploy/k8s/rendered/development.yaml"


def test_the_deployment_files_of_this_clone_hold() -> None:
    assert [str(finding) for finding in check.findings(ROOT)] == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("services.export.worker", "services.export.runner", "not a process of export"),
        ("services.export.worker", "services.registry.worker", "not a process of export"),
        ("image: anyam/export", "image: anyam/exports", "image anyam/exports is not one of"),
        ("  ENCRYPTION_KEYS:", "  ENCRYPTION_KEY:", "sets ENCRYPTION_KEY, which"),
        ("  SIGNING_KEY: ${EXPORT", "  SIGN: ${EXPORT", "needs SIGNING_KEY in its environment"),
        ("${EXPORT_PASSWORD:?}", "${EXPORT_PASS:?}", "asks for EXPORT_PASS, which deploy.secrets"),
        ("127.0.0.1:9000/health", "127.0.0.1:9001/health", "on port 9001, but listens on 9000"),
        ("9000/health/live", "9000/healthz", "is asked for /healthz"),
        ("  read_only: true\n", "", "lacks a read-only root"),
        ("  cap_drop: [ALL]\n", "", "lacks cap_drop"),
        ("image: postgres:18", "image: postgres", "postgres: lacks an image with a version"),
        (
            "    networks: [front]\n",
            "    networks: [front]\n    privileged: true\n",
            "no privileges",
        ),
        ("127.0.0.1:8000:8000", "8000:8000", "publishes 8000:8000"),
        ("{disable: true}", "{test: [NONE]}", "waits for registry-migrations until"),
        ("restart: on-failure:3", "restarts: always", "restarts"),
        ("roles.sql:/docker", "rolls.sql:/docker", "mounts ./deploy/k8s/data/rolls.sql"),
        ("http://export:8000", "http://exports:8000", "exports:8000, where nothing listens"),
        ("@postgres:5432/export", "@database:5432/export", "where nothing listens"),
        ("secrets: [clients.json]", "secrets: [clients]", "uses clients, which is not among"),
    ],
)
def test_a_mistake_in_the_compose_file_is_found(
    clone: Clone, old: str, new: str, finding: str
) -> None:
    clone.change(COMPOSE, old, new)

    found = [str(one) for one in compose.findings(Code(clone.root))]

    assert any(finding in line for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("services.$(SERVICE).worker", "services.$(SERVICE).runner", "is not a process of"),
        ("image: anyam/export:", "image: anyam/exports:", "image anyam/exports is not one of"),
        ("image: anyam/export:development", "image: anyam/export:latest", "lacks an image"),
        ("        readinessProbe:", "        readyProbe:", "lacks a readinessProbe"),
        ("        readinessProbe:", "        readyProbe:", "readyProbe"),
        ("path: /health/ready", "path: /ready", "is asked for /ready"),
        ("containerPort: 9000", "containerPort: 9100", "on port 9100, but listens on 9000"),
        ("runAsNonRoot: true", "runAsNonRoot: false", "lacks runAsNonRoot"),
        ("runAsNonRoot: true", "privileged: true", "lacks no privileges"),
        ("- ALL", "- NET_RAW", "lacks capabilities: drop ALL"),
        ("            memory: 512Mi", "            cpu: 2", "lacks a limit of memory"),
        ("            name: registry\n", "            name: registrar\n", "reads Secret registrar"),
        ("name: registry-config-", "name: registry-conf-", "reads ConfigMap"),
        ("serviceAccountName: registry-", "serviceAccountName: r-", "runs as ServiceAccount r-"),
        ("  LOG_LEVEL: INFO", "  LOGLEVEL: INFO", "sets LOGLEVEL, which"),
        ("targetPort: http", "targetPort: web", "leads to port web"),
        ("    name: registry-app\n---", "    name: registry\n---", "which is not there"),
        (
            "name: gateway-app\n            port",
            "name: export-app\n            port",
            "not the gate",
        ),
        ("          - worker\n    ports", "    ports", "registry-worker cannot reach kafka"),
        ("          - worker\n", "          - migration\n", "registry-migration reaches kafka"),
        ("port: 9092", "port: 9093", "anyam-data:9092, where nothing listens"),
        ("http://export-app:", "http://export:", "http://export:8000, where nothing listens"),
    ],
)
def test_a_mistake_in_the_manifests_is_found(
    clone: Clone, old: str, new: str, finding: str
) -> None:
    clone.change(DEVELOPMENT, old, new)
    code = Code(clone.root)
    made = make_secrets(code.services, postgres=POSTGRES, scopes=[])
    cluster = Cluster(clone.root / DEVELOPMENT)

    found = [str(one) for one in manifests.of_cluster(cluster, code=code, made=made, where="k8s")]

    assert any(finding in line for line in found), found


@pytest.mark.parametrize(
    ("path", "old", "new", "finding"),
    [
        ("Dockerfile", "FROM service AS export\n", "", "has no stage export"),
        ("Dockerfile", "COPY kernel kernel", "COPY core core", "copies core, which"),
        ("Dockerfile", "services.${SERVICE}.app", "services.${SERVICE}.main", "starts services."),
        ("Dockerfile", "USER 10001:10001", "RUN sudo true", "DL3004"),
        ("Dockerfile", "USER 10001:10001", "USER app", "lacks a user by number"),
        ("Dockerfile", "/health/ready", "/", "lacks a health check"),
        ("Dockerfile", '"-m", "gateway"', '"-m", "door"', "starts door.__main__"),
        ("requirements/services.txt", "asyncpg==", "asyncpq==", "does not install asyncpg"),
        ("requirements/services.txt", "asyncpg==", "asyncpg==9", "pins asyncpg 9"),
    ],
)
def test_a_mistake_in_the_image_is_found(
    clone: Clone, path: str, old: str, new: str, finding: str
) -> None:
    clone.change(path, old, new)

    found = [str(one) for one in image.findings(Code(clone.root))]

    assert any(finding in line for line in found), found


@pytest.mark.parametrize(
    ("path", "old", "new", "finding"),
    [
        ("deploy/k8s/data/roles.sql", "OWNER export", "OWNER registry", "no database export"),
        (
            "deploy/k8s/data/roles.sql",
            "registry, empowerment, export,",
            "registry,",
            "open to every",
        ),
        (COMPOSE, "apache/kafka:", "apache/kafka:3.", "version of Kafka: differs"),
        ("deploy/k8s/data/postgres.yaml", "postgres:18", "postgres:17", "version of PostgreSQL"),
    ],
)
def test_a_database_or_broker_of_another_kind_is_found(
    clone: Clone, path: str, old: str, new: str, finding: str
) -> None:
    clone.change(path, old, new)

    found = [str(one) for one in data.findings(Code(clone.root))]

    assert any(finding in line for line in found), found


def test_rendered_manifests_older_than_their_sources_are_found(clone: Clone) -> None:
    clone.change("deploy/k8s/base/network.yaml", "Egress", "Ingress")

    found = manifests.findings(Code(clone.root), clone.root / "deploy/k8s")

    assert any("is older than its sources" in str(one) for one in found)


def test_a_service_that_nobody_deploys_is_found(clone: Clone) -> None:
    clone.add("services/savings/app.py", '"""A new service."""\n')

    found = "\n".join(str(one) for one in check.findings(clone.root))

    for missing in (
        "Dockerfile: has no stage savings",
        "docker-compose.yml: nothing runs the worker of anyam/savings",
        "development.yaml: nothing runs the migration of anyam/savings",
        "production.yaml: nothing runs the app of anyam/savings",
        "roles.sql: makes no database savings",
    ):
        assert missing in found


def test_all_that_a_migration_needs_can_be_applied_before_the_code() -> None:
    cluster = Cluster(ROOT / DEVELOPMENT)
    early = {one.name for one in cluster.objects if component(one) not in LATE}

    for job in cluster.of("Job"):
        needed = {*named_config_maps(job), job.pod.text("serviceAccountName")} - {""}
        assert needed <= early


def component(one: Object) -> str:
    """Return the label by which a release is applied in two steps."""
    return one.tree.text("metadata", "labels", "app.kubernetes.io/component")
