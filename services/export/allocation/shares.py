"""How an order line is divided over groups: exactly, fairly per maker, within what each can make.

Every maker shall have made the same number of pieces, earlier orders included. That is a level of
pieces a maker; each group is filled up to it, unless its free weeks end before. The level at
which the groups together make the line is found exactly, with fractions; whole pieces follow by
the largest remainder.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor
from uuid import UUID


class Basis(StrEnum):
    """What a share was decided by."""

    FAIR = "fair"
    FULL = "full"
    BY_HAND = "by_hand"


@dataclass(frozen=True)
class Offer:
    """What a group can give: makers with the skill, free pieces; and what it was given earlier."""

    group_id: UUID
    makers: int
    free_pieces: int
    earlier_pieces: int

    def at(self, level: Fraction) -> Fraction:
        """Return the group's pieces when every maker reaches `level` pieces in all."""
        missing = level * self.makers - self.earlier_pieces
        return min(max(missing, Fraction(0)), Fraction(self.free_pieces))

    @property
    def begin(self) -> Fraction:
        """Return the level above which the group gets pieces."""
        return Fraction(self.earlier_pieces, self.makers)

    @property
    def end(self) -> Fraction:
        """Return the level at which the group is full."""
        return Fraction(self.earlier_pieces + self.free_pieces, self.makers)


def fair_shares(pieces: int, offers: Sequence[Offer]) -> dict[UUID, int]:
    """Return each group's whole pieces; their sum is `pieces`, none is above its free pieces.

    `pieces` is 1 or more, and at most what the offers give together.
    """
    able = [offer for offer in offers if offer.makers and offer.free_pieces]
    level = _level(pieces, able)
    exact = {offer.group_id: offer.at(level) for offer in able}
    return {group: share for group, share in _whole(pieces, exact).items() if share}


def _level(pieces: int, offers: Sequence[Offer]) -> Fraction:
    """Follow the rising level from turn to turn until the groups together make `pieces`."""
    level, made, makers_at_work = Fraction(0), Fraction(0), 0
    for turn, makers in sorted(_turns(offers).items()):
        made_at_turn = made + (turn - level) * makers_at_work
        if made_at_turn >= pieces:
            break
        level, made, makers_at_work = turn, made_at_turn, makers_at_work + makers
    return level + (pieces - made) / makers_at_work


def _turns(offers: Sequence[Offer]) -> Counter[Fraction]:
    makers: Counter[Fraction] = Counter()
    for offer in offers:
        makers[offer.begin] += offer.makers
        makers[offer.end] -= offer.makers
    return makers


def _whole(pieces: int, exact: dict[UUID, Fraction]) -> dict[UUID, int]:
    whole = {group: floor(share) for group, share in exact.items()}
    by_remainder = sorted(exact, key=lambda group: (whole[group] - exact[group], group))
    for group in by_remainder[: pieces - sum(whole.values())]:
        whole[group] += 1
    return whole
