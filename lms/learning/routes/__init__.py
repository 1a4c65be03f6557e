"""Every address of this feature, and what it makes ready before anybody asks."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from lms.learning.routes import asked, assessment, catalogue, glossary, keeping, lesson, progress, teacher

ROUTES: tuple[BaseRoute, ...] = (
    # First, as most requests ask for a lesson.
    *lesson.ROUTES,
    *glossary.ROUTES,
    *keeping.ROUTES,
    *catalogue.ROUTES,
    *progress.ROUTES,
    *teacher.ROUTES,
    *assessment.ROUTES,
)


async def warm(app: Starlette) -> None:
    """Render the lessons."""
    await asked.library(app).warm(app.state.site)
