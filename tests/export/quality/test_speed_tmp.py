import time, cProfile, pstats
from tests.export.workshop import Workshop
from tests.people import OOA
import sqlalchemy as sa

async def test_speed(workshop: Workshop) -> None:
    group = await workshop.group(makers=14, pieces=4000)
    for _ in range(14): 
        pass
    bale = await workshop.bale(kilograms=5000)
    await workshop.move_material("issues", group, bale, 4000)
    n = {"sql": 0}
    eng = workshop.export.database.engine.sync_engine
    sa.event.listen(eng, "before_cursor_execute", lambda *a: n.__setitem__("sql", n["sql"] + 1))
    out = {}
    profs = {}
    async def timed(name, coro):
        if name in ("result","batch","approve"):
            pr = profs.setdefault(name, cProfile.Profile())
            pr.enable()
        t, c, s = time.perf_counter(), time.process_time(), n["sql"]
        r = await coro
        if name in profs: profs[name].disable()
        o = out.setdefault(name, [0, 0, 0, 0]); o[0] += 1; o[1] += time.perf_counter() - t; o[2] += n["sql"] - s; o[3] += time.process_time() - c
        return r
    lots = []
    for _ in range(20):
        lot = await timed("deliver", workshop.deliver(group, *[2] * 14))
        ins = await timed("inspect", workshop.inspect(lot))
        await timed("result", workshop.report(ins))
        lots.append(lot["id"])
    sh = await workshop.shipment(group)
    k = 0
    for b in range(2):
        cartons = {}
        for i in range(15):
            k += 1
            cartons[str(k)] = {lots[(b*10 + i*10//28) % 20]: 10, lots[(b*10 + i*10//28+1) % 20]: 5} if False else {lots[b*10 + i*10//28]: 5}
        r = await timed("pack", workshop.pack(sh, cartons))
        assert r.is_success, r.text
    await timed("bring", workshop.bring(sh))
    r = await timed("load", workshop.load(sh, *[str(i) for i in range(1, 31)])); assert r.is_success
    await timed("packing list", workshop.export.read(f"/v1/shipments/{sh['id']}/packing-list"))
    b = await timed("batch", workshop.batch()); assert b.is_success
    await timed("approve", workshop.settle_batch(b.json(), "approve"))
    await timed("pay", workshop.settle_batch(b.json(), "pay"))
    for k_, v in out.items():
        print(f"{k_:14} n={v[0]:3} wall={v[1]/v[0]*1000:7.1f} ms cpu={v[3]/v[0]*1000:6.1f} sql={v[2]/v[0]:.1f}")

    for n_, p in profs.items():
        print("=====", n_)
        pstats.Stats(p).sort_stats("cumulative").print_stats(45)
