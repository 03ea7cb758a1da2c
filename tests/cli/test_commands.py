"""The commands from another terminal: they find the platform of their clone, and only that."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import running
from cli.places import ROOT, Places

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def anyam(tmp_path: Path) -> Command:
    """Give the command line with its data in a temporary folder."""

    def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"ANYAM_VAR": str(tmp_path), "LC_ALL": "C"} | variables
        argv = [sys.executable, "-m", "cli", *words]
        return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def register(tmp_path: Path) -> running.Register:
    """Give the register in the same folder."""
    return running.Register(Places(tmp_path).run)


def test_clean_refuses_while_the_platform_runs(
    anyam: Command, register: running.Register, tmp_path: Path
) -> None:
    with register.held():
        refused = anyam("clean")

    assert refused.returncode == 1
    assert refused.stderr == (
        "The platform is still running: stop it first with make down, then make clean.\n"
    )
    assert tmp_path.exists()


def test_clean_deletes_everything(anyam: Command, tmp_path: Path) -> None:
    Places(tmp_path).logs.joinpath("registry.log").touch()

    assert anyam("clean").returncode == 0
    assert not tmp_path.exists()


def test_a_second_platform_of_a_clone_is_refused(
    anyam: Command, register: running.Register
) -> None:
    with register.held():
        refused = anyam("up")

    assert refused.returncode == 1
    assert refused.stderr.startswith("The platform of this clone runs already")


def test_down_without_a_platform_says_so(anyam: Command) -> None:
    told = anyam("down")

    assert (told.returncode, told.stdout) == (0, "The platform does not run.\n")


def test_a_pid_that_was_given_anew_is_not_the_platform(register: running.Register) -> None:
    stranger = running.Platform(
        pid=os.getpid(), started=0.0, gateway="", addresses={}, databases={}
    )

    with register.held():
        register.write(stranger)

        assert register.current() is None


def test_what_runs_is_known_to_its_owner_only(register: running.Register) -> None:
    register.write(running.describe(gateway="", addresses={}, databases={}))

    assert register.file.stat().st_mode & 0o077 == 0


def test_a_sentence_speaks_the_language_of_the_terminal(anyam: Command) -> None:
    told = anyam("status", LC_ALL="id_ID.UTF-8")

    assert (told.returncode, told.stderr) == (
        1,
        "Platform tidak berjalan: mulai dengan make up.\n",
    )


@pytest.mark.parametrize("port", ["http", "80", "65530"])
def test_an_unusable_port_is_one_sentence(anyam: Command, port: str) -> None:
    refused = anyam("up", ANYAM_PORT=port)

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"ANYAM_PORT={port} is no port: choose")
    assert refused.stderr.count("\n") == 1


def test_a_folder_that_cannot_be_written_is_one_sentence(anyam: Command, tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.touch()

    refused = anyam("up", ANYAM_VAR=str(occupied / "var"))

    assert refused.returncode == 1
    assert "(Not a directory): change its owner" in refused.stderr
    assert refused.stderr.count("\n") == 1
