"""Every address of this feature."""

from starlette.routing import BaseRoute

from lms.learning.routes import assessment, catalogue, lesson, progress

ROUTES: tuple[BaseRoute, ...] = (
    *catalogue.ROUTES,
    *progress.ROUTES,
    *assessment.ROUTES,
    *lesson.ROUTES,  # last: a lesson's address takes any name
)
