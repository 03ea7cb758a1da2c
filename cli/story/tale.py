"""What the story has learned so far: the ids that its later chapters need."""

from dataclasses import dataclass, field

from cli.story.cast import Family, Group, families, groups
from cli.story.stage import Party, Stage


@dataclass
class Tale:
    """The stage, the cast, and the ids that the platform gave."""

    stage: Stage
    families: tuple[Family, ...] = field(default_factory=families)
    groups: tuple[Group, ...] = field(default_factory=groups)
    households: dict[str, str] = field(default_factory=dict)
    """Household ids by the programme's number of the family."""
    facilitators: dict[str, str] = field(default_factory=dict)
    """Facilitator ids by employee number."""
    group_ids: dict[int, str] = field(default_factory=dict)
    """Group ids by number."""
    programme_id: str = ""
    order_id: str = ""
    line_id: str = ""
    work_orders: dict[int, str] = field(default_factory=dict)
    """Work order ids by group number."""
    shares: dict[int, int] = field(default_factory=dict)
    """Pieces by group number."""
    provider_id: str = ""
    graduates: list[str] = field(default_factory=list)
    """Household ids, in the order of their proposals."""

    def as_(self, client_id: str) -> Party:
        """Return a client of the story."""
        return self.stage.as_(client_id)

    def members_of(self, group: Group) -> list[str]:
        """Return the household ids of a group, in the order of the cast."""
        return [self.households[family.reference] for family in group.families]
