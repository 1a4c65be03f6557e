"""The addresses through which progress comes and goes; each module answers for one way."""

from starlette.routing import BaseRoute

from lms.sync.routes import codes, lines, parcels, poster, receipts

ROUTES: tuple[BaseRoute, ...] = (
    *lines.ROUTES,
    *parcels.ROUTES,
    *codes.ROUTES,
    *poster.ROUTES,
    *receipts.ROUTES,
)

OPEN_DOORS = (*lines.OPEN_DOORS, *parcels.OPEN_DOORS)
