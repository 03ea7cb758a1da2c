"""An officer's file reaches no family outside the officer's area, whatever it tells."""

from tests.people import BANTUL_OFFICER
from tests.registry.families import BANTUL_DESA, KEBASEN, card, registered
from tests.registry.imports.files import faults, file_of, line, upload, work
from tests.world import World


async def test_nobody_takes_a_family_over_by_telling_that_it_moved(world: World) -> None:
    [family] = await registered(world, 1)
    moved = file_of([line(card(1), desa_code=BANTUL_DESA), line(card(2, desa_code=BANTUL_DESA))])

    job = (await upload(world, moved, as_=BANTUL_OFFICER)).json()
    await work(world)

    [fault] = await faults(world, job)
    assert (fault["column"], fault["code"]) == ("reference", "outside_your_region")
    shown = await world.registry.read(f"/v1/households/{family}")
    assert (shown["desa_code"], shown["version"]) == (KEBASEN, 1)
    assert (await world.registry.read(f"/v1/household-imports/{job['id']}"))["counts"]["new"] == 1
