"""September: cartons, four sealed containers, papers, and the release on the ninth."""

from collections.abc import Iterator

from cli.story.stage import Answer
from cli.story.tale import Tale

A_CARTON = 20
CARTONS_A_CALL = 200
# Numbers with a valid check digit (ISO 6346), made up for the story.
CONTAINERS = ("ANYU2025015", "ANYU2025036", "ANYU2025041", "ANYU2025057")
PAPERS = (
    ("invoice", "INV/OOA/2025/09/01", "2025-09-03"),
    ("packing_list", "PL/OOA/2025/09/01", "2025-09-03"),
    ("peb", "PEB-000001-20250904", "2025-09-04"),
    ("npe", "NPE-000001-20250905", "2025-09-05"),
    ("certificate_of_origin", "SKA-000001-2025", "2025-09-05"),
)


async def pack(tale: Tale) -> str:
    """Pack every accepted piece, and return the shipment's path."""
    logistics = tale.as_("ooa-logistics")
    body = {"reference": "KIRIM-2025-09", "order_id": tale.order_id, "planned_on": "2025-09-09"}
    shipment = await logistics.do("shipment", "/v1/shipments", body)
    path = f"/v1/shipments/{shipment['id']}"
    lots = await logistics.list(f"/v1/lots?order_id={tale.order_id}&state=accepted")
    cartons = list(_cartons(sorted(lots, key=lambda lot: str(lot["reference"]))))
    for start in range(0, len(cartons), CARTONS_A_CALL):
        part = {"cartons": cartons[start : start + CARTONS_A_CALL]}
        await logistics.do(f"cartons-{start}", f"{path}/cartons", part)
    await _load(tale, path, [carton["number"] for carton in cartons])
    return path


def _cartons(lots: list[Answer]) -> Iterator[Answer]:
    contents: list[Answer] = []
    number, room = 1, A_CARTON
    for lot in lots:
        left = lot["accepted"]
        while left:
            pieces = min(left, room)
            contents.append({"lot_id": lot["id"], "pieces": pieces})
            left, room = left - pieces, room - pieces
            if not room:
                yield {"number": f"C-{number:04}", "contents": contents}
                contents, number, room = [], number + 1, A_CARTON
    if contents:
        yield {"number": f"C-{number:04}", "contents": contents}


async def _load(tale: Tale, path: str, cartons: list[str]) -> None:
    logistics = tale.as_("ooa-logistics")
    share = -(-len(cartons) // len(CONTAINERS))
    for nth, number in enumerate(CONTAINERS):
        container = {"number": number, "size_type": "45G1"}
        await logistics.do(f"container-{number}", f"{path}/containers", container)
        loaded = {"carton_numbers": cartons[nth * share : (nth + 1) * share]}
        await logistics.do(f"load-{number}", f"{path}/containers/{number}/load", loaded)
        sealed = {"seal_number": f"SEAL-{nth + 1:05}", "sealed_on": "2025-09-08"}
        await logistics.do(f"seal-{number}", f"{path}/containers/{number}/seal", sealed)


async def release(tale: Tale) -> None:
    """Complete the papers and let the containers go."""
    logistics = tale.as_("ooa-logistics")
    path = await pack(tale)
    for kind, number, issued_on in PAPERS:
        paper = {"number": number, "issued_on": issued_on}
        await logistics.put(f"{path}/documents/{kind}", paper)
    await logistics.do("release", f"{path}/release", {"released_on": "2025-09-09"})
    await logistics.do("depart", f"{path}/depart", {"on": "2025-09-12"})
