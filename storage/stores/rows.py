"""From rows to models: the one place that knows how a column becomes a field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

import sqlite_utils

M = TypeVar("M")
Converters = Mapping[str, Callable[[Any], Any]]


@cache
def _names(model: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(model))  # type: ignore[arg-type]  # a dataclass


@cache
def columns(model: Callable[..., Any], table: str = "") -> str:
    """The model's fields as a column list, prefixed with `table` where one is given."""
    prefix = f"{table}." if table else ""
    return ", ".join(prefix + name for name in _names(model))


def models(
    db: sqlite_utils.Database,
    model: Callable[..., M],
    sql: str,
    parameters: Sequence[Any] | Mapping[str, Any],
    converters: Converters,
) -> list[M]:
    """The rows of `sql`, whose columns are the model's fields in order, as a list of models."""
    names = _names(model)
    found = []
    for row in db.conn.execute(sql, parameters):
        values = dict(zip(names, row, strict=True))
        for name, convert in converters.items():
            if values[name] is not None:
                values[name] = convert(values[name])
        found.append(model(**values))
    return found
