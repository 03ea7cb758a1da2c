"""A decile is imported, never computed: no code of ours ranks families, BPS alone does."""

import ast
import re
from pathlib import Path

from tests.architecture import source

RANKING = re.compile(
    r"\b(ntile|percent_rank|cume_dist|width_bucket|percentile_(cont|disc)|quantiles?|qcut)\b"
)
WRITERS = {
    Path("services/registry/welfare/actions.py"),  # what BPS sent by JSON, and in families' files
    Path("services/registry/dtsen/publishing.py"),  # what BPS delivered
    Path("services/registry/imports/bulk.py"),  # what stands in the column of a family's file
}
WRITES = re.compile(r"DecileRecord\(|insert\(DecileRecord\)|(INTO|UPDATE) decile_records\b")


INVENTED = {"migrations", "population"}
"""Where there are no families yet, and where `anyam generate` invents some."""


def of_the_registry() -> list[Path]:
    """Return the registry's own files that deal with families."""
    services = [path for path in source.files() if path.parts[:2] == ("services", "registry")]
    return [path for path in services if not INVENTED & set(path.parts)]


def text(path: Path) -> str:
    return (source.ROOT / path).read_text()


def told_a_decile(node: ast.AST) -> list[ast.expr]:
    """Return what a statement gives to something that is named decile."""
    if isinstance(node, ast.keyword) and node.arg == "decile":
        return [node.value]
    targets = node.targets if isinstance(node, ast.Assign) else []
    names = {getattr(target, "attr", getattr(target, "id", "")) for target in targets}
    return [node.value] if isinstance(node, ast.Assign) and "decile" in names else []


def test_no_service_ranks_anything() -> None:
    ranking = [
        path
        for path in source.files()
        if path.parts[0] in {"services", "contracts", "kernel"} and RANKING.search(text(path))
    ]

    assert ranking == []


def test_only_what_takes_bps_at_its_word_writes_the_ledger() -> None:
    writers = {path for path in of_the_registry() if WRITES.search(text(path))}

    assert writers - {Path("services/registry/welfare/models.py")} == WRITERS


def test_no_decile_comes_out_of_arithmetic() -> None:
    reckoned = [
        f"{path}:{value.lineno}"
        for path in of_the_registry()
        for node in ast.walk(source.tree(path))
        for value in told_a_decile(node)
        for part in ast.walk(value)
        if isinstance(part, ast.BinOp | ast.UnaryOp)
    ]

    assert reckoned == []
