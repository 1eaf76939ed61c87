"""Writes every generated file of the repository, or says which ones are not what they are made from.

    python -m tools.generate [--check]

Exit codes: 0 all are written, or as they should be; 1 some are not (--check); 2 usage.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from post_renderer.requirements import contract_schema
from tools import (
    generate_digest,
    generate_gate,
    generate_policy,
    generate_reference,
    generate_rules,
    generate_values,
)

ROOT = Path(__file__).parents[1]
LIBRARY = "charts/heimdall/charts/secrets-contract/templates"

# Each file with what makes its text. To add one, write a module like these, and a line here.
# What another one reads comes first: the digest is a part of the gate.
FILES: dict[str, Callable[[], str]] = {
    "post_renderer/rules/digest.py": generate_digest.module,
    f"{LIBRARY}/_digest.generated.tpl": generate_digest.template,
    "hooks/gate.py": generate_gate.text,
    f"{LIBRARY}/_gate.generated.tpl": generate_gate.template,
    f"{LIBRARY}/_rules.generated.tpl": generate_policy.text_of_rules,
    "charts/heimdall/templates/_policy.generated.tpl": generate_policy.text,
    "charts/heimdall/templates/_values.generated.tpl": generate_values.text,
    "docs/rules.md": generate_rules.text,
    "docs/contract.schema.json": contract_schema.text,
    "docs/commands.md": generate_reference.markdown,
    "man/heimdall-pr.1": generate_reference.manual,
}


def main(arguments: list[str]) -> int:
    """Write the files, or compare them; return the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    stale = [name for name, text in FILES.items() if not _is_written(ROOT / name, text(), write=not arguments)]
    for name in stale:
        sys.stderr.write(f"generate: {name} is not what it is made from: make generate\n")
    return 1 if stale else 0


def _is_written(path: Path, text: str, write: bool) -> bool:
    """Whether a file has its text, if need be after it was written."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return True
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return write


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
