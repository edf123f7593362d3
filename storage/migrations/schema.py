"""The list of all migrations, and what each of them is written with."""

from sqlite_utils import Database, Migrations

schema = Migrations("callboard")

NUMBER = (
    "((number GLOB '+[1-9]*' AND length(number) BETWEEN 8 AND 16"
    " AND substr(number, 2) NOT GLOB '*[^0-9]*') OR number GLOB '#*')"
)


def run(db: Database, statements: tuple[str, ...]) -> None:
    """Execute one by one: `executescript` would commit the migration's transaction."""
    for statement in statements:
        db.execute(statement)
