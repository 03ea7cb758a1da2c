import time, cProfile, pstats
from tests.empowerment.ministry import Ministry

async def test_bench(ministry: Ministry) -> None:
    fams = await ministry.families(350)
    p = await ministry.programme()
    def lap(name, t): print("LAP", name, round((time.perf_counter()-t)*1000), "ms")
    ids = await ministry.proposed(p, fams)
    await ministry.move(ids,"approve"); await ministry.move(ids,"activate")
    await ministry.train(p, dict.fromkeys(fams[:20],80))
    for _ in range(2):
        t=time.perf_counter(); await ministry.http.read("/v1/summaries/empowerment"); lap("summary",t)
        t=time.perf_counter(); await ministry.http.read("/v1/readiness?limit=200&on=2025-10-01"); lap("readiness200",t)
    await ministry.propose_graduation(fams[30], exit_kind="natural")
    pr=cProfile.Profile(); pr.enable()
    t=time.perf_counter()
    for f in fams[:20]: await ministry.propose_graduation(f, exit_kind="natural")
    lap("propose x20",t)
    pr.disable()
    t=time.perf_counter()
    for f in fams[:20]: await ministry.readiness(f,on="2025-10-01")
    lap("readiness x20",t)
    t=time.perf_counter()
    for f in fams[:20]: await ministry.http.read(f"/v1/candidates/{f}")
    lap("candidate x20",t)
    pstats.Stats(pr).sort_stats("cumtime").print_stats(60)
