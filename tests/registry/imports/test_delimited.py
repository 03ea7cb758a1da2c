"""CSV as programs write it: separators, quotes, encodings; what is wrong names its cell."""

import io

import pytest

from kernel.problems import Problem
from services.registry.imports.cells import column_letters, column_position, split
from services.registry.imports.delimited import Delimited
from services.registry.imports.problems import EncodingWrong, FileNotReadable, QuoteOpen
from tests.registry.families import card
from tests.registry.imports.files import checked, faults, file_of, line
from tests.world import World


def read(content: bytes) -> list[list[str]]:
    text = Delimited(io.BufferedReader(io.BytesIO(content)))
    return [split(each, text.delimiter) for each in text.lines()]


@pytest.mark.parametrize("mark", [b",", b";", b"\t"])
def test_a_file_tells_its_separator(mark: bytes) -> None:
    content = b"\xef\xbb\xbf" + mark.join([b"a", b"b", b"c"]) + b"\r\n1" + mark + b"2" + mark + b"3"

    assert read(content) == [["a", "b", "c"], ["1", "2", "3"]]


def test_a_quoted_cell_may_hold_lines_and_counts_as_one_row() -> None:
    content = b'a,b\r\n"Jalan ""Mawar""\r\nRT 1",2\r\nx,y\r\n'

    assert read(content) == [["a", "b"], ['Jalan "Mawar" RT 1', "2"], ["x", "y"]]


def test_a_quote_inside_a_cell_swallows_nothing() -> None:
    assert read(b'a,b\n5" pipe,2\nx,y\n') == [["a", "b"], ['5" pipe', "2"], ["x", "y"]]


def test_marks_of_ours_cannot_be_sent() -> None:
    assert read(b"a,b\n\x1anumber_cell\x1ax,2\n")[1] == [" number_cell x", "2"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("nama;alamat\nSiti;Jalan Merdéka\n".encode("cp1252"), ("B2", "Windows-1252 (ANSI)")),
        ("nama,alamat\n".encode("utf-16"), ("A1", "UTF-16")),
        ("nama,alamat\n".encode("utf-16-le"), ("A1", "UTF-16")),
        (b'a,"b,c",d\n"x;y",z,\x81\n', ("C2", "ISO-8859 / IBM437")),
    ],
)
def test_another_encoding_is_recognised_and_its_cell_named(
    content: bytes, told: tuple[str, str]
) -> None:
    with pytest.raises(EncodingWrong) as refused:
        read(content)

    assert (refused.value.details["cell"], refused.value.details["encoding"]) == told


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'a,b\n"never closed,2\nx,y\n', QuoteOpen),
        (b'a,b\n"' + b"long\n" * 20_000, QuoteOpen),
        (b"a,b\n" + b"a" * 70_000, FileNotReadable),
        (b"a,b\nx" + b" " * 100 + b"\0,y\n", FileNotReadable),
    ],
)
def test_what_never_ends_is_refused_naming_its_row(content: bytes, problem: type[Problem]) -> None:
    with pytest.raises(problem) as refused:
        read(content)

    assert refused.value.details["row"] == 2


def test_a_column_has_the_letters_of_a_spreadsheet() -> None:
    assert [column_letters(place) for place in (0, 25, 26, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
    ]
    assert all(column_position(column_letters(place)) == place for place in range(20_000))


async def test_an_address_over_two_lines_is_one_family(world: World) -> None:
    told = [line(card(1), address="RT 1\nRW 2"), line(card(2), kk_number="1")]

    job = await checked(world, file_of(told))

    assert (job["counts"]["rows"], job["counts"]["new"]) == (2, 1)
    assert [each["cell"] for each in await faults(world, job)] == ["B3"]


async def test_a_wrong_encoding_is_told_in_both_languages(world: World) -> None:
    text = file_of([line(card(1), address="Jalan Merdéka")]).encode("cp1252")

    told = [
        await world.registry.call(
            "POST",
            "/v1/household-imports?filename=families.csv",
            content=text,
            headers={"Content-Type": "text/csv", "Accept-Language": language},
        )
        for language in ("en", "id")
    ]

    assert [each.json()["code"] for each in told] == ["REG-0641", "REG-0641"]
    assert "F2 looks like Windows-1252" in told[0].json()["detail"]
    assert "F2 tampaknya memakai Windows-1252" in told[1].json()["detail"]
