"""What the empowerment service reads from its environment."""

from kernel.settings import ServiceSettings


class Settings(ServiceSettings):
    """The settings of every service; this one has no others."""
