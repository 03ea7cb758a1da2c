"""A copy of this clone in which a test may plant mistakes."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Clone:
    """Looks like this clone; files that a test changes are its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def change(self, path: str, old: str, new: str) -> None:
        """Replace the first `old` in a file by `new`."""
        file = self.own(path)
        text = file.read_text()
        assert old in text, f"{path} does not hold {old!r}"
        file.write_text(text.replace(old, new, 1))

    def add(self, path: str, text: str) -> None:
        """Add a file."""
        self.own(path).write_text(text)

    def own(self, path: str) -> Path:
        """Make a file and the folders above it the clone's own; return the file."""
        here = Path()
        for part in Path(path).parts[:-1]:
            here /= part
            self._own_folder(here)
        file = self.root / path
        if file.is_symlink():
            file.unlink()
            file.write_bytes((ROOT / path).read_bytes())
        return file

    def _own_folder(self, folder: Path) -> None:
        mine = self.root / folder
        if mine.is_symlink():
            mine.unlink()
        if not mine.exists():
            mine.mkdir()
            for child in (ROOT / folder).iterdir() if (ROOT / folder).exists() else ():
                (mine / child.name).symlink_to(child)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Give a copy of this clone, mostly made of links."""
    for child in ROOT.iterdir():
        if not child.name.startswith(".") or child.name == ".dockerignore":
            (tmp_path / child.name).symlink_to(child)
    return Clone(tmp_path)
