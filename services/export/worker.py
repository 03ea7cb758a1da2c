"""The process that relays this service's events and reacts to those of others."""

from services.export.app import SERVICE
from services.export.settings import Settings

if __name__ == "__main__":
    SERVICE.run_worker(Settings())
