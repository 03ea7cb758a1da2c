"""The house rules that a machine can check; a failing name is the rule that was broken."""

from pathlib import Path

import pytest

from tests.architecture import source

FRAMEWORKS = {"fastapi", "starlette", "sqlalchemy", "sqlmodel", "httpx", "aiokafka", "asyncpg"}
DRAWERS = {"utils", "helpers", "common", "constants", "service", "manager", "misc"}
LONGEST_FILE = 400
LONGEST_FUNCTION = 25


def test_init_files_are_empty() -> None:
    filled = [path for path in source.files() if path.name == "__init__.py" and text(path).strip()]

    assert filled == [], "the import path is the file path: nothing is re-exported"


def test_no_file_is_a_drawer() -> None:
    drawers = [
        path
        for path in source.files()
        if path.stem in DRAWERS and path != Path("kernel", "service.py")
    ]

    assert drawers == [], "name a file by what it is about"


def test_a_slice_has_the_same_file_names_as_every_other() -> None:
    without_tables = [
        folder
        for folder in source.slices()
        if not {"models.py", "process.py", "queries.py"} & names_in(folder)
    ]

    assert without_tables == [], "a slice is an aggregate (models.py), a process or a projection"


def test_a_lifecycle_stands_beside_its_models() -> None:
    alone = [
        folder
        for folder in source.slices()
        if "lifecycle.py" in names_in(folder) and "models.py" not in names_in(folder)
    ]

    assert alone == [], "a lifecycle belongs to an aggregate"


def test_lifecycles_and_contracts_know_no_framework() -> None:
    pure = [path for path in source.files() if is_pure(path)]
    knowing = {path: found for path in pure if (found := roots(path) & FRAMEWORKS)}

    assert knowing == {}


def test_only_the_kafka_transport_imports_aiokafka() -> None:
    allowed = {"kernel/transport/kafka.py", "bench/paced.py", "bench/relay.py"}  # as a yardstick

    assert {path for path in source.importers("aiokafka") if not is_test(path)} <= allowed


def test_only_one_module_of_the_kernel_imports_httpx() -> None:
    assert {path for path in source.importers("httpx") if not is_test(path)} <= {"kernel/http.py"}


def test_every_service_has_a_readme() -> None:
    without = [folder.name for folder in source.services() if not (folder / "README.md").exists()]

    assert without == [], "half a page: what it owns, events in and out, lifecycles"


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path
        for path in source.files()
        if path.name != "__init__.py" and not is_test(str(path)) and not says_what(path)
    ]

    assert silent == [], "a module docstring is one sentence: what the module is for"


def test_no_file_is_longer_than_400_lines() -> None:
    long = [path for path in source.files() if text(path).count("\n") > LONGEST_FILE]

    assert long == [], "cut it where its reasons to change differ"


def test_no_function_is_longer_than_25_lines() -> None:
    long = [
        f"{path}:{function.lineno} {function.name}"
        for path in source.files()
        if "migrations" not in path.parts
        for function in source.functions(path)
        if source.length(function) > LONGEST_FUNCTION
    ]

    assert long == [], "a function does one thing"


@pytest.mark.parametrize("word", ["time.sleep(", "asyncio.sleep(0."])
def test_no_test_sleeps(word: str) -> None:
    sleeping = [
        path
        for path in source.files()
        if path.name.startswith("test_") and path.name != Path(__file__).name and word in text(path)
    ]

    assert sleeping == [], "wait for a condition with a deadline, or advance the clock"


def text(path: Path) -> str:
    """Return what a file says."""
    return (source.ROOT / path).read_text()


def names_in(folder: Path) -> set[str]:
    """Return the names of the files in a slice."""
    return {path.name for path in (source.ROOT / folder).iterdir()}


def roots(path: Path) -> set[str]:
    """Return the top names of what a file imports."""
    return {name.split(".")[0] for name in source.imports(path)}


def is_pure(path: Path) -> bool:
    """Say whether a file has to be free of frameworks."""
    return path.parts[0] == "contracts" or path.name == "lifecycle.py"


def is_test(path: str) -> bool:
    """Say whether a file belongs to the tests or to their kit in the kernel."""
    return path.startswith(("tests/", "kernel/testing/"))


def says_what(path: Path) -> bool:
    """Say whether a file begins with a docstring."""
    body = source.tree(path).body
    return bool(body) and isinstance(getattr(getattr(body[0], "value", None), "value", None), str)
