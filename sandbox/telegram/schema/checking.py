"""Checks requests, answers and updates against the schema of the Bot API.

Each type is compiled once into a function that returns what is wrong with a value, as lines that
begin with the place: `.chat.id: String expected…`. For a value that is right it returns nothing,
and that way is kept short: the checks run on each request of tests that are timed.
"""

import functools
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Problems = list[str] | None
Check = Callable[[Any], Problems]

_ARRAY = "Array of "
_DATA = Path(__file__).with_name("botapi.json")


def _of(kind: str, *classes: type) -> Check:
    """Return the check of a value that is of one of these classes, and of no class below."""

    def check(value: Any) -> Problems:
        if type(value) in classes:
            return None
        return [f": {kind} expected, {_shown(value)} found"]

    return check


def _shown(value: Any) -> str:
    return f"{type(value).__name__} {str(value)[:40]!r}"


_SCALARS: dict[str, Check] = {
    "Integer": _of("Integer", int),
    "Float": _of("Float", int, float),
    "String": _of("String", str),
    "Boolean": _of("Boolean", bool),
    "InputFile": _of("InputFile", str),  # how a part of the form is named: attach://name
}


class Schema:
    """The checks of one version of the Bot API.

    Args:
        described: what `cut.cut` returns.
    """

    def __init__(self, described: dict[str, Any]) -> None:
        self.version: str = described["version"]
        self.methods: dict[str, dict[str, Any]] = {
            name.lower(): {"name": name, **method} for name, method in described["methods"].items()
        }
        self._types: dict[str, dict[str, Any]] = described["types"]
        self._compiled: dict[str, Check] = dict(_SCALARS)

    @classmethod
    @functools.cache
    def load(cls) -> "Schema":
        """Return the schema that lies in this package."""
        return cls(json.loads(_DATA.read_text(encoding="utf-8")))

    def types_of(self, method: str, parameter: str) -> list[str]:
        """Return the types of a parameter of a method in lower case, none if it is not known."""
        types: list[str] = self.methods[method]["parameters"].get(parameter, [])
        return types

    def request(self, method: str, values: dict[str, Any], files: Iterable[str] = ()) -> list[str]:
        """Return what is wrong with a request.

        Args:
            method: its name in lower case.
            values: its parameters, decoded.
            files: names of the parts of the form that are files.
        """
        known = self.methods[method]
        parameters, name = known["parameters"], known["name"]
        found: list[str] = []
        for given, value in values.items():
            if given not in parameters:
                found.append(f"{name}: no parameter {given!r}")
            elif value is not None:
                wrong = self._union(tuple(parameters[given]))(value)
                found += [f"{name} {given}{problem}" for problem in wrong or ()]
        missing = [n for n in known["required"] if values.get(n) is None and n not in files]
        return found + [f"{name}: {given!r} is required" for given in missing]

    def result(self, method: str, value: Any) -> list[str]:
        """Return what is wrong with the result of a method in lower case."""
        known = self.methods[method]
        wrong = self._union(tuple(known["returns"]))(value)
        return [f"answer to {known['name']}{problem}" for problem in wrong or ()]

    def problems(self, kind: str, value: Any) -> list[str]:
        """Return what is wrong with a value of a type, such as `Update` or `Array of Chat`."""
        return [f"{kind}{problem}" for problem in self._check(kind)(value) or ()]

    def _check(self, kind: str) -> Check:
        check = self._compiled.get(kind)
        if check is None:
            # A type may hold itself: meanwhile stands here what looks it up when it is needed.
            self._compiled[kind] = functools.partial(self._later, kind)
            check = self._compiled[kind] = self._compile(kind)
        return check

    def _later(self, kind: str, value: Any) -> Problems:
        return self._compiled[kind](value)

    def _compile(self, kind: str) -> Check:
        if kind.startswith(_ARRAY):
            return self._array(kind.removeprefix(_ARRAY))
        known = self._types.get(kind)
        if known is None:
            return _of(f"{kind}, an object", dict, list, str, bool, int)
        if "subtypes" in known:
            return self._union(tuple(known["subtypes"]))
        return self._object(kind, known)

    def _array(self, kind: str) -> Check:
        inner = self._check(kind)

        def check(value: Any) -> Problems:
            if not isinstance(value, list):
                return [f": Array of {kind} expected, {_shown(value)} found"]
            found: list[str] = []
            for number, one in enumerate(value):
                if wrong := inner(one):
                    found += [f"[{number}]{problem}" for problem in wrong]
            return found or None

        return check

    def _object(self, kind: str, known: dict[str, Any]) -> Check:
        fields = {name: self._union(tuple(types)) for name, types in known["fields"].items()}
        required = frozenset(known["required"])
        constants = known.get("constants", {}).items()

        def check(value: Any) -> Problems:
            if not isinstance(value, dict):
                return _or_text(kind, value)
            found: list[str] = []
            for name, inside in value.items():
                inner = fields.get(name)
                if inner is None:
                    found.append(f": {kind} has no field {name!r}")
                elif wrong := inner(inside):
                    found += [f".{name}{problem}" for problem in wrong]
            if not required <= value.keys():
                missing = sorted(required - value.keys())
                found += [f": {kind} needs {name!r}" for name in missing]
            for name, constant in constants:
                if value.get(name, constant) != constant:
                    found.append(f".{name}: {constant!r} expected, {_shown(value[name])} found")
            return found or None

        return check

    @functools.cache  # noqa: B019  there is one schema, and it lives as long as the process
    def _union(self, kinds: tuple[str, ...]) -> Check:
        checks = [self._check(kind) for kind in kinds]
        if len(checks) == 1:
            return checks[0]
        told = self._told_apart(kinds)

        def check(value: Any) -> Problems:
            if told is not None and isinstance(value, dict):
                name, by_constant = told
                chosen = by_constant.get(value.get(name))
                if chosen is not None:
                    return chosen(value)
            least: Problems = None
            for one in checks:
                found = one(value)
                if not found:
                    return None
                if least is None or len(found) < len(least):
                    least = found
            return least

        return check

    def _told_apart(self, kinds: tuple[str, ...]) -> tuple[str, dict[Any, Check]] | None:
        """Return the field whose constant tells these types apart, if there is one."""
        constants = [self._types.get(kind, {}).get("constants", {}) for kind in kinds]
        names = {name for known in constants for name in known}
        if len(names) != 1 or not all(constants):
            return None
        name = names.pop()
        pairs = zip(constants, kinds, strict=True)
        return name, {known[name]: self._check(kind) for known, kind in pairs}


def _or_text(kind: str, value: Any) -> Problems:
    """A button of a reply keyboard may be its text alone."""
    if kind == "KeyboardButton" and isinstance(value, str):
        return None
    return [f": {kind} expected, {_shown(value)} found"]
