"""Reading the gateway's event: one JSON object, with whatever else is in it.

Field names are those of the gateway's documentation, "Voice Webhook Events". It documents neither
how strictly their types are kept nor which may be missing: only the id must be there.
"""

from bot.gateway import wire
from bot.gateway.models import GatewayEvent
from bot.gateway.wire import TEXT_LENGTH, is_plausible_id


def read_event(body: bytes) -> GatewayEvent | None:
    """What an event says; None if it is none: no JSON object, or without a plausible id."""
    document = wire.load(body)
    if not isinstance(document, dict):
        return None
    call_id = document.get("requestId")
    if not isinstance(call_id, str) or not is_plausible_id(call_id):
        return None
    number = document.get("number")
    return GatewayEvent(
        id=call_id,
        number=str(number) if isinstance(number, int) else wire.text(number, TEXT_LENGTH),
        status=wire.status(document.get("cause")),
        bill_sec=wire.seconds(document.get("billSec")),
        request_date=wire.date(document.get("requestDate")),
        cost=wire.cost(document.get("balanceSubtracted")),
        campaign_id=wire.text(document.get("campaignId"), TEXT_LENGTH) or None,
    )
