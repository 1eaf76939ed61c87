"""The contract files that the user names: a file, a folder of files, or a contract that ships with this tool."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from post_renderer.adapters import files
from post_renderer.model.contract_file import ContractFile
from post_renderer.model.errors import UserError
from post_renderer.model.fix import command
from post_renderer.requirements import contract_files
from post_renderer.rules import policy

SHIPPED = Path(__file__).parents[1] / "contracts"
ENDINGS = (".yaml", ".yml")
LIST = command("heimdall-pr", "contract", "list")


def load(wanted: Iterable[str]) -> tuple[ContractFile, ...]:
    """All contracts that some files, folders and names have. Raises UserError."""
    return tuple(each for text in wanted for path, present in paths(text) for each in _read(path, present))


def paths(wanted: str) -> list[tuple[str, bool]]:
    """The files that a text names, and whether what they are about may be absent. Raises UserError."""
    if os.path.isdir(wanted):
        found = sorted(entry.path for entry in os.scandir(wanted) if entry.name.endswith(ENDINGS))
        if not found:
            raise UserError(f"the folder {wanted} has no contract", f"files that end in {' or '.join(ENDINGS)}")
        return [(path, True) for path in found]
    return [(wanted if os.path.exists(wanted) else str(named(wanted)), False)]


def named(name: str) -> Path:
    """The contract of a name. Raises UserError."""
    found = shipped()
    if name not in found:
        meant = policy.closest(name, tuple(found)) if os.sep not in name else None
        hint = f": did you mean {meant}?" if meant else ""
        raise UserError(f"there is no file {name}, and no contract of that name{hint}", LIST)
    return found[name]


def shipped() -> dict[str, Path]:
    """The contracts that ship with this tool, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}


def _read(path: str, present: bool) -> list[ContractFile]:
    shown = Path(path).stem if Path(path).parent == SHIPPED else path
    return contract_files.read(shown, files.fetch_own(path), present)
