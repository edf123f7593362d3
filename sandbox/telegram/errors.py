"""The one error a method raises: Telegram's code, description and parameters.

The usual texts are those of the public server, from its source (tdlib/telegram-bot-api,
`Client.cpp`; tdlib/td) or as bots report them. Where neither was at hand (a button label of
spaces, an unknown button style, limits of `copy_text`, placeholders, command lists and the bot's
names and descriptions, a pin of a service message) the code is right and the words are ours.
"""

from typing import Any


class ApiError(Exception):
    """A request that Telegram refuses.

    Args:
        code: `error_code`, and the HTTP status.
        description: `description`, with its prefix.
        parameters: `parameters` of the answer: `retry_after`, `migrate_to_chat_id`.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        """Return the JSON body of the refusal."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(what: str) -> ApiError:
    """Return a 400."""
    return ApiError(400, f"Bad Request: {what}")


def forbidden(what: str) -> ApiError:
    """Return a 403."""
    return ApiError(403, f"Forbidden: {what}")


def conflict(what: str) -> ApiError:
    """Return a 409."""
    return ApiError(409, f"Conflict: {what}")


def too_many_requests(retry_after: int) -> ApiError:
    """Return a 429 that says when to come back."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
