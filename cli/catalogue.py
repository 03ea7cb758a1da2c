"""Writes what is generated from the code: routes, OpenAPI, events, problems, lifecycles.

`python -m cli.catalogue` writes; with `--check` it only tells what is stale, and fails.
An event's schema that would break its readers is refused in both.
"""

import importlib
import json
import pkgutil
import re
import sys
import typing
from collections.abc import Iterator
from pathlib import Path

from fastapi import FastAPI
from joserfc.jwk import OKPKey

from cli import asyncapi
from kernel.events import Event
from kernel.lifecycle import Lifecycle
from kernel.problems import Problem

Json = typing.Any  # noqa: TID251 - what JSON may hold
Document = dict[str, Json]

SERVICES = ("registry", "empowerment", "export", "financing")
ROOT = Path()
DIAGRAMS = re.compile(r"(<!-- lifecycles -->\n).*?(<!-- /lifecycles -->)", re.DOTALL)
DESCRIPTION = (
    "One door to the registry, empowerment, export and financing services of Anyam. "
    "Get a token at /oauth/token by client credentials; each operation names the scope it needs."
)


def main(arguments: list[str]) -> int:
    """Write the generated files, or check them; return the exit code."""
    apps = {service: app_of(service) for service in SERVICES}
    files = {ROOT / path: text for path, text in generated(apps)}
    stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
    broken = list(broken_events())
    for line in broken:
        print(line)  # noqa: T201 - this is a command
    if broken or "--check" in arguments:
        for path in stale:
            print(f"{path} is stale: run make docs")  # noqa: T201 - this is a command
        return 1 if stale or broken else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path])
    return 0


def app_of(service: str) -> FastAPI:
    """Return a service's app; it is only asked what it offers, so its settings are invented."""
    keys = {"keys": [OKPKey.generate_key("Ed25519").as_dict(private=False)]}
    key = "A" * 43 + "="
    settings = importlib.import_module(f"services.{service}.settings").Settings(
        database_url="postgresql://nobody@localhost/nothing",
        internal_jwks=json.dumps(keys),
        signing_key=key,
        encryption_keys={"none": key},
        blind_index_key=key,
        subject_token_key=key,
        ledger_signing_key=key,
        dci_signing_key=key,
    )
    for module in pkgutil.walk_packages([f"services/{service}"], f"services.{service}."):
        if ".migrations" not in module.name and not module.name.endswith("worker"):
            importlib.import_module(module.name)
    app: FastAPI = importlib.import_module(f"services.{service}.app").create_app(settings)
    return app


def generated(apps: dict[str, FastAPI]) -> Iterator[tuple[str, str]]:
    """Yield each generated file's path and text."""
    importlib.import_module("gateway.app")
    document = merged({service: app.openapi() for service, app in apps.items()})
    yield "gateway/openapi.json", written(document)
    yield "gateway/routes.json", written(list(routes(apps)))
    yield "docs/problems.json", written([entry(p) for _, p in sorted(Problem.catalogue.items())])
    yield "docs/asyncapi.json", written(asyncapi.document(consumers(apps)))
    for name, event in sorted(Event.known.items()):
        yield f"docs/events/{name}.json", written(event.model_json_schema())
    for service in SERVICES:
        readme = f"services/{service}/README.md"
        if Path(readme).exists():
            yield readme, with_diagrams(Path(readme).read_text(), service)


def written(document: object) -> str:
    """Return the one way that a document is written."""
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=False) + "\n"


def merged(documents: dict[str, Document]) -> Document:
    """Return one OpenAPI document; each service's schemas, tags and operations carry its name."""
    paths: Document = {}
    schemas: Document = {}
    for service, document in documents.items():
        own = named(service, document)
        schemas |= own["components"]["schemas"]
        if twice := paths.keys() & own["paths"].keys():
            raise ValueError(f"offered twice: {twice}")
        paths |= own["paths"]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Anyam", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": security(documents, paths)},
    }


def named(service: str, document: Document) -> Json:
    """Return a service's document with its name before schemas (but Problem), tags and ids."""
    text = json.dumps(document).replace("#/components/schemas/", f"#/components/schemas/{service}.")
    own: Json = json.loads(text.replace(f"schemas/{service}.Problem", "schemas/Problem"))
    components = own["components"]
    components["schemas"] = {
        name if name == "Problem" else f"{service}.{name}": schema
        for name, schema in components["schemas"].items()
    }
    for operation in (each for path in own["paths"].values() for each in path.values()):
        operation["operationId"] = f"{service}_{operation['operationId']}"
        operation["tags"] = [f"{service}: {tag}" for tag in operation.get("tags", ["service"])]
    return own


def security(documents: dict[str, Document], paths: Document) -> Json:
    """Return the security schemes; every scope in use stands where a reader looks for it."""
    scheme: Json = next(iter(documents.values()))["components"]
    schemes = scheme["securitySchemes"]
    used = sorted(set(scopes_in(paths)))
    schemes["oauth2"]["flows"]["clientCredentials"]["scopes"] = {scope: scope for scope in used}
    return schemes


def scopes_in(paths: Document) -> Iterator[str]:
    """Yield the scopes that operations ask for."""
    for operations in paths.values():
        for operation in operations.values():
            for requirement in operation.get("security", ()):
                yield from requirement.get("oauth2", ())


def routes(apps: dict[str, FastAPI]) -> Iterator[Document]:
    """Yield the gateway's table: what it lets through, to whom, with which scope."""
    for service, app in apps.items():
        for path, operations in app.openapi()["paths"].items():
            for method, operation in operations.items():
                [requirement] = operation.get("security") or [{"oauth2": [None]}]
                yield {
                    "method": method.upper(),
                    "path": path,
                    "service": service,
                    "scope": requirement["oauth2"][0],
                    "operation_id": f"{service}_{operation['operationId']}",
                }


def entry(problem: type[Problem]) -> Document:
    """Return a problem's line in the catalogue."""
    return {
        "code": problem.code,
        "status": int(problem.status),
        "title": {"id": problem.title.id, "en": problem.title.en},
        "detail": {"id": problem.detail.id, "en": problem.detail.en},
    }


def consumers(apps: dict[str, FastAPI]) -> dict[str, list[str]]:
    """Return, per event type, who reacts to it."""
    found: dict[str, list[str]] = {}
    for service in apps:
        subscriptions = importlib.import_module(f"services.{service}.app").SERVICE.subscriptions
        for each in subscriptions:
            for event_type in each.handlers:
                found.setdefault(event_type, []).append(each.consumer)
    return found


def with_diagrams(readme: str, service: str) -> str:
    """Return the README with its lifecycles drawn between its markers."""
    drawn = "".join(
        f"### {kind.__name__.removesuffix('Lifecycle')}\n\n```mermaid\n{kind.mermaid()}\n```\n\n"
        for kind in sorted(Lifecycle.__subclasses__(), key=lambda kind: kind.__module__)
        if kind.__module__.startswith(f"services.{service}.")
    )
    return DIAGRAMS.sub(lambda found: f"{found[1]}\n{drawn}{found[2]}", readme)


def broken_events() -> Iterator[str]:
    """Yield what would break readers of an event that was published before."""
    for path in sorted(Path("docs/events").glob("*.json")):
        before = json.loads(path.read_text())
        event = Event.known.get(path.stem)
        if event is None:
            yield f"{path.stem} is gone: readers still expect it"
            continue
        yield from broken_fields(path.stem, before, event.model_json_schema())


def broken_fields(name: str, before: Document, after: Document) -> Iterator[str]:
    """Yield the fields that were taken away or changed their shape."""
    old: Document = before["properties"]
    new: Document = after["properties"]
    for field, shape in old.items():
        if field not in new:
            yield f"{name}: the field {field} is gone; publish a v2 beside it"
        elif new[field] != shape:
            yield f"{name}: the field {field} changed its shape; publish a v2 beside it"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
