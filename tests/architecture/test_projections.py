"""What a slice declares as a projection is one: its tables are written by its reactions alone."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from kernel.service import Service
from kernel.subscriptions import Subscriptions
from tests.architecture import source

WRITING = {"insert", "update", "delete"}


def services() -> Iterator[Service]:
    """Give every service."""
    for folder in source.services():
        yield importlib.import_module(f"services.{folder.name}.app").SERVICE


def projections() -> list[Subscriptions]:
    """Return every projection of every service."""
    return [each for service in services() for each in service.subscriptions if each.projection]


def calls_of(path: Path, name: str) -> Iterator[ast.Call]:
    """Give the calls that make a row of a model, or hand the model to a writing statement."""
    for node in ast.walk(source.tree(path)):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        given = {argument.id for argument in node.args if isinstance(argument, ast.Name)}
        if called == name or (called in WRITING and name in given):
            yield node


def writers(model: type[SQLModel]) -> set[Path]:
    """Return the modules of the model's service that write its table."""
    service = Path(*model.__module__.split(".")[:2])
    statement = re.compile(rf"(INTO|UPDATE|DELETE FROM) {model.__tablename__}\b")
    return {
        path
        for path in source.files()
        if path.is_relative_to(service)
        and "migrations" not in path.parts
        and (model.__module__ in source.imports(path) or path == file_of(model.__module__))
        and (any(calls_of(path, model.__name__)) or statement.search(text(path)))
    }


def file_of(module: str) -> Path:
    """Return a module's file, relative to the root."""
    return Path(*module.split(".")).with_suffix(".py")


def text(path: Path) -> str:
    """Return what a file says."""
    return (source.ROOT / path).read_text()


@pytest.mark.parametrize("when", projections(), ids=lambda when: when.consumer)
def test_only_its_reactions_write_a_projection(when: Subscriptions) -> None:
    written = {path for model in when.projection for path in writers(model)}

    assert {path.name for path in written} == {"handlers.py"}
    assert len(written) == 1


@pytest.mark.parametrize("when", projections(), ids=lambda when: when.consumer)
def test_a_projection_refers_to_nothing_beside_it(when: Subscriptions) -> None:
    names = {str(model.__tablename__) for model in when.projection}
    tables = [model.metadata.tables[str(model.__tablename__)] for model in when.projection]

    referred = {key.target_fullname.split(".")[0] for table in tables for key in table.foreign_keys}

    assert referred <= names, "a rebuild brings back these tables alone"


def test_every_slice_that_only_keeps_what_it_hears_says_so() -> None:
    silent = {when.consumer for service in services() for when in service.subscriptions} - {
        when.consumer for when in projections()
    }

    assert silent == {
        "empowerment.mentoring",  # plans visits, which people carry out
        "empowerment.villages",  # its demands count what people matched
        "financing.referrals",  # tells in turn
        "registry.assistance",
        "registry.dci",  # queues events for the worker, which has the keys
        "registry.duplicates",  # queues families for the worker, which has the keys
        "registry.facilitators",
        "registry.households",
    }
