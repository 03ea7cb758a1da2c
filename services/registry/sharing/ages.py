"""Who is a child: a child's data is specific personal data (UU PDP 27/2022, article 4)."""

from datetime import date

from services.registry.sharing.fields import CHILDS_YEARS


def is_child(born: date, *, on: date) -> bool:
    """Tell whether somebody born on a day is under 18 on another."""
    birthday_to_come = (on.month, on.day) < (born.month, born.day)
    return on.year - born.year - birthday_to_come < CHILDS_YEARS
