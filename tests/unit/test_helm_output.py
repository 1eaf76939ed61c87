"""Which command lines of Helm print the user's values: those that real Helms 3 and 4 were seen to print them with."""

import pytest

from post_renderer.adapters import helm_output

Environ = dict[str, str]
NONE: Environ = {}
PRINTING: list[tuple[str, str, Environ, str]] = [
    ("a dry run", "install r chart --dry-run --debug", NONE, "--debug"),
    ("an install", "--debug install r chart", NONE, "--debug"),
    ("an upgrade", "upgrade --install r chart --debug=true", NONE, "--debug"),
    ("as Go reads it", "upgrade r chart --debug=1", NONE, "--debug"),
    ("the last one counts", "install r chart --debug=false --debug", NONE, "--debug"),
    ("by the environment", "install r chart", {"HELM_DEBUG": "true"}, "HELM_DEBUG"),
    ("JSON", "install r chart --dry-run -o json", NONE, "--output json"),
    ("JSON in one word", "install r chart -ojson", NONE, "--output json"),
    ("YAML", "upgrade r chart --output=yaml", NONE, "--output yaml"),
    ("a release of that name", "install template chart --debug", NONE, "--debug"),
]
SILENT: list[tuple[str, str, Environ]] = [
    ("no option", "install r chart --dry-run", NONE),
    ("false", "install r chart --debug=false", {"HELM_DEBUG": "true"}),
    ("false in the environment", "install r chart", {"HELM_DEBUG": "false"}),
    ("a table", "install r chart -o table", NONE),
    ("a template", "template r chart --debug", {"HELM_DEBUG": "1"}),
    ("a name that begins so", "install r debug --set a=--debugger", NONE),
    ("no Helm", "", {"HELM_DEBUG": "true"}),
]


@pytest.mark.parametrize(("line", "environ", "option"), [row[1:] for row in PRINTING], ids=[row[0] for row in PRINTING])
def test_printing(line: str, environ: Environ, option: str) -> None:
    assert helm_output.printing(line.split(), environ) == option


@pytest.mark.parametrize(("line", "environ"), [row[1:] for row in SILENT], ids=[row[0] for row in SILENT])
def test_silent(line: str, environ: Environ) -> None:
    assert helm_output.printing(line.split(), environ) == ""
