"""The ministry's desk, spoken to in its own words: families, programmes, trainings, groups."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import httpx
from sqlmodel import SQLModel

from contracts.export import EarningRecorded, SlipPaid
from contracts.registry import (
    CaseloadAssigned,
    DecileRecorded,
    HouseholdRegistered,
    HouseholdStatus,
    HouseholdStatusChanged,
)
from kernel.auth import Actor
from kernel.ids import new_id
from kernel.money import rupiah
from tests.people import KEMENSOS, KEMENSOS_CHECKER
from tests.world import Json, World

KALISALAK: Final = "33.02.05.2007"
"""The pilot village, in Kabupaten Banyumas."""
SUMBERAGUNG: Final = "34.02.09.2001"
"""A desa in Kabupaten Bantul."""

MARCH: Final = "2025-03-03"
POOR: Final = [{"rule": "decile_at_most", "value": 2}]


class Ministry:
    """Drives the empowerment service; everything happens in 2025."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.http = world.empowerment

    # Families, as the registry tells of them.

    async def families(
        self,
        count: int,
        *,
        decile: int | None = 1,
        desa_code: str = KALISALAK,
        adult_women: int = 1,
        facilitator_id: UUID | None = None,
    ) -> list[str]:
        """Let the registry tell of so many families that receive aid."""
        ids = [new_id() for _ in range(count)]
        registry = self.world.registry
        registry.used = True
        async with registry.database.transaction() as uow:
            for each in ids:
                registered = HouseholdRegistered(
                    household_id=each,
                    desa_code=desa_code,
                    member_count=4,
                    adult_women=adult_women,
                    registered_on=date(2025, 3, 1),
                )
                uow.publish(registered, key=each)
                uow.publish(self.assisted(each), key=each)
                if decile is not None:
                    uow.publish(self.ranked(each, decile), key=each)
                if facilitator_id is not None:
                    uow.publish(self.entrusted(each, facilitator_id), key=each)
        await self.world.settle()
        return [str(each) for each in ids]

    async def family(self, **known: Json) -> str:
        """Let the registry tell of one family."""
        (household_id,) = await self.families(1, **known)
        return household_id

    def assisted(self, household_id: UUID) -> HouseholdStatusChanged:
        """Return that a family receives aid."""
        return self.became(household_id, HouseholdStatus.ASSISTED)

    def became(self, household_id: UUID, status: HouseholdStatus) -> HouseholdStatusChanged:
        """Return that a family stands elsewhere."""
        return HouseholdStatusChanged(
            household_id=household_id, status=status, changed_on=date(2025, 3, 1), reason="story"
        )

    def ranked(self, household_id: UUID, decile: int, *, cycle: str = "2025Q1") -> DecileRecorded:
        """Return that BPS ranked a family in a cycle of 2025."""
        month = 3 * int(cycle[-1])
        return DecileRecorded(
            household_id=household_id,
            cycle=cycle,
            decile=decile,
            reference_date=date(2025, month, 1),
        )

    def entrusted(self, household_id: UUID, facilitator_id: UUID) -> CaseloadAssigned:
        """Return that a pendamping accompanies a family."""
        return CaseloadAssigned(
            facilitator_id=facilitator_id, household_id=household_id, assigned_on=date(2025, 3, 1)
        )

    async def paid(self, household_id: str, amount: int, *, on: date) -> None:
        """Let the export service tell that a family was paid, in rupiah."""
        slip = SlipPaid(
            slip_id=new_id(),
            batch_id=new_id(),
            household_id=UUID(household_id),
            accepted_pieces=max(1, amount // 30_000),
            amount=rupiah(amount),
            paid_on=on,
        )
        await self.world.announce(slip, key=slip.slip_id)

    async def judged(self, household_id: str, *, accepted: int, rejected: int, on: date) -> None:
        """Let the export service tell how a family's pieces did in quality control."""
        earning = EarningRecorded(
            earning_id=new_id(),
            household_id=UUID(household_id),
            lot_id=new_id(),
            order_id=new_id(),
            accepted_pieces=accepted,
            rejected_pieces=rejected,
            amount=rupiah(30_000 * accepted),
            earned_on=on,
        )
        await self.world.announce(earning, key=earning.earning_id)

    # Agencies and programmes.

    async def agency(self, code: str = "KEMENSOS", **changed: Json) -> dict[str, Json]:
        """Record a ministry."""
        body = {"code": code, "name": code.title(), "kind": "ministry", "valid_from": "2024-10-21"}
        return await self.http.do("/v1/agencies", {**body, **changed})

    async def programme(
        self, code: str = "KB-2025", *, owner: str = "KEMENSOS", **changed: Json
    ) -> dict[str, Json]:
        """Draft a programme for the poorest two tenths, and open it."""
        if (await self.http.read(f"/v1/agencies?code={owner}"))["items"] == []:
            await self.agency(owner)
        draft = await self.http.do("/v1/programmes", self.programme_of(code, owner, **changed))
        return await self.http.do(f"/v1/programmes/{draft['id']}/open")

    def programme_of(self, code: str, owner: str, **changed: Json) -> dict[str, Json]:
        """Return the body of a programme."""
        body = {
            "code": code,
            "name": "Kampung Berdaya 2025",
            "owner_agency_code": owner,
            "scheme": "kampung_berdaya",
            "eligibility": POOR,
            "quota": 350,
            "starts_on": "2025-03-01",
            "ends_on": "2025-12-31",
        }
        return {**body, **changed}

    # Enrolments.

    async def propose(
        self, programme: dict[str, Json], household_id: str, **rest: Json
    ) -> httpx.Response:
        """Propose a family."""
        body = {
            "programme_id": programme["id"],
            "household_id": household_id,
            "proposed_on": MARCH,
        }
        return await self.http.post("/v1/enrolments", body, **rest)

    async def proposed(self, programme: dict[str, Json], household_ids: Sequence[str]) -> list[str]:
        """Propose families that are eligible; return the enrolments."""
        items = [
            {"programme_id": programme["id"], "household_id": each, "proposed_on": MARCH}
            for each in household_ids
        ]
        answer = await self.http.do(
            "/v1/enrolments/batch", {"on_error": "rollback", "items": items}
        )
        return [result["id"] for result in answer["results"]]

    async def step(
        self, enrolment_id: str, verb: str, *, on: str = MARCH, as_: Actor = KEMENSOS_CHECKER
    ) -> httpx.Response:
        """Let a verb happen to an enrolment."""
        body = {"on": on, "reason": "sesuai berkas"}
        return await self.http.post(f"/v1/enrolments/{enrolment_id}/{verb}", body, as_=as_)

    async def move(
        self, ids: Sequence[str], verb: str, *, on: str = MARCH, on_error: str = "rollback"
    ) -> list[dict[str, Json]]:
        """Let a verb happen to many enrolments."""
        body = {"move": verb, "ids": list(ids), "on": on, "on_error": on_error}
        answer = await self.http.do("/v1/enrolments/moves", body, as_=KEMENSOS_CHECKER)
        results: list[dict[str, Json]] = answer["results"]
        return results

    async def enrolled(self, programme: dict[str, Json], household_ids: Sequence[str]) -> list[str]:
        """Let families take part in a programme."""
        ids = await self.proposed(programme, household_ids)
        for verb in ("approve", "activate"):
            await self.move(ids, verb)
        return ids

    # Trainings.

    async def training(
        self, programme: dict[str, Json], code: str = "AG-01", **changed: Json
    ) -> dict[str, Json]:
        """Plan three days of weaving."""
        body = {
            "code": code,
            "programme_id": programme["id"],
            "course_code": "ANYAM-DASAR",
            "skill": "anyaman eceng gondok",
            "desa_code": KALISALAK,
            "starts_on": "2025-03-10",
            "seats": 20,
        }
        return await self.http.do("/v1/trainings", {**body, **changed})

    async def seat(self, training: dict[str, Json], household_ids: Sequence[str]) -> httpx.Response:
        """Give families a seat."""
        path = f"/v1/trainings/{training['id']}/participants"
        return await self.http.post(path, {"household_ids": list(household_ids)})

    async def teach(self, training: dict[str, Json], verb: str, **body: Json) -> httpx.Response:
        """Let a verb happen to a training."""
        return await self.http.post(f"/v1/trainings/{training['id']}/{verb}", body or None)

    async def train(
        self, programme: dict[str, Json], scores: dict[str, int], *, code: str = "AG-01"
    ) -> dict[str, Json]:
        """Run a whole training: everybody comes on all three days and is scored."""
        training = await self.training(programme, code)
        await self.seat(training, list(scores))
        await self.teach(training, "start")
        for day in (1, 2, 3):
            await self.teach(training, "attendance", day=day, present=list(scores))
        results = [{"household_id": each, "score": score} for each, score in scores.items()]
        await self.teach(training, "assessments", results=results)
        answer = await self.teach(training, "complete", completed_on="2025-03-12")
        assert answer.is_success, answer.text
        return await self.http.read(f"/v1/trainings/{training['id']}")

    # Groups.

    async def group(self, number: str = "KUBE-01", **changed: Json) -> dict[str, Json]:
        """Form a group in Kalisalak."""
        body = {
            "number": number,
            "name": "Mekar Jaya",
            "desa_code": KALISALAK,
            "formed_on": "2025-03-15",
        }
        return await self.http.do("/v1/groups", {**body, **changed})

    async def join(
        self, group: dict[str, Json], household_ids: Sequence[str], *, on: str = "2025-03-16"
    ) -> httpx.Response:
        """Let families join a group."""
        body = {"household_ids": list(household_ids), "joined_on": on}
        return await self.http.post(f"/v1/groups/{group['id']}/members", body)

    async def govern(self, group: dict[str, Json], officers: Sequence[str]) -> httpx.Response:
        """Name chair, secretary and treasurer."""
        roles = dict(zip(("chair", "secretary", "treasurer"), officers, strict=True))
        return await self.http.post(f"/v1/groups/{group['id']}/roles", roles)

    async def activate(self, group: dict[str, Json], *, on: str = "2025-03-20") -> httpx.Response:
        """Let a group begin to work."""
        return await self.http.post(f"/v1/groups/{group['id']}/activate", {"activated_on": on})

    async def working_group(
        self, household_ids: Sequence[str], number: str = "KUBE-01"
    ) -> dict[str, Json]:
        """Form a group of these families, and let it begin."""
        group = await self.group(number)
        for answer in (
            await self.join(group, household_ids),
            await self.govern(group, household_ids[:3]),
            await self.activate(group),
        ):
            assert answer.is_success, answer.text
        return group

    # Graduation.

    async def readiness(self, household_id: str, *, on: str, language: str = "id") -> Json:
        """Ask how ready a family is."""
        return await self.http.read(
            f"/v1/readiness/{household_id}?on={on}", headers={"Accept-Language": language}
        )

    async def propose_graduation(
        self,
        household_id: str,
        *,
        on: str = "2025-10-01",
        exit_kind: str = "self_reliant",
        as_: Actor = KEMENSOS,
    ) -> httpx.Response:
        """Propose that a family graduates."""
        body = {"household_id": household_id, "exit_kind": exit_kind, "proposed_on": on}
        return await self.http.post("/v1/graduation-proposals", body, as_=as_)

    async def decide(
        self,
        proposal: dict[str, Json],
        verb: str,
        *,
        on: str = "2025-10-15",
        as_: Actor = KEMENSOS_CHECKER,
    ) -> httpx.Response:
        """Approve, refuse or reverse."""
        day = "reversed_on" if verb == "reverse" else "decided_on"
        body = {day: on, "reason": "sesuai bukti"}
        path = f"/v1/graduation-proposals/{proposal['id']}/{verb}"
        return await self.http.post(path, body, as_=as_)

    async def verified(
        self, household_id: str, monthly: int, *, months: int = 6, document: str = "SKU-1"
    ) -> httpx.Response:
        """Record further income that an officer looked into."""
        body = {
            "household_id": household_id,
            "source": "warung",
            "monthly_amount": {"amount": f"{monthly}.00", "currency": "IDR"},
            "months": months,
            "verified_on": "2025-09-20",
            "document_number": document,
        }
        return await self.http.post("/v1/income-verifications", body)

    # What is kept, for tests of the database's own guards.

    async def keep(self, *rows: SQLModel) -> None:
        """Write rows past every verb."""
        async with self.http.database.transaction() as uow:
            uow.add(*rows)
