"""The contract files that the user names: a file, a folder of files, or a contract that ships with this tool."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from importlib import resources

from post_renderer.adapters import files
from post_renderer.model.contract_file import ContractFile
from post_renderer.model.errors import UserError
from post_renderer.model.finding import Finding, capped
from post_renderer.model.fix import command
from post_renderer.model.record import TYPE_CHECKING
from post_renderer.requirements import contract_files
from post_renderer.rules import policy

if TYPE_CHECKING:
    from importlib.abc import Traversable

ENDINGS = (".yaml", ".yml")
LIST = command("heimdall-pr", "contract", "list")


def load(wanted: Iterable[str]) -> tuple[ContractFile, ...]:
    """All contracts that some files, folders and names have. Raises UserError."""
    found: list[ContractFile] = []
    damaged: list[UserError] = []
    for shown, data, absent in (each for text in wanted for each in _contents(text)):
        try:
            found += contract_files.read(shown, data, absent)
        except UserError as error:
            damaged.append(error)
    if len(damaged) > 1:
        findings = [each for error in damaged for each in error.details if isinstance(each, Finding)]
        raise UserError(f"{len(damaged)} contracts can't be used", damaged[0].fix, capped(findings))
    if damaged:
        raise damaged[0]
    return tuple(found)


def _contents(wanted: str) -> Iterator[tuple[str, bytes, bool]]:
    """What a text names: a title, the content, and whether what it is about may be absent. Raises UserError."""
    if not wanted:
        raise UserError("--contract has an empty name", "--contract FILE, a folder, or a name", code=2)
    if os.path.isdir(wanted):
        found = sorted(entry.path for entry in os.scandir(wanted) if entry.name.endswith(ENDINGS))
        if not found:
            raise UserError(f"the folder {wanted} has no contract", f"files that end in {' or '.join(ENDINGS)}")
        yield from ((path, files.fetch_own(path), True) for path in found)
    elif os.path.exists(wanted):
        yield wanted, files.fetch_own(wanted), False
    else:
        yield wanted, named(wanted).read_bytes(), False


def named(name: str) -> Traversable:
    """The contract of a name. Raises UserError."""
    found = shipped()
    if name not in found:
        meant = policy.closest(name, tuple(found)) if os.sep not in name else None
        hint = f": did you mean {meant}?" if meant else ""
        raise UserError(f"there is no file {name}, and no contract of that name{hint}", LIST)
    return found[name]


def shipped() -> dict[str, Traversable]:
    """The contracts that ship with this tool, by name; they may be in an archive."""
    found = sorted((resources.files("post_renderer") / "contracts").iterdir(), key=lambda each: each.name)
    return {each.name[: -len(ENDINGS[0])]: each for each in found if each.name.endswith(ENDINGS[0])}
