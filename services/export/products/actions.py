"""Recording products under SKUs that no other has."""

from sqlalchemy.exc import IntegrityError

from kernel.db import UnitOfWork
from services.export.products.models import Product
from services.export.products.problems import MaterialNamedTwice, PieceRateBelowMinimum, SkuTaken


async def record(uow: UnitOfWork, product: Product) -> None:
    """Record a new product.

    Raises:
        PieceRateBelowMinimum: makers would be paid too little.
        MaterialNamedTwice: a material stands in two places.
        SkuTaken: another product has the SKU.
    """
    if product.piece_rate_amount < product.minimum_piece_rate_amount:
        raise PieceRateBelowMinimum
    _guard_materials([each.material for each in product.materials])
    uow.add(product)
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise SkuTaken(sku=product.sku) from error


def _guard_materials(names: list[str]) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise MaterialNamedTwice(material=name)
