"""Writes the rules' data into hooks/gate.py, and the chart's copy of it.

    python -m tests.gate_rules [--check]

The gate is one file without imports of ours, since it is handed to `python3 -c` in a stock image.
"""

import json
import re
import sys
from pathlib import Path

from post_renderer.rules import policy

ROOT = Path(__file__).parents[1]
GATE = ROOT / "hooks" / "gate.py"
COPY = ROOT / "charts" / "heimdall" / "files" / "gate.py"
SHARED = (
    "OPTIONAL",
    "LEGACY",
    "SHORTEST",
    "FEWEST_DIFFERENT",
    "BCRYPT_LIMIT",
    "DATA_KEY_LENGTH",
    "PLACEHOLDERS",
    "PLACEHOLDER_PREFIXES",
    "PLACEHOLDER_FRAMES",
    "UNEXPANDED",
    "VARIABLE",
    "PUBLISHED",
    "ADMIN_LENGTH",
    "ADMIN_CLASSES",
    "ADMIN_RUN",
    "DOCUMENTED_ADMIN",
)
BLOCK = re.compile(r"(?<=^# fmt: off\n).*?(?=^# fmt: on$)", re.MULTILINE | re.DOTALL)


def block() -> str:
    """The data as Python."""
    keys = {name: (key.length, key.recipe) for name, key in policy.KEYS.items()}
    named = {"KEYS": keys, **{name: getattr(policy, name) for name in SHARED}}
    return "".join(f"{name} = {literal(value)}\n" for name, value in named.items())


def literal(value: object, indent: str = "    ") -> str:
    """A value as Python, an item a line."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, frozenset):
        return f"frozenset({literal(tuple(sorted(value)), indent)})"
    if isinstance(value, dict):
        lines = [f"{text(key)}: {literal(item, indent + '    ')}" for key, item in value.items()]
        return _lines("{", lines, "}", indent)
    assert isinstance(value, tuple), type(value)
    parts = [literal(item, indent + "    ") for item in value]
    short = f"({', '.join(parts)},)" if len(parts) == 1 else f"({', '.join(parts)})"
    return short if len(short) < 80 and "\n" not in short else _lines("(", parts, ")", indent)


def _lines(start: str, items: list[str], end: str, indent: str) -> str:
    return f"{start}\n" + "".join(f"{indent}{item},\n" for item in items) + f"{indent[4:]}{end}"


def text(value: str) -> str:
    """A string without a dollar sign in its spelling: Kubernetes would take some of them for its own."""
    return json.dumps(value).replace("$", "\\x24")


def current() -> str:
    """What the gate has to be."""
    return BLOCK.sub(lambda _: block(), GATE.read_text())


def main(arguments: list[str]) -> int:
    """0 where it was written, or is what it has to be."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    wanted = current()
    for path in (GATE, COPY):
        if not arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_text(wanted)
        elif not path.exists() or path.read_text() != wanted:
            sys.stderr.write(f"gate_rules: {path} is not what it is made from: python -m tests.gate_rules\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
