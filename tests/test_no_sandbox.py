"""The program does not know whom it talks to: only its command `demo` names the sandbox."""

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
STARTER = Path("bot/__main__.py")


def sources() -> list[Path]:
    """Every file of the program, relative to the project."""
    found = [path for name in ("bot", "storage") for path in (ROOT / name).rglob("*")]
    return [path.relative_to(ROOT) for path in found if path.suffix in {".py", ".typed"}]


def test_only_the_starter_names_the_sandbox() -> None:
    """In `bot` and `storage` the word stands in one file."""
    naming = [
        path
        for path in sources()
        if re.search("sandbox", (ROOT / path).read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert naming == [STARTER]


def test_the_starter_only_starts_it() -> None:
    """There it stands once, as a module that another process runs, and is never imported."""
    lines = (ROOT / STARTER).read_text(encoding="utf-8").splitlines()
    naming = [line.strip() for line in lines if "sandbox" in line.lower()]
    assert naming == ['stage = (sys.executable, "-m", "sandbox.demo", "--port", str(port))']


def test_the_contract_covers_the_whole_program() -> None:
    """The import contract lists every module of the program, those added later included."""
    config: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (
        contract
        for contract in config["tool"]["importlinter"]["contracts"]
        if contract["name"] == "Nothing of the program knows the sandbox"
    )
    own = {path.with_suffix("").parts[1] for path in sources() if path.parts[0] == "bot"}
    modules = {f"bot.{name}" for name in own - {"__init__", "__main__", "py"}}
    assert set(contract["source_modules"]) == modules | {"storage"}
    assert contract["forbidden_modules"] == ["sandbox"]
    assert "allow_indirect_imports" not in contract
