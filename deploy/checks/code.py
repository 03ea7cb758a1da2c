"""What the code offers to a deployment: images, processes, settings, health paths."""

import ast
import importlib
from functools import cache
from pathlib import Path

from pydantic_settings import BaseSettings

from deploy import layout


class Code:
    """The code of a clone, as far as a deployment depends on it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.services = layout.services(root)
        self.images = layout.images(root)

    def has_module(self, dotted: str) -> bool:
        """Tell whether `services.export.worker` is a module of ours."""
        return self.root.joinpath(*dotted.split(".")).with_suffix(".py").is_file()

    def package(self, name: str) -> str:
        """Return the package of the gateway or of a service."""
        return name if name == layout.GATEWAY else f"services.{name}"

    def settings(self, name: str) -> type[BaseSettings]:
        """Return the settings of the gateway or of a service.

        ImportError, AttributeError: it has none.
        """
        found = importlib.import_module(f"{self.package(name)}.settings").Settings
        if not (isinstance(found, type) and issubclass(found, BaseSettings)):
            raise AttributeError(f"{self.package(name)}.settings.Settings reads no environment")
        return found

    def variables(self, name: str, *, required: bool = False) -> set[str]:
        """Return the environment variables that a process reads, or only those it must have."""
        fields = self.settings(name).model_fields.items()
        return {key.upper() for key, field in fields if field.is_required() or not required}

    def mentions(self, name: str, path: str) -> bool:
        """Tell whether the code of the gateway or of a service (with the kernel) names a path."""
        folders = ["kernel", layout.GATEWAY] if name == layout.GATEWAY else ["kernel"]
        return any(path in _words((self.root / folder).resolve()) for folder in folders)


@cache
def _words(folder: Path) -> set[str]:
    nodes = (
        node for file in folder.rglob("*.py") for node in ast.walk(ast.parse(file.read_text()))
    )
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    texts = (value.decode("latin-1") if isinstance(value, bytes) else value for value in constants)
    return {text for text in texts if isinstance(text, str)}
