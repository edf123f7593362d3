"""The rights in a table for people, made from `permissions` alone; `make rights` writes it.

`python -m bot.handlers.matrix docs/security.md` puts it between the two marks of that page.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bot.calling.rights import Role
from bot.handlers.permissions import (
    ANSWERS,
    BUTTONS,
    COMMANDS,
    DEEDS,
    FURTHER,
    SENT,
    Permission,
    Where,
)
from bot.handlers.rights_words import ANSWERED, DOES, DONE, SAID

BEGIN, END = "<!-- rights: begin -->", "<!-- rights: end -->"
ROLES = tuple(Role)
HEADS = ("what", "stranger, suspended", "viewer", "launcher", "manager", "admin")


class Right(NamedTuple):
    """One row: of which kind, what it is called in code, and what it needs."""

    kind: str
    name: str
    words: str
    needs: Permission


def rights() -> Iterator[Right]:
    """All that anybody can ask of the bot, in the order of the tables."""
    for name, needs in COMMANDS.items():
        yield Right("command", name, f"`/{name}`", needs)
    for name, needs in FURTHER.items():
        yield Right("sub-command", name, f"`/{name}`", needs)
    for verb, needs in BUTTONS.items():
        yield Right("button", verb, DOES[verb], needs)
    for (verb, deed), needs in DEEDS.items():
        yield Right("deed", f"{verb}:{deed}", DONE[verb, deed], needs)
    for kind, needs in ANSWERS.items():
        yield Right("answer", kind, ANSWERED[kind], needs)
    for kind, needs in SENT.items():
        yield Right("sent", kind, SAID[kind], needs)


def table() -> str:
    """The whole table in Markdown."""
    kinds: dict[str, list[Right]] = {}
    for right in rights():
        kinds.setdefault(right.kind, []).append(right)
    parts = [f"### {TITLES[kind]}\n\n{_rows(found)}" for kind, found in kinds.items()]
    return "\n\n".join(parts)


TITLES: Mapping[str, str] = {
    "command": "Commands",
    "sub-command": "What follows a command, where it needs more",
    "button": "Buttons",
    "deed": "Buttons that need more for one of their deeds",
    "answer": "Answers to a question of the bot",
    "sent": "What is sent without a command",
}


def cell(needs: Permission, role: Role) -> str:
    """In which kinds of chat somebody of this role may do what needs this."""
    if role < needs.role:
        return "–"
    if role is Role.STRANGER:
        return "their id"
    where = {Where.ANYWHERE: "P G", Where.PRIVATE: "P", Where.GROUP: "G"}[needs.where]
    return f"{where} O" if needs.outside else where


def written(page: str) -> str:
    """A page with the table between its marks, whatever stood there.

    Raises:
        ValueError: the page has no such marks.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} or no {END}")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _rows(found: list[Right]) -> str:
    lines = [_line(*HEADS), _line(*["---"] * len(HEADS))]
    for right in found:
        name = f" (`{right.name}`)" if right.kind in {"button", "deed"} else ""
        lines.append(_line(right.words + name, *(cell(right.needs, role) for role in ROLES)))
    return "\n".join(lines)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main(name: str) -> None:
    """Write the table into this page."""
    path = Path(name)
    path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
