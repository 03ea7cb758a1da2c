"""The next decree's codes are one command away, and what was known stays known."""

import csv
import io
import tarfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from services.registry.regions import decree, facts
from services.registry.regions.facts import Fact
from services.registry.regions.models import Level, level_of, parent_of

FIRST_DAY = date(2027, 3, 1)
JAWA = {"33": "Jawa Tengah", "33.02": "Kabupaten Banyumas", "33.02.05": "Kebasen"}
KALISALAK, GAMBARSARI = "33.02.05.2007", "33.02.05.2008"


def package(folder: Path, names: dict[str, str]) -> Path:
    path = folder / "idn-area-data.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for depth, table in enumerate(decree.TABLES):
            rows = [(code, name) for code, name in names.items() if code.count(".") == depth]
            text = io.StringIO()
            csv.writer(text).writerows([("code", "name"), *rows])
            content = text.getvalue().encode()
            entry = tarfile.TarInfo(f"package/data/{table}.csv")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def test_a_decree_ends_codes_begins_codes_and_renames(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "regions.csv.xz"
    before = package(tmp_path, {**JAWA, KALISALAK: "Kalisalak"})
    decree.main([str(before), "--table", str(table)])
    after = package(tmp_path, {**JAWA, "33.02.05": "Kebasen  Raya", GAMBARSARI: "Gambarsari"})

    decree.main([str(after), "--table", str(table), "--in-force", FIRST_DAY.isoformat()])

    assert facts.read(table) == [
        Fact("33", "Jawa Tengah"),
        Fact("33.02", "Banyumas"),
        Fact("33.02.05", "Kebasen Raya"),
        Fact(KALISALAK, "Kalisalak", None, FIRST_DAY),
        Fact(GAMBARSARI, "Gambarsari", FIRST_DAY, None),
    ]
    assert capsys.readouterr().out.splitlines()[-1] == (
        "1 province, 1 kabupaten, 1 kecamatan, 1 desa; 1 codes no longer valid"
    )


def test_the_same_decree_again_changes_nothing(tmp_path: Path) -> None:
    table = tmp_path / "regions.csv.xz"
    told = package(tmp_path, {**JAWA, "93": "Papua Selatan"})
    decree.main([str(told), "--table", str(table)])
    once = table.read_bytes()

    decree.main([str(told), "--table", str(table), "--in-force", FIRST_DAY.isoformat()])

    assert table.read_bytes() == once
    assert facts.read(table)[-1].valid_from == date(2022, 7, 25)


def test_a_region_in_no_other_is_refused(tmp_path: Path) -> None:
    told = package(tmp_path, {"33": "Jawa Tengah", "33.02.05": "Kebasen"})

    with pytest.raises(ValueError, match=r"33\.02\.05"):
        decree.main([str(told), "--table", str(tmp_path / "regions.csv.xz")])


def test_the_table_shipped_is_the_decree_of_2025() -> None:
    known = facts.read()

    valid = Counter(level_of(fact.code) for fact in known if fact.valid_until is None)
    assert valid == {
        Level.PROVINCE: 38,
        Level.KABUPATEN: 514,
        Level.KECAMATAN: 7_285,
        Level.DESA: 83_762,
    }
    assert len(known) - valid.total() == 117


def test_every_region_lies_in_one_that_is_older() -> None:
    known = {fact.code: fact for fact in facts.read()}

    ages = [
        (fact.valid_from or date.min, known[around].valid_from or date.min)
        for fact in known.values()
        if (around := parent_of(fact.code))
    ]
    assert all(region >= around for region, around in ages)
