"""A YAML document, read without surprises: what is not there is None, empty or not a name."""


class Tree:
    """A value of a YAML document, with typed ways to look below it."""

    def __init__(self, value: object) -> None:
        self.value = value

    def at(self, *path: str | int) -> object:
        """Return what stands at a path of keys and positions, or None."""
        here = self.value
        for step in path:
            if isinstance(here, dict):
                here = here.get(step)
            elif isinstance(here, list) and isinstance(step, int) and step < len(here):
                here = here[step]
            else:
                return None
        return here

    def below(self, *path: str | int) -> "Tree":
        """Return the tree at a path."""
        return Tree(self.at(*path))

    def text(self, *path: str | int) -> str:
        """Return the text at a path, or an empty one."""
        found = self.at(*path)
        return found if isinstance(found, str) else ""

    def names(self) -> list[str]:
        """Return the keys of a mapping."""
        return [str(name) for name in self.value] if isinstance(self.value, dict) else []

    def each(self, *path: str | int) -> list["Tree"]:
        """Return the members of the list at a path."""
        found = self.at(*path)
        return [Tree(member) for member in found] if isinstance(found, list) else []

    def texts(self, *path: str | int) -> list[str]:
        """Return the members of the list at a path as texts."""
        return [str(member.value) for member in self.each(*path)]
