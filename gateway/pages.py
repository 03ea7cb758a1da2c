"""The pages for people: the front page, the documentation, the catalogue of errors."""

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypedDict

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from gateway.figures import SPLITS, STORY, Figures
from gateway.health import Health
from gateway.problems import NoSuchPage
from gateway.settings import HERE, Settings
from kernel.problems import Language, Problem, language_of

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
KINDS = {".js": "text/javascript", ".css": "text/css", ".png": "image/png", ".svg": "image/svg+xml"}
SWAGGER = ("swagger-ui-bundle.js", "swagger-ui.css")
OWN_ASSETS = ("anyam.css", "anyam.js", "docs.js", "icon.svg", "weave.svg")

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape()
)


class Entry(TypedDict):
    """One error of the catalogue, in both languages."""

    code: str
    status: int
    title: dict[str, str]
    detail: dict[str, str]


def page(template: str, **members: object) -> HTMLResponse:
    """Render a page that loads nothing from another host."""
    return HTMLResponse(_templates.get_template(template).render(**members), headers=PAGE_HEADERS)


def catalogue(path: Path) -> list[Entry]:
    """Return every error of the platform: the generated file, or what this process knows itself."""
    if path.exists():
        entries: list[Entry] = json.loads(path.read_bytes())
        return sorted(entries, key=lambda entry: entry["code"])
    return [_entry(problem) for _, problem in sorted(Problem.catalogue.items())]


def _entry(problem: type[Problem]) -> Entry:
    return {
        "code": problem.code,
        "status": int(problem.status),
        "title": {"id": problem.title.id, "en": problem.title.en},
        "detail": {"id": problem.detail.id, "en": problem.detail.en},
    }


def _language(request: Request) -> Language:
    return language_of(request.headers.get("accept-language"))


@cache
def _asset(name: str) -> bytes:
    if name in SWAGGER:
        return resources.files("fastapi_swagger.resources").joinpath(name).read_bytes()
    return (HERE / "assets" / name).read_bytes()


def _document(path: Path) -> Response:
    if not path.exists():
        raise NoSuchPage
    return Response(path.read_bytes(), media_type="application/json")


def documentation(settings: Settings) -> APIRouter:
    """Return the page of all operations, and the documents of operations and events."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/docs")
    async def docs() -> HTMLResponse:
        return page("docs.html")

    @routes.get("/openapi.json")
    async def openapi() -> Response:
        return _document(settings.openapi_file)

    @routes.get("/asyncapi.json")
    async def asyncapi() -> Response:
        return _document(settings.asyncapi_file)

    return routes


def errors(settings: Settings) -> APIRouter:
    """Return the catalogue of errors; the `type` of a problem is the address of its page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/problems")
    async def problems(request: Request) -> HTMLResponse:
        entries = catalogue(settings.problems_file)
        return page("problems.html", entries=entries, language=_language(request))

    @routes.get("/problems.json")
    async def document() -> JSONResponse:
        return JSONResponse(catalogue(settings.problems_file))

    @routes.get("/problems/{code}")
    async def problem(code: str, request: Request) -> HTMLResponse:
        entries = [entry for entry in catalogue(settings.problems_file) if entry["code"] == code]
        if not entries:
            raise NoSuchPage
        return page("problems.html", entries=entries, language=_language(request), one=True)

    return routes


def assets() -> APIRouter:
    """Return the files that the pages load; nothing comes from another host."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/assets/{name}")
    async def asset(name: str) -> Response:
        if name not in SWAGGER + OWN_ASSETS:
            raise NoSuchPage
        headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return Response(_asset(name), media_type=KINDS[Path(name).suffix], headers=headers)

    @routes.get("/favicon.ico")
    async def favicon() -> Response:
        return Response(_asset("icon.svg", "weave.svg"), media_type=KINDS[".svg"])

    return routes


def front_page(figures: Figures, health: Health) -> APIRouter:
    """Return the front page and the live figures that it polls."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    async def front() -> HTMLResponse:
        return await _front(figures, health)

    @routes.get("/figures.json")
    async def live() -> JSONResponse:
        snapshot = await figures.read()
        document = {
            "figures": snapshot.figures,
            "samples": snapshot.samples,
            "services": await health.services(),
        }
        return JSONResponse(document, headers={"Cache-Control": "no-store"})

    return routes


async def _front(figures: Figures, health: Health) -> HTMLResponse:
    snapshot = await figures.read()
    return page(
        "front.html",
        story=STORY,
        figures=snapshot.figures,
        splits=[split for split in SPLITS if split.key in snapshot.samples],
        samples=snapshot.samples,
        services=await health.services(),
    )
