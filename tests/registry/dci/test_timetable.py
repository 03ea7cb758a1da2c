"""When collected notifications go out, whichever way the cron expression is written."""

from datetime import UTC, datetime

import pytest

from services.registry.dci.subscriptions.timetable import TimetableInvalid, read_timetable

SATURDAY = datetime(2025, 3, 1, 2, 0, tzinfo=UTC)  # 09:00 in Jakarta


@pytest.mark.parametrize(
    ("cron", "rings"),
    [
        ("0 18 * * *", "2025-03-01T11:00"),
        ("0 0 18 * * ?", "2025-03-01T11:00"),
        ("0 0 18 * * ? *", "2025-03-01T11:00"),
        ("30 * * * *", "2025-03-01T02:30"),
        ("*/20 9 * * *", "2025-03-01T02:20"),
        ("0 9 * * *", "2025-03-02T02:00"),
        ("0 6-8/2,20 * * *", "2025-03-01T13:00"),
        ("0 6 5,15 * ?", "2025-03-04T23:00"),
        ("0 0 0 5,15 * ? *", "2025-03-04T17:00"),
        ("0 6 * * 1", "2025-03-02T23:00"),
        ("0 0 6 ? * 2", "2025-03-02T23:00"),
        ("0 6 * * 0", "2025-03-01T23:00"),
        ("0 6 * * 7", "2025-03-01T23:00"),
        ("0 0 6 ? * 1", "2025-03-01T23:00"),
        ("0 0 29 2 *", "2028-02-28T17:00"),
    ],
)
def test_it_rings_in_the_time_of_jakarta(cron: str, rings: str) -> None:
    assert read_timetable(cron).after(SATURDAY) == datetime.fromisoformat(f"{rings}+00:00")


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "daily",
        "* * * *",
        "0 0 31 2 *",
        "60 0 * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "0 0 ? * 0 *",
        "0 0 1 * 1",
        "0 0 L * *",
        "0 0 * * MON",
        "0 0 * * 1#2",
        "5 0 0 * * ?",
        "0 0 0 * * ? 2030",
        "0 0 */0 * *",
        "8-2 0 * * *",
        "-1 0 * * *",
        "\u0661 0 * * *",
        "1,,2 0 * * *",
    ],
)
def test_what_we_do_not_do_is_refused(cron: str) -> None:
    with pytest.raises(TimetableInvalid):
        read_timetable(cron)
