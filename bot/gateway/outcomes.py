"""The table "was the request sent?": from what came back of a POST to what became of the calls.

The rows, and their order, are those of `docs/architecture.md` (measured with httpx 0.28.1). Where
the table leaves room, the answer is *unknown*: then a person decides, and nobody is called twice.
"""

import logging

import httpx

from bot.gateway.answers import read_answer
from bot.gateway.body import TooLargeError, UndecodableError
from bot.gateway.exchange import Reply
from bot.gateway.models import Accepted, Outcome, Refused, Unknown, UnknownReason, Unsent

log = logging.getLogger(__name__)

UNAUTHORISED = 401

_REQUEST_TIMEOUT = 408
_NEVER_CONNECTED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
_BROKEN_OFF: tuple[tuple[tuple[type[Exception], ...], UnknownReason], ...] = (
    ((TimeoutError, httpx.TimeoutException), UnknownReason.NO_ANSWER),
    ((TooLargeError,), UnknownReason.TOO_LARGE),
    ((UndecodableError, httpx.DecodingError), UnknownReason.NOT_UNDERSTOOD),
    ((httpx.TooManyRedirects,), UnknownReason.REDIRECTED),
    ((httpx.HTTPError, OSError), UnknownReason.CUT),
)


def judge(reply: Reply) -> Outcome:
    """What became of the POST of which this came back; it never raises."""
    if reply.whole and reply.http_status is not None:
        try:
            return _judge_whole(reply, reply.http_status)
        except Exception as error:  # noqa: BLE001 -- a fault of ours must not hide what was placed
            log.error("an answer could not be read: %s", type(error).__name__)  # noqa: TRY400
            return _broken_off(reply, error, UnknownReason.NOT_UNDERSTOOD)
    if reply.http_status is None and isinstance(reply.failure, _NEVER_CONNECTED):
        return Unsent(reason=type(reply.failure).__name__)
    return _broken_off(reply, reply.failure, why_broken_off(reply.failure))


def why_broken_off(failure: Exception | None) -> UnknownReason:
    """The reason behind a failure of the exchange; what is not of the network is our own fault."""
    for kinds, reason in _BROKEN_OFF:
        if isinstance(failure, kinds):
            return reason
    return UnknownReason.INTERRUPTED


def _broken_off(reply: Reply, failure: Exception | None, reason: UnknownReason) -> Unknown:
    """Unknown, with all that came; of the failure only its class, for its text may tell more."""
    return Unknown(
        reason=reason,
        detail=type(failure).__name__ if failure else "",
        http_status=reply.http_status,
        body=reply.body,
        unauthorised=reply.http_status == UNAUTHORISED,
    )


def _judge_whole(reply: Reply, status: int) -> Outcome:
    answer = read_answer(reply.body)
    unauthorised = status == UNAUTHORISED
    if answer.calls:
        return Accepted(
            calls=answer.calls,
            http_status=status,
            campaign_id=answer.campaign_id,
            body=reply.body,
            unauthorised=unauthorised,
        )
    client_error = 400 <= status < 500 and status != _REQUEST_TIMEOUT  # noqa: PLR2004 -- HTTP
    told = 200 <= status < 400 and answer.error is not None and answer.empty  # noqa: PLR2004
    if client_error or told:
        return Refused(
            code=answer.error or f"HTTP {status}",
            http_status=status,
            body=reply.body,
            unauthorised=unauthorised,
        )
    return Unknown(
        reason=_why_open(status), detail=f"HTTP {status}", http_status=status, body=reply.body
    )


def _why_open(status: int) -> UnknownReason:
    if status // 100 == 5 or status == _REQUEST_TIMEOUT:  # noqa: PLR2004 -- HTTP's classes
        return UnknownReason.SERVER_ERROR
    if status // 100 == 3:  # noqa: PLR2004 -- HTTP's classes
        return UnknownReason.REDIRECTED
    return UnknownReason.NOT_UNDERSTOOD
