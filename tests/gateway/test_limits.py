"""Quotas: told in every answer, and kept."""

from pathlib import Path

from gateway.limits import Buckets
from tests.gateway.world import Door, Mirror, gateway, served


async def test_every_answer_tells_the_quota(door: Door) -> None:
    response = await door.call("GET", "/v1/orders")

    assert response.headers["ratelimit-policy"] == '"burst";q=12000;w=60'
    assert response.headers["ratelimit"].startswith('"burst";r=119')


async def test_a_client_over_its_quota_is_told_when_to_come_back(tmp_path: Path) -> None:
    async with (
        served(Mirror()) as url,
        gateway(tmp_path, upstream=url, rate_quota=3, rate_window=60) as door,
    ):
        answers = [await door.call("GET", "/v1/orders") for _ in range(4)]
        stranger = await door.http.get("/v1/items/1")

    assert [response.status_code for response in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"] == "20"
    assert answers[-1].headers["ratelimit"] == '"burst";r=0;t=20'
    assert answers[-1].json()["code"] == "GTW-0008"
    assert stranger.status_code == 200


def test_a_bucket_refills_evenly_and_never_above_its_quota() -> None:
    now = [0.0]
    buckets = Buckets(quota=10, window=10, clock=lambda: now[0])
    for _ in range(10):
        assert buckets.take("a").granted
    assert not buckets.take("a").granted

    now[0] = 2.0
    after_two_seconds = [buckets.take("a").granted for _ in range(3)]
    now[0] = 1000.0
    after_long = sum(buckets.take("a").granted for _ in range(20))

    assert after_two_seconds == [True, True, False]
    assert after_long == 10


def test_clients_do_not_share_a_bucket() -> None:
    buckets = Buckets(quota=1, window=60, clock=lambda: 0.0)

    assert buckets.take("a").granted
    assert buckets.take("b").granted
