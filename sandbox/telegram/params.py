"""Typed access to the parameters of one request."""

from typing import Any

from sandbox.telegram.bodies import Upload
from sandbox.telegram.errors import bad_request
from sandbox.telegram.people import Json


class Params:
    """Parameters and files of a request; what has the wrong type is refused."""

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
        if value is None or value == "":
            return None
        if not isinstance(value, int):
            raise bad_request(f"parameter {name} must be of type Integer")
        return value

    def mapping(self, name: str) -> Json:
        """Return an object, an empty one if it is missing."""
        value = self.values.get(name) or {}
        if not isinstance(value, dict):
            raise bad_request(f"object expected as {name}")
        return value

    def sequence(self, name: str) -> list[Any] | None:
        """Return an array, None if it is missing."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"array expected as {name}")
        return value
