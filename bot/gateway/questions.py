"""What the reply to a question says; the errors are told in `errors.py`."""

import logging

import httpx

from bot.gateway.answers import NOT_FOUND, Answer, read_answer
from bot.gateway.errors import (
    CallNotFoundError,
    GatewayAnswerError,
    GatewayUnauthorisedError,
    GatewayUnreachableError,
)
from bot.gateway.exchange import Reply
from bot.gateway.models import PlacedCall, UnknownReason
from bot.gateway.outcomes import UNAUTHORISED, why_broken_off

log = logging.getLogger(__name__)

_UNREADABLE = (UnknownReason.TOO_LARGE, UnknownReason.NOT_UNDERSTOOD)
_TELLS_NOTHING = frozenset({403, 407, 408, 429})  # not said of the id, but of us


def find_call(reply: Reply, call_id: str) -> PlacedCall:
    """The call that was asked for; what the answer says of any other call is not taken.

    "Not found" counts in the documented body only: a proxy's 404 page says nothing of the call.

    Raises:
        GatewayError: There is none; see the classes below it.
    """
    status, answer = _read(reply)
    for call in answer.calls if _is_success(status) else ():
        if call.id == call_id:
            return call
    if _is_told(status, answer) and answer.error == NOT_FOUND:
        raise CallNotFoundError("The gateway knows no call of this id.")
    raise _unusable(status)


def expect_gateway(reply: Reply) -> None:
    """Return if this came from the gateway, and it took our token.

    Any answer in a documented shape will do: a gateway that finds fault with the id has read it.

    Raises:
        GatewayError: It did not; see the classes below it.
    """
    status, answer = _read(reply)
    found = _is_success(status) and bool(answer.calls)
    if not found and (not _is_told(status, answer) or status in _TELLS_NOTHING):
        raise _unusable(status)


def _read(reply: Reply) -> tuple[int, Answer]:
    if reply.http_status == UNAUTHORISED:
        raise GatewayUnauthorisedError("The gateway refuses the token (HTTP 401).")
    if reply.http_status is None or not reply.whole:
        raise _unanswered(reply) from reply.failure
    try:
        return reply.http_status, read_answer(reply.body)
    except Exception as error:
        log.error("an answer could not be read: %s", type(error).__name__)  # noqa: TRY400
        raise _unusable(reply.http_status) from error


def _unanswered(reply: Reply) -> GatewayAnswerError | GatewayUnreachableError:
    reason = why_broken_off(reply.failure)
    if reason in _UNREADABLE:
        return _unusable(reply.http_status)
    if reason is UnknownReason.NO_ANSWER:
        return GatewayUnreachableError("The gateway did not answer in time.")
    if isinstance(reply.failure, httpx.ConnectError):
        return GatewayUnreachableError("The gateway cannot be reached.")
    return GatewayUnreachableError("The connection to the gateway broke.")


def _unusable(status: int | None) -> GatewayAnswerError:
    return GatewayAnswerError(
        f"The gateway's answer was not understood (HTTP {status}).", http_status=status
    )


def _is_success(status: int) -> bool:
    return status // 100 == 2  # noqa: PLR2004 -- HTTP's class of success


def _is_told(status: int, answer: Answer) -> bool:
    """Whether it is an error as documented, with a status at which the gateway sends errors."""
    return answer.documented and 2 <= status // 100 <= 4  # noqa: PLR2004 -- HTTP's classes
