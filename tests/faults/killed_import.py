"""The registry is killed while it applies a file of thousands of families."""

from uuid import UUID

from tests.faults.calls import Command
from tests.faults.scenario import Trial, Verdict, scenario
from tests.faults.stand import BACK_SECONDS, Stand, open_stand
from tests.registry.families import card
from tests.registry.imports.files import file_of, line
from tests.waiting import until

DESA = "33.07.05.2008"
REGISTRAR, CHECKER = "kemensos-registrar", "kemensos-checker"

PLACE = "SELECT state, phase, done FROM household_imports WHERE id = $1"
FAMILIES = "SELECT reference, id, version FROM households WHERE reference LIKE $1"
REGISTERED = "registry.household.registered.v1"


@scenario(
    "import kill",
    fault="SIGKILL of the registry while it checks and applies a file",
    invariant="it resumes, each household exists once and is told once",
    short=5_000,
    long=20_000,
)
async def run(trial: Trial) -> Verdict:
    """Upload `events` families, kill in both phases, upload the file again."""
    name = f"FILE-{trial.seed}"
    text = file_of(
        {**line(card(nth, desa_code=DESA)), "reference": f"{name}-{nth:05}"}
        for nth in range(1, trial.events + 1)
    )
    async with open_stand() as stand:
        upload = f"/v1/household-imports?filename={name}.csv"
        job = await stand.callers.do(Command(REGISTRAR, upload, text))
        job_id, path = UUID(job["id"]), f"/v1/household-imports/{job['id']}"
        places = [await _kill_when(stand, job_id, phase="check", done=_somewhere(trial))]
        await _reaches(stand, job_id, "checked")
        await stand.callers.do(Command(CHECKER, f"{path}/approve"))
        places.append(await _kill_when(stand, job_id, phase="apply", done=_somewhere(trial)))
        await _reaches(stand, job_id, "applied")
        verdict = await _count(stand, name, families=trial.events)
        verdict.faults = len(places)
        verdict.figures = {"killed in the check after": places[0], "in the apply after": places[1]}
        verdict.broken += await _again(stand, upload, text, job=str(job_id), name=name)
        return verdict


def _somewhere(trial: Trial) -> int:
    return trial.dice.randrange(1, trial.events // 2)


async def _kill_when(stand: Stand, job_id: UUID, *, phase: str, done: int) -> int:
    """Kill the registry once so many rows of a phase are done; return how many were."""

    async def holds() -> bool:
        [row] = await stand.rows("registry", PLACE, job_id)
        return bool(row["phase"] == phase and row["done"] >= done)

    await until(holds, seconds=BACK_SECONDS)
    [row] = await stand.rows("registry", PLACE, job_id)
    await stand.end("registry", kill=True)
    return int(row["done"])


async def _reaches(stand: Stand, job_id: UUID, state: str) -> None:
    async def holds() -> bool:
        [row] = await stand.rows("registry", PLACE, job_id)
        return bool(row["state"] == state)

    await until(holds, seconds=BACK_SECONDS)


async def _count(stand: Stand, name: str, *, families: int) -> Verdict:
    rows = await stand.rows("registry", FAMILIES, f"{name}-%")
    told = await stand.told("registry", REGISTERED)
    ids = {row["id"] for row in rows}
    verdict = Verdict(acknowledged=families, events=sum(told.get(each, 0) for each in ids))
    verdict.lost = families - len({row["reference"] for row in rows})
    verdict.lost += sum(each not in told for each in ids)
    verdict.doubled = len(rows) - len({row["reference"] for row in rows})
    verdict.doubled += sum(told.get(each, 0) > 1 for each in ids)
    return verdict


async def _again(stand: Stand, upload: str, text: str, *, job: str, name: str) -> list[str]:
    before = await _count(stand, name, families=0), await stand.rows("registry", FAMILIES, "%")
    answer = await stand.callers.insist(Command(REGISTRAR, upload, text))
    after = await _count(stand, name, families=0), await stand.rows("registry", FAMILIES, "%")
    broken = [] if before == after else ["the same file again changed something"]
    if (answer.status, answer.body.get("id")) != (200, job):
        broken.append(f"the same file again was answered {answer.told}")
    return broken
