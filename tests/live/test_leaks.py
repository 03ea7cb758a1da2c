"""The search for personal data finds what is planted, and nothing in what is harmless."""

import pytest

from cli.story import cast
from tests.live.leaks import leaks

FAMILY = cast.families()[6]
PERSON = FAMILY.members[0]


@pytest.mark.parametrize(
    "planted",
    [
        PERSON.nik,
        f'{{"event": "household.registered", "nik": "{PERSON.nik}"}}',
        f"kk={FAMILY.kk_number};",
        f"https://example.id/v1/households/{PERSON.nik}?x=1",
        f'{{"name": "{PERSON.name}"}}',
        f"Selamat, {PERSON.name.upper()}!",
        f"status={PERSON.name.replace(' ', '+')}&limit=1",
        "+6281200000007",
        '"phone": "081200000007"',
        "traceparent 00-11111111111111111111111111111111-1111111111111111-01 of 3302052107750000",
    ],
)
def test_what_is_planted_is_found(planted: str) -> None:
    assert list(leaks(planted)) != []


@pytest.mark.parametrize(
    "harmless",
    [
        "nik 3302********0001 of OOA-0007",
        "00-0af7651916cd43dd8448eb211c80319c-1234567890123456-01",
        "http_request_seconds_sum 0.1234567890123456",
        "019312ab-7c1f-7c41-8d3a-1234567890ab",
        "SSCC 003400000000000017",
        '"span_id":"0x1234567890123456"',
        "33.02.05.2007",
    ],
)
def test_what_is_harmless_is_left_alone(harmless: str) -> None:
    assert list(leaks(harmless)) == []
