"""The process that relays this service's events, reacts to those of others, and imports files."""

from services.registry.app import service
from services.registry.settings import Settings
from services.registry.vault import Vault

if __name__ == "__main__":
    settings = Settings()
    service(settings, Vault(settings)).run_worker(settings)
