"""Writes `docs/performance.md`: a section for each benchmark, each written by itself."""

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
HEAD = (
    "# Performance\n\n"
    "Made by `make bench`; run it again to get the figures of your machine. "
    "All servers run on loopback.\n"
)


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured (`12.3 ms`), and its target (`< 50 ms`; – for none)."""

    what: str
    measured: str
    target: str = "–"

    @property
    def cells(self) -> tuple[str, ...]:
        """The row of a table, which tells whether the target was met."""
        told = "–"
        if self.target != "–":
            told = "yes" if met(self.measured, self.target) else "**no**"
        return (self.what, self.measured, self.target, told)


def figures(rows: Sequence[Row]) -> str:
    """A table in Markdown of what was measured."""
    return table(("what", "measured", "target", "met"), [row.cells for row in rows])


def machine() -> str:
    """Where it was measured, for the words above a table."""
    return f"{os.cpu_count()} cores with Python {platform.python_version()}"


def met(measured: str, target: str) -> bool:
    """Whether a figure (`1.49 ×`, `0.77 s`) keeps its target (`≤ 1.5 ×`, `< 2 s`)."""
    relation, bound = target.split()[:2]
    value = float(measured.split(maxsplit=1)[0])
    return {"≥": value >= float(bound), "≤": value <= float(bound), "<": value < float(bound)}[
        relation
    ]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def put(section: str, body: str) -> None:
    """Write a section anew, and leave the others as they are."""
    text = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    found = dict(re.findall(r"^## (.+)\n\n((?:(?!^## ).*\n?)*)", text, re.MULTILINE))
    found[section] = body
    sections = (f"## {name}\n\n{of.strip()}\n" for name, of in found.items())
    DOCUMENT.write_text("\n".join((HEAD, *sections)), encoding="utf-8")
    print(body, flush=True)
