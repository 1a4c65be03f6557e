"""Every address of this feature, and what it makes ready before anybody asks."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from lms.learning.routes import assessment, catalogue, lesson, progress
from lms.learning.routes.asked import library

ROUTES: tuple[BaseRoute, ...] = (
    # First, as most requests ask for one; it takes any name, so no other address has its shape.
    *lesson.ROUTES,
    *catalogue.ROUTES,
    *progress.ROUTES,
    *assessment.ROUTES,
)


async def warm(app: Starlette) -> None:
    """Render the lessons."""
    await library(app).warm(app.state.site)
