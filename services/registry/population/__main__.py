"""`python -m services.registry.population file FILE N` or `tables URL N`: invented families."""

import sys
from pathlib import Path

from services.registry.population import file, loading
from services.registry.population.families import Country
from services.registry.regions import facts
from services.registry.regions.models import Level, level_of
from services.registry.settings import Settings
from services.registry.vault import Vault


def _can_be_lived_in(region: facts.Fact) -> bool:
    return level_of(region.code) is Level.DESA and region.valid_until is None


if __name__ == "__main__":
    kind, where, households = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if kind == "file":
        desa = (each.code for each in facts.read() if _can_be_lived_in(each))
        file.write(Path(where), Country(desa).families(0, households))
    else:
        settings = Settings()
        loading.load(where, Vault(settings), households=households, organisation=settings.agency)
