"""The addresses through which progress comes and goes; each module answers for one way."""

from starlette.routing import BaseRoute

from lms.sync.routes import lines, parcels, poster, tokens

ROUTES: tuple[BaseRoute, ...] = (*lines.ROUTES, *parcels.ROUTES, *tokens.ROUTES, *poster.ROUTES)

OPEN_DOORS = (*lines.OPEN_DOORS, *parcels.OPEN_DOORS)
