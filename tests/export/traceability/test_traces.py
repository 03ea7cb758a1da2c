"""Goods are followed from fibre to container, and back, without a name."""

from tests.export.workshop import CONTAINERS, Workshop


async def test_a_lot_is_traced_to_its_makers_its_fibre_and_its_container(
    workshop: Workshop,
) -> None:
    group = await workshop.group()
    bale = await workshop.bale()
    issued = await workshop.move_material("issues", group, bale, 100)
    assert issued.status_code == 201, issued.text
    lot = await workshop.accepted_lot(group, 10, 8)
    await workshop.loaded_shipment(group, lot=lot)

    trace = await workshop.export.read(f"/v1/lots/{lot['id']}/trace")

    siti, dewi = (str(maker) for maker in group.makers[:2])
    assert {each["household_id"]: each["accepted"] for each in trace["makers"]} == {
        siti: 10,
        dewi: 8,
    }
    assert [(each["reference"], each["grams"]) for each in trace["materials"]] == [
        (bale["reference"], 18 * 750)
    ]
    [carton] = trace["cartons"]
    assert (carton["container_number"], carton["seal_number"]) == (CONTAINERS[0], "SEAL-3054")
    assert (carton["pieces"], carton["shipment_reference"]) == (18, "S-1")


async def test_a_carton_is_traced_back_to_its_makers(workshop: Workshop) -> None:
    group = await workshop.group()
    lot = await workshop.accepted_lot(group, 10)
    shipment = await workshop.loaded_shipment(group, lot=lot)
    [carton] = (await workshop.export.read(f"/v1/shipments/{shipment['id']}/cartons"))["items"]

    trace = await workshop.export.read(f"/v1/cartons/{carton['sscc']}/trace")

    [origin] = trace["lots"]
    assert origin["lot_number"] == lot["lot_number"]
    assert [each["household_id"] for each in origin["makers"]] == [str(group.makers[0])]


async def test_a_bale_is_traced_forward_to_its_containers(workshop: Workshop) -> None:
    group = await workshop.group()
    bale = await workshop.bale()
    await workshop.move_material("issues", group, bale, 100)
    lot = await workshop.accepted_lot(group, 10)
    await workshop.loaded_shipment(group, lot=lot)

    trace = await workshop.export.read(f"/v1/material-lots/{bale['id']}/trace")

    assert [(each["lot_id"], each["grams"]) for each in trace["lots"]] == [(lot["id"], 7500)]
    assert [each["container_number"] for each in trace["cartons"]] == [CONTAINERS[0]]
