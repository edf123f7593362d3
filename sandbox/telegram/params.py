"""Typed access to the parameters of one request.

What has the wrong type counts as missing, as at Telegram, where the schema's checks note it;
objects that Telegram refuses are refused.
"""

from typing import Any

from sandbox.telegram.bodies import Upload
from sandbox.telegram.errors import bad_request
from sandbox.telegram.people import Json


class Params:
    """Parameters and files of a request."""

    def __init__(self, values: Json, files: dict[str, Upload]) -> None:
        self.values = values
        self.files = files

    def get(self, name: str) -> Any:
        """Return a value as it came, None if it did not."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """Return a text, "" if it is missing."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """Return a yes or no, no if it is missing."""
        return self.values.get(name) is True

    def integer(self, name: str) -> int | None:
        """Return a whole number, None if it is missing."""
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def mapping(self, name: str, refusal: str) -> Json:
        """Return an object, an empty one if it is missing.

        Raises:
            ApiError: it is something else; says the refusal.
        """
        value = self.values.get(name)
        if value in (None, ""):
            return {}
        if not isinstance(value, dict):
            raise bad_request(refusal)
        return value

    def sequence(self, name: str, refusal: str | None = None) -> list[Any] | None:
        """Return an array, None if it is missing, or not an array and there is no refusal.

        Raises:
            ApiError: it is something else; says the refusal.
        """
        value = self.values.get(name)
        if value is None or isinstance(value, list):
            return value
        if refusal is not None:
            raise bad_request(refusal)
        return None
