"""Reading the gateway's JSON, with or without its envelope, and with whatever else is in it.

Field names, shapes and status codes are those of the gateway's documentation of its voice API v2.
Nothing in a body makes these functions raise: what is not understood is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.gateway import wire
from bot.gateway.models import PlacedCall
from bot.gateway.wire import TEXT_LENGTH, is_plausible_id

NOT_FOUND = "NotFound"

_CODE_LENGTH = 200  # characters of an error code


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a body says.

    `calls` are its entries with an id, in their order. `error` is the error code, None if there is
    none. `empty` tells that nothing stands in its result, and `documented` that it is an error
    just as it is documented: `{"result": null, "error": "<code>"}`.
    """

    calls: tuple[PlacedCall, ...] = ()
    campaign_id: str | None = None
    error: str | None = None
    empty: bool = True
    documented: bool = False


def read_answer(body: bytes) -> Answer:
    """Read a whole body; one that is no JSON gives an answer without calls and error."""
    document = wire.load(body)
    if isinstance(document, dict) and not _is_bare_call(document):
        return _read_envelope(document)
    return Answer(calls=_calls(document), campaign_id=_campaign_id(document))


def _is_bare_call(document: dict[str, Any]) -> bool:
    """An object with an id of its own may be anything, an error's trace for one."""
    return "result" not in document and bool(document.keys() & {"phoneNumber", "statusCode"})


def _read_envelope(document: dict[str, Any]) -> Answer:
    result, error = document.get("result"), document.get("error")
    code = wire.text(error, _CODE_LENGTH) or None
    return Answer(
        calls=_calls(result),
        campaign_id=_campaign_id(document) or _campaign_id(result),
        error=code,
        empty=not result,
        documented=code is not None and "result" in document and result is None,
    )


def _calls(result: Any) -> tuple[PlacedCall, ...]:
    """The calls of a list, or the one that stands there by itself (documented for /single)."""
    entries: Iterable[Any] = result if isinstance(result, list) else (result,)
    return tuple(call for call in map(_call, entries) if call is not None)


def _call(entry: Any) -> PlacedCall | None:
    if not isinstance(entry, dict):
        return None
    call_id = entry.get("id")
    if not isinstance(call_id, str) or not is_plausible_id(call_id):
        return None
    return PlacedCall(
        id=call_id,
        number=wire.text(entry.get("phoneNumber"), TEXT_LENGTH),
        status=wire.status(entry.get("status"), entry.get("statusCode")),
        bill_sec=wire.seconds(entry.get("billSec")),
        request_date=wire.date(entry.get("requestDate")),
        execution_date=wire.date(entry.get("executionDate")),
        price=wire.cost(entry.get("price")),
    )


def _campaign_id(part: Any) -> str | None:
    """The batch's id, wherever it stands: the documentation names it and shows it in no sample."""
    places = part if isinstance(part, list) else (part,)
    for place in places:
        if isinstance(place, dict) and (found := wire.text(place.get("campaignId"), TEXT_LENGTH)):
            return found
    return None
