"""What a coach is handed beside teachers' files of progress."""

from starlette.requests import Request

from lms.sync.armour import is_armoured
from lms.sync.routes.entrusted import keep_for_another
from lms.sync.routes.parcels import receive_parcels
from lms.sync.routes.receipts import is_receipt, way_of_receipt
from lms.web.notices import Notice


async def take_other(request: Request, data: bytes) -> Notice | None:
    """Take in what another server prepared, keep what is for one above, say where a receipt goes; None for all else."""
    if is_armoured(data):
        return await receive_parcels(request, data)
    return way_of_receipt(data) if is_receipt(data) else await keep_for_another(request, data)
