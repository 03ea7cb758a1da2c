"""The process that relays this service's events and reacts to those of others."""

from services.registry.app import SERVICE
from services.registry.settings import Settings

if __name__ == "__main__":
    SERVICE.run_worker(Settings())
