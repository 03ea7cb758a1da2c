"""Which events a partner may subscribe to, by the names that the standard and we give them."""

from enum import StrEnum


class EventKind(StrEnum):
    """A `reg_event_type`; the first two are the standard's, the others extend its open list."""

    REGISTER = "REGISTER"
    NEW_MEMBER = "NewHouseHoldMember"
    UPDATE = "UPDATE"
    STATUS_CHANGE = "STATUS_CHANGE"
    POVERTY_SCORE_CHANGE = "POVERTY_SCORE_CHANGE"
    ENROLMENT = "ENROLMENT"
    EXIT = "EXIT"
    MERGE = "MERGE"
    UNMERGE = "UNMERGE"


BY_NAME = {kind.value.lower(): kind for kind in EventKind}


def find_kind(name: str) -> EventKind | None:
    """Return the kind of a name, `spdci-common:RegistryEventType:REGISTER` or its last part."""
    return BY_NAME.get(name.rpartition(":")[2].lower())
