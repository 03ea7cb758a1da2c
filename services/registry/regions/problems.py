"""What may stand in the way when a place is named."""

from kernel.problems import Invalid, NotFound, Text


class RegionNotFound(NotFound):
    """No region has this code."""

    code = "REG-0101"
    title = Text(id="Wilayah tidak ditemukan", en="No such region")
    detail = Text(
        id="Tidak ada wilayah berkode {region_code} dalam data Kemendagri yang dimuat.",
        en="No region has the code {region_code} in the Kemendagri data loaded here.",
    )


class DesaUnknown(Invalid):
    """A record names a desa that does not exist."""

    code = "REG-0102"
    title = Text(id="Desa tidak dikenal", en="Desa unknown")
    detail = Text(
        id="Tidak ada desa berkode {desa_code}. Cari kodenya di /v1/region-candidates.",
        en="No desa has the code {desa_code}. Look it up at /v1/region-candidates.",
    )


class LevelNotInside(Invalid):
    """A region holds only regions of its own level and below."""

    code = "REG-0103"
    title = Text(id="Tingkat tidak ada di dalamnya", en="No such level inside")
    detail = Text(
        id="Di dalam {region_code} tidak ada wilayah setingkat '{level}'.",
        en="In {region_code} there are no regions of the level '{level}'.",
    )
