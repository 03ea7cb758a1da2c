"""Pages: in both languages, from this host alone."""

import json
import re
from pathlib import Path

import pytest

from gateway.figures import shown
from tests.gateway.world import Door, Mirror, gateway, served, unused_url

FOREIGN = re.compile(r"""(?:src|href|action|url)\s*[=(:]\s*["']?(?:https?:)?//""", re.IGNORECASE)


@pytest.mark.parametrize("path", ["/", "/docs", "/problems", "/problems/GTW-0001"])
async def test_no_page_names_another_host(door: Door, path: str) -> None:
    page = await door.http.get(path)

    assert page.status_code == 200
    assert not FOREIGN.search(page.text)
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for asset in re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text):
        assert (await door.http.get(asset)).status_code == 200, asset


async def test_the_documentation_asks_no_validator(door: Door) -> None:
    script = (await door.http.get("/assets/docs.js")).text
    styles = (await door.http.get("/assets/swagger-ui.css")).text

    assert "validatorUrl: null" in script
    assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", styles)
    assert "@import" not in styles


async def test_the_front_page_tells_the_story_with_live_figures(tmp_path: Path) -> None:
    async with served(Mirror()) as url, gateway(tmp_path, upstream=url) as door:
        page = (await door.http.get("/")).text
        live = (await door.http.get("/figures.json")).json()

    assert "12.422" in page
    assert "12,422" in page
    assert live["figures"]["registry.households"] == {"id": "350", "en": "350"}
    assert live["samples"]["registry.by_kabupaten"] == {"Bantul": 90, "Banyumas": 70}
    assert live["services"]["export"] is True
    assert "data contoh" in page


def test_amounts_are_written_so_that_no_language_misreads_them() -> None:
    value = {"amount": "1100000000.00", "currency": "IDR"}

    assert shown(value) == {"id": "Rp 1,1 miliar", "en": "IDR 1.1 billion"}
    assert shown({"amount": "88550", "currency": "IDR"})["id"] == "Rp 88.550"
    assert shown({"amount": "88550", "currency": "IDR"})["en"] == "IDR 88,550"
    assert shown({"amount": "2500000"}) == {"id": "Rp 2,5 juta", "en": "IDR 2.5 million"}
    assert shown(12422) == {"id": "12.422", "en": "12,422"}
    assert shown(None) == shown("x") == shown({}) == {"id": "—", "en": "—"}


async def test_a_service_that_is_down_is_a_dash_on_the_front_page(tmp_path: Path) -> None:
    async with (
        served(Mirror()) as url,
        gateway(tmp_path, upstream=url, export_url=unused_url()) as door,
    ):
        live = (await door.http.get("/figures.json")).json()
        page = await door.http.get("/")

    assert live["figures"]["export.pieces"] == {"id": "—", "en": "—"}
    assert live["services"] == {
        "registry": True,
        "empowerment": True,
        "export": False,
        "financing": True,
    }
    assert page.status_code == 200


async def test_the_merged_document_is_served(tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps({"openapi": "3.1.0"}))

    async with gateway(tmp_path, upstream=unused_url(), openapi_file=document) as door:
        answer = await door.http.get("/openapi.json")

    assert answer.json() == {"openapi": "3.1.0"}


async def test_the_type_of_a_problem_is_a_page(door: Door) -> None:
    problem = (await door.http.get("/v1/orders")).json()

    page = await door.http.get(problem["type"], headers={"accept-language": "en"})

    assert page.status_code == 200
    assert "Token required" in page.text
    assert "Token diperlukan" in page.text


@pytest.mark.parametrize(
    "path", ["/nothing", "/problems/XXX-0000", "/assets/../settings.py", "/assets/x"]
)
async def test_what_is_no_page_is_a_problem(door: Door, path: str) -> None:
    answer = await door.http.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_a_page_takes_only_its_own_methods(door: Door) -> None:
    answer = await door.http.delete("/oauth/token")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
