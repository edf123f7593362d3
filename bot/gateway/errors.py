"""What can go wrong when the gateway is asked something, one class per thing to act on.

GatewayError
├── GatewayUnreachableError    the network or the time allowed: ask again later
├── GatewayUnauthorisedError   HTTP 401: the token is missing or invalid, pause launching
├── CallNotFoundError          the gateway says that it has no call of this id
└── GatewayAnswerError         an answer that is no usable one: ask again later

Placing calls raises none of these: whatever happens there is an `Outcome`. The texts are safe to
show: they hold no token, no address and no phone number.
"""


class GatewayError(Exception):
    """The gateway gave no usable answer to a question."""


class GatewayUnreachableError(GatewayError):
    """No connection, a broken one, or no whole answer in time."""


class GatewayUnauthorisedError(GatewayError):
    """The gateway refuses our token (HTTP 401)."""


class CallNotFoundError(GatewayError):
    """The gateway knows no call of this id, in the words of its documentation."""


class GatewayAnswerError(GatewayError):
    """The answer is none that is documented, or it is about another call.

    Attributes:
        http_status: The HTTP status of the answer; None if nothing was asked.
    """

    def __init__(self, message: str, *, http_status: int | None = None) -> None:
        super().__init__(message)
        self.http_status = http_status
