"""Every address of this feature."""

from starlette.routing import BaseRoute

from lms.learning.routes import assessment, catalogue, lesson, progress

ROUTES: tuple[BaseRoute, ...] = (
    # First, as most requests ask for one; it takes any name, so no other address has its shape.
    *lesson.ROUTES,
    *catalogue.ROUTES,
    *progress.ROUTES,
    *assessment.ROUTES,
)
