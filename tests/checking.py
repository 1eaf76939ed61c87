"""What the tests of `check` and `explain` share: a desk with values files, and what the command says of them."""

import json
from pathlib import Path
from typing import Any

from tests.support import CHART, Desk, Done, Values

VALUES = "values-ci.yaml"
FORMATS = ("text", "json", "github", "gitlab", "junit", "sarif", "markdown")


class Checker(Desk):
    """A desk whose heimdall-pr uses its Helm; every output is looked through for secrets, as are files it wrote."""

    def write(self, values: Values, name: str = VALUES) -> str:
        """A values file in block style, a key a line."""
        (self.folder / name).write_text("".join(_lines(values)))
        return name

    def check(self, *args: str, chart: str | Path = CHART, env: dict[str, str] | None = None) -> Done:
        """`heimdall-pr check CHART …`."""
        return self.cli("check", str(chart), *args, env=env)

    def cli(self, *args: str, env: dict[str, str] | None = None, input: str = "") -> Done:  # noqa: A002 (as subprocess.run has it)
        """`heimdall-pr …` with HELM_BIN set."""
        return self.command(*args, env={"HELM_BIN": str(self.helm.path), **(env or {})}, input=input)

    def command_in(self, folder: Path, *args: str, env: dict[str, str]) -> Done:
        """The same in another working directory."""
        home, self.folder = self.folder, folder
        try:
            return self.cli(*args, env=env)
        finally:
            self.folder = home

    def found(self, *args: str, chart: str | Path = CHART, env: dict[str, str] | None = None) -> dict[str, Any]:
        """The JSON of a check."""
        done = self.check(*args, "--format", "json", chart=chart, env=env)
        assert done.stdout, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == (0 if found["ok"] else 1)
        return found


def told(found: dict[str, Any], *severities: str) -> list[tuple[str, str | None, str]]:
    """Each finding as (rule, key, file:line or the object)."""
    return [
        (each["rule"], each["key"], _where(each["where"]))
        for each in found["findings"]
        if not severities or each["severity"] in severities
    ]


def states(found: dict[str, Any]) -> dict[str, str]:
    """The state of each key of the only Secret."""
    (secret,) = found["secrets"]
    return {key["key"]: key["state"] for key in secret["keys"]}


def _where(place: dict[str, Any]) -> str:
    if not place["file"]:
        return str(place["object"])
    return f"{place['file']}:{place['line']}" if place["line"] else str(place["file"])


def _lines(values: Values, indent: str = "") -> list[str]:
    lines = []
    for key, value in values.items():
        if isinstance(value, dict):
            lines += [f"{indent}{key}:\n", *_lines(value, f"{indent}  ")]
        else:
            lines.append(f"{indent}{key}: {json.dumps(value)}\n")
    return lines
