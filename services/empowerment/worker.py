"""The process that relays this service's events and reacts to those of others."""

from services.empowerment.app import SERVICE
from services.empowerment.settings import Settings

if __name__ == "__main__":
    SERVICE.run_worker(Settings())
