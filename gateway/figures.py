"""The story's figures, read live from the services that know them."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from gateway.asking import ask
from gateway.internal import GATEWAY_ITSELF, InternalTokens
from gateway.upstream import Upstream
from kernel.problems import Problem

TIMEOUT = 1.0
KEPT_SECONDS = 2.0
UNKNOWN = "—"
MILLION = Decimal(1_000_000)
BILLION = Decimal(1_000_000_000)
COMMAS = str.maketrans(",.", ".,")


@dataclass(frozen=True)
class Figure:
    """One number of the story: who knows it, by which names, and what it says."""

    service: str
    names: tuple[str, ...]
    id: str
    en: str

    @property
    def key(self) -> str:
        """Return the name that no other figure has."""
        return f"{self.service}.{self.names[0]}"


STORY = (
    Figure("registry", ("households",), "keluarga penerima manfaat (KPM)", "families"),
    Figure("registry", ("kabupaten",), "kabupaten", "regencies"),
    Figure("empowerment", ("groups", "groups_active"), "kelompok usaha (KUBE)", "producer groups"),
    Figure("export", ("pieces", "pieces_shipped"), "keranjang dikirim", "baskets shipped"),
    Figure("export", ("containers", "containers_released"), "kontainer", "containers"),
    Figure("export", ("value", "export_value"), "nilai ekspor", "export value"),
    Figure("empowerment", ("graduated",), "keluarga lulus dari bantuan", "graduated from aid"),
    Figure("financing", ("referred",), "dirujuk ke pembiayaan", "referred to lenders"),
    Figure("financing", ("disbursed",), "pembiayaan dicairkan", "loans disbursed"),
)
# The sources give no splits: what these say is sample data, and the page says so.
SPLITS = (
    Figure("registry", ("by_kabupaten",), "Keluarga per kabupaten", "families per regency"),
    Figure(
        "export",
        ("by_kabupaten",),
        "Keranjang diterima per kabupaten",
        "accepted baskets per regency",
    ),
    Figure("export", ("by_container",), "Keranjang per kontainer", "baskets per container"),
)

Shown = dict[str, dict[str, str]]
Samples = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Snapshot:
    """The figures as people read them, by key and language, and the sample splits by key."""

    figures: Shown
    samples: Samples


class Figures:
    """Reads the summaries of all services, at most once in two seconds."""

    def __init__(self, upstreams: Mapping[str, Upstream], internal: InternalTokens) -> None:
        self._upstreams = upstreams
        self._internal = internal
        self._lock = asyncio.Lock()
        self._read_at = float("-inf")
        self._last = Snapshot({}, {})

    async def read(self) -> Snapshot:
        """Return the figures; one that cannot be had now is shown as a dash."""
        async with self._lock:
            if time.monotonic() - self._read_at > KEPT_SECONDS:
                self._last = await self._ask_all()
                self._read_at = time.monotonic()
        return self._last

    async def _ask_all(self) -> Snapshot:
        names = list(self._upstreams)
        answers = await asyncio.gather(*(self._summary(name) for name in names))
        known = dict(zip(names, answers, strict=True))
        names_of = _names(_figure(known["registry"], SPLITS[0]))
        splits = {
            split.key: _split(_figure(known[split.service], split), names_of) for split in SPLITS
        }
        return Snapshot(
            figures={figure.key: shown(_figure(known[figure.service], figure)) for figure in STORY},
            samples={key: split for key, split in splits.items() if split},
        )

    async def _summary(self, service: str) -> dict[str, object]:
        authorization = self._internal.authorization(GATEWAY_ITSELF, service)
        try:
            answer = await ask(
                self._upstreams[service],
                f"/v1/summaries/{service}",
                within=TIMEOUT,
                authorization=authorization,
            )
            document = json.loads(answer.body) if answer.status == 200 else {}
        except (Problem, TimeoutError, OSError, ValueError):
            return {}
        return document if isinstance(document, dict) else {}


def _figure(summary: Mapping[str, object], figure: Figure) -> object:
    figures = summary.get("figures")
    if not isinstance(figures, dict):
        return None
    return next((figures[name] for name in figure.names if name in figures), None)


def _names(found: object) -> dict[str, str]:
    """Return the names of regions by code, from `{code: {"name": name, ...}}`."""
    rows = found.items() if isinstance(found, dict) else ()
    return {code: str(row["name"]) for code, row in rows if isinstance(row, dict) and "name" in row}


def _split(found: object, names: Mapping[str, str]) -> dict[str, int]:
    """Return counts by label, from `{label or code: count}` or `{code: {..., "any": count}}`."""
    counts: dict[str, int] = {}
    for code, value in found.items() if isinstance(found, dict) else ():
        numbers = value.values() if isinstance(value, dict) else (value,)
        count = next((number for number in numbers if isinstance(number, int)), None)
        if count is not None:
            counts[names.get(code, str(code))] = count
    return counts


def shown(value: object) -> dict[str, str]:
    """Return a number or an amount of money as it is written in Indonesian and in English."""
    if isinstance(value, dict):
        return _money(value.get("amount"))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return {"id": UNKNOWN, "en": UNKNOWN}
    return {"id": _grouped(value).replace(",", "."), "en": _grouped(value)}


def _grouped(value: float) -> str:
    return f"{value:,.0f}"


def _money(amount: object) -> dict[str, str]:
    try:
        rupiah = Decimal(str(amount))
    except InvalidOperation:
        return {"id": UNKNOWN, "en": UNKNOWN}
    number, id_unit, en_unit = _scaled(rupiah)
    return {"id": f"Rp {number.translate(COMMAS)}{id_unit}", "en": f"IDR {number}{en_unit}"}


def _scaled(rupiah: Decimal) -> tuple[str, str, str]:
    """Write "Rp 1,1 miliar" and "IDR 1.1 billion": "M" would be read as a million in English."""
    if rupiah >= BILLION:
        return f"{rupiah / BILLION:.1f}", " miliar", " billion"
    if rupiah >= MILLION:
        return f"{rupiah / MILLION:.1f}", " juta", " million"
    return f"{rupiah:,.0f}", "", ""
