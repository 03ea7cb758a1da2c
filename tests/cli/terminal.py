"""A terminal of an operator, whose commands run beside the servers of this process."""

import asyncio
import contextlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.app import main
from tests.world import Json


@dataclass(frozen=True)
class Told:
    """How a command ended, and what it said."""

    code: str | int | None
    out: str
    err: str

    @property
    def json(self) -> Json:
        """What it printed for programs."""
        return json.loads(self.out)


@dataclass
class Terminal:
    """A terminal in a clone, whose platform is known by `var`."""

    var: Path

    async def run(self, *words: str, **variables: str) -> Told:
        """Run a command beside the servers of this process: `python -m cli`."""
        return await asyncio.to_thread(self._run, words, variables)

    def _run(self, words: tuple[str, ...], variables: dict[str, str]) -> Told:
        out = io.StringIO()
        given = {"ANYAM_VAR": str(self.var), "ANYAM_LANG": "en", "COLUMNS": "40", **variables}
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
            patch.setattr(sys, "argv", ["cli", *words])
            for name, value in given.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as end:
                main()
        code = end.value.code
        failed = isinstance(code, str)  # Python prints it, and ends with exit code 1
        return Told(1 if failed else code, out.getvalue(), str(code) if failed else "")
