"""Values that break programs which trust them."""

from tests.live.known import Json

NASTY: tuple[Json, ...] = (
    *("", " ", "\0", "a\0b", "\ud800", "\u202e", "\U0001f4a5" * 300, "x" * 100_000, "%s", "'; --"),
    *("NaN", "Infinity", "1e999999", "9" * 400, "-0", "0000-00-00", "9999-12-31", "2025-02-30"),
    *(0, -1, 2**31, 2**63, 10**30, 1e308, -1e-308, 0.1, True, None),
    *([], {}, [[]], [None], {"\ud800": "\ud800"}, {"\0": "\0"}, [{}] * 501),
)


class Spoiling:
    """Replaces one value of a body, the `nth` in reading order, counted round and round."""

    def __init__(self, nasty: Json, nth: int) -> None:
        self._nasty = nasty
        self._left = nth

    def of(self, body: Json) -> Json:
        """Return the body with one value spoiled; a body of one value becomes the nasty one."""
        self._left %= max(1, _leaves(body))
        return self._spoiled(body)

    def _spoiled(self, given: Json) -> Json:
        if isinstance(given, dict) and given:
            return {key: self._spoiled(value) for key, value in given.items()}
        if isinstance(given, list) and given:
            return [self._spoiled(value) for value in given]
        self._left -= 1
        return self._nasty if self._left == -1 else given


def _leaves(given: Json) -> int:
    inside = given.values() if isinstance(given, dict) else given
    if isinstance(given, dict | list) and given:
        return sum(_leaves(value) for value in inside)
    return 1
