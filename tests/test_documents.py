"""The documents say what the program does: commands, settings, `.env.example`, links."""

import re
import sqlite3
from pathlib import Path

import pytest
import sqlite_utils

from bot.calling.rights import Role
from bot.handlers import matrix
from bot.handlers.permissions import ANSWERS, BUTTONS, COMMANDS, DEEDS, SENT
from bot.handlers.rights_words import ANSWERED, DOES, DONE, SAID
from bot.settings import VARIABLES
from bot.texts.cards import Verb
from bot.texts.help import summary, usage
from storage.migrations import schema
from storage.models import BatchState, CallStatus, SubmissionState
from tests.texts.scenes import ENGLISH

ROOT = Path(__file__).parent.parent
CELL = re.compile(r"(?<!\\)\|")
LINK = re.compile(r"\]\(([^)\s#]+)[^)]*\)")
DOCUMENTS = sorted(["README.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])


def rows(document: str, first_cell: str) -> list[list[str]]:
    """The table rows of a Markdown file whose first cell looks so, cell by cell."""
    lines = (ROOT / document).read_text(encoding="utf-8").splitlines()
    found = ([c.strip().replace(r"\|", "|") for c in CELL.split(line)[1:-1]] for line in lines)
    return [cells for cells in found if cells and re.fullmatch(first_cell, cells[0])]


def who(role: Role) -> str:
    """How the documents call those who have at least this role."""
    return "everybody" if role is Role.STRANGER else role.word


def test_the_commands_in_the_docs_are_those_of_the_table() -> None:
    """`docs/commands.md` lists each command with its usage, who may use it, and its summary."""
    expected = [
        [f"`/{name} {usage(name)}`".replace(" `", "`"), who(needs.role), summary(name, ENGLISH)]
        for name, needs in COMMANDS.items()
    ]
    assert rows("docs/commands.md", r"`/.*`") == expected


def test_the_rights_in_the_docs_are_those_of_the_tables(tmp_path: Path) -> None:
    """`make rights` would change nothing in `docs/security.md`; a page without marks is left."""
    page = tmp_path / "security.md"
    before = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    head, _, rest = before.partition(matrix.BEGIN)
    page.write_text(f"{head}{matrix.BEGIN}{matrix.END}{rest.partition(matrix.END)[2]}")
    matrix.main(str(page))
    assert page.read_text(encoding="utf-8") == before
    page.write_text("# Nothing\n")
    with pytest.raises(ValueError, match="rights: begin"):
        matrix.main(str(page))


def test_every_right_has_its_words() -> None:
    """Each button of the texts is in the table of rights, and what the table holds has a name."""
    assert list(DOES) == list(BUTTONS)
    assert set(BUTTONS) == set(Verb)
    assert (list(DONE), list(ANSWERED), list(SAID)) == (list(DEEDS), list(ANSWERS), list(SENT))


def test_the_settings_in_the_readme_are_those_of_the_program() -> None:
    """The README's table names every variable with its default, in words where it is empty."""
    documented = {cells[0].strip("`"): cells[1] for cells in rows("README.md", r"`[A-Z][A-Z_]+`")}
    assert list(documented) == list(VARIABLES)
    for name, variable in VARIABLES.items():
        if variable.default is None:
            assert documented[name] == "required", name
        elif variable.default:
            assert documented[name] == f"`{variable.default}`", name
        else:
            assert documented[name] in {"none", "empty"}, name


def test_the_example_names_known_settings_and_their_defaults() -> None:
    """Each line of `.env.example` sets a known name, once, to its default; none is left out."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    given = re.findall(r"(?m)^(#? ?)([A-Z][A-Z_]+)=(.*)$", text)
    assert sorted(name for _, name, _ in given) == sorted(VARIABLES)
    for comment, name, value in given:
        variable = VARIABLES[name]
        assert (comment == "") == (variable.default is None), name
        assert value == (variable.default or ""), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    """What a page links to inside the project is there."""
    path = ROOT / document
    links = LINK.findall(path.read_text(encoding="utf-8"))
    here = [link for link in links if "://" not in link]
    assert [link for link in here if not (path.parent / link).exists()] == []


def described() -> dict[str, list[str]]:
    """The tables and views of `docs/data.md`, each with the columns that it names."""
    text = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for section in re.split(r"(?m)^### ", text)[1:]:
        head, _, body = section.partition("\n")
        columns = re.findall(r"(?m)^\| `([a-z_]+)` \|", body.partition("\n## ")[0])
        found |= dict.fromkeys(re.findall(r"`([a-z_]+)`", head), columns)
    return found


def test_the_data_is_described_as_it_is() -> None:
    """`docs/data.md` names every table and view, and every column in its order, and no other."""
    connection = sqlite3.connect(":memory:")
    schema.apply(sqlite_utils.Database(connection))
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
        " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlite_%'"
    ).fetchall()
    real = {
        name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        for (name,) in names
    }
    connection.close()
    # Those that count have a column for each state.
    counted = {"batches": BatchState, "submissions": SubmissionState, "calls": CallStatus}
    for table, states in counted.items():
        assert real[f"{table}_tally"] == ["id", *states]
        real[f"{table}_tally"] = []
    assert described() == real
