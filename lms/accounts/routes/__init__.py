"""The addresses of accounts; each module answers for one errand."""

from starlette.routing import BaseRoute

from lms.accounts.routes import (
    coaching,
    linking,
    own_data,
    recovery,
    reviewing,
    roster,
    signing_in,
    signing_up,
    switching,
)

ROUTES: tuple[BaseRoute, ...] = (
    *signing_in.ROUTES,
    *signing_up.ROUTES,
    *switching.ROUTES,
    *recovery.ROUTES,
    *own_data.ROUTES,
    *roster.ROUTES,
    *coaching.ROUTES,
    *reviewing.ROUTES,
    *linking.ROUTES,
)
