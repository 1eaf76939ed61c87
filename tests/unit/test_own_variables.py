"""Variables that look like ours: typos are refused, unknown ones reported, and others' are left alone."""

from pathlib import Path
from typing import Any

import pytest
import typer

from post_renderer import cli
from post_renderer.adapters import own_variables
from post_renderer.model.errors import UsageError
from tests.unit.streams import OTHERS, SOUND, contract, encoded, secret
from tests.unit.test_edge import run

STREAM = OTHERS + secret(encoded(SOUND)) + contract("inline")
TYPOS = [
    ("more behind it", "HEIMDALL_PR_REDACTED", "HEIMDALL_PR_REDACT"),
    ("a word behind it", "HEIMDALL_PR_STRICT_MODE", "HEIMDALL_PR_STRICT"),
    ("the longest of two that it begins with", "HEIMDALL_PR_SET_STRING_TOO", "HEIMDALL_PR_SET_STRING"),
    ("a letter less", "HEIMDALL_PR_REDAC", "HEIMDALL_PR_REDACT"),
    ("two letters", "HEIMDALL_PR_RADECT", "HEIMDALL_PR_REDACT"),
    ("swapped", "HEIMDALL_PR_STRCIT", "HEIMDALL_PR_STRICT"),
    ("singular", "HEIMDALL_PR_VALUE", "HEIMDALL_PR_VALUES"),
    ("in the prefix", "HEIMDAL_PR_REDACT", "HEIMDALL_PR_REDACT"),
    ("an underscore less", "HEIMDALL_PRREDACT", "HEIMDALL_PR_REDACT"),
    ("an underscore more", "HEIMDALL_PR__REDACT", "HEIMDALL_PR_REDACT"),
    ("a dash", "HEIMDALL-PR_REDACT", "HEIMDALL_PR_REDACT"),
    ("before it", "_HEIMDALL_PR_REDACT", "HEIMDALL_PR_REDACT"),
    ("lower case", "heimdall_pr_redact", "HEIMDALL_PR_REDACT"),
    ("of a command", "HEIMDALL_PR_ALLOW_COMMITS", "HEIMDALL_PR_ALLOW_COMMIT"),
    ("of check", "HEIMDALL_PR_KUBE_VERSIONS", "HEIMDALL_PR_KUBE_VERSION"),
]
UNKNOWN = ["HEIMDALL_PR_COLOUR", "HEIMDALL_PR_", "HEIMDALL_PR_REPORT", "HEIMDALL_PR_PORTS"]
OTHERS_NAMES = [
    ("Kubernetes: a Service's address", "HEIMDALL_PR_SERVICE_HOST"),
    ("Kubernetes: its port", "HEIMDALL_PR_SERVICE_PORT"),
    ("Kubernetes: a port with a name", "HEIMDALL_PR_SERVICE_PORT_HTTP_WEB"),
    ("Kubernetes, as docker did it", "HEIMDALL_PR_PORT"),
    ("Kubernetes: a port's address", "HEIMDALL_PR_PORT_3000_TCP"),
    ("Kubernetes: parts of it", "HEIMDALL_PR_PORT_3000_TCP_ADDR"),
    ("Kubernetes: a Service with a longer name", "HEIMDALL_PR_REDACT_SERVICE_HOST"),
    ("Kubernetes: a Service of that name with UDP", "HEIMDALL_PR_REDACT_PORT_53_UDP_PROTO"),
    ("the tests' own", "HEIMDALL_PR_TEST_REQUIRE"),
    ("the corpus", "HEIMDALL_PR_CORPUS"),
    ("the demo's", "HEIMDALL_PR_DEMO_IMAGE"),
    ("a shell's completion", "_HEIMDALL_PR_COMPLETE"),
    ("values for ${NAME}", "HEIMDALL_JWT_SECRET"),
    ("of the application", "HEIMDALL_STRICT"),
    ("of a Service called heimdall", "HEIMDALL_PORT_3000_TCP_ADDR"),
    ("of something else", "MY_PR_REDACT"),
]


@pytest.mark.parametrize(("name", "meant"), [row[1:] for row in TYPOS], ids=[row[0] for row in TYPOS])
def test_typos(name: str, meant: str) -> None:
    with pytest.raises(UsageError) as caught:
        own_variables.findings({"PATH": "x", name: "CANARY"})
    assert caught.value.message == f"nothing reads the variable {name}: did you mean {meant}?"
    assert "CANARY" not in repr(caught.value)


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown(name: str) -> None:
    (found,) = own_variables.findings({name: "CANARY"})
    assert (found.severity, found.rule, found.message) == (
        "warning",
        "unknown-variable",
        f"nothing reads the variable {name}",
    )
    assert "CANARY" not in repr(found)


@pytest.mark.parametrize("name", [row[1] for row in OTHERS_NAMES], ids=[row[0] for row in OTHERS_NAMES])
def test_of_others(name: str) -> None:
    assert own_variables.findings({name: "x"}) == []


def test_each_variable_that_is_read_is_known() -> None:
    """Those of the filter and of every command, as Typer has them; and no other."""
    commands: Any = typer.main.get_command(cli.app)
    read = set(own_variables.OF_FILTER) | {"HEIMDALL_PR_FORMAT", "HEIMDALL_PR_IGNORE"}
    for name in cli.COMMANDS:
        command = commands.get_command(None, name)
        for each in (command, *getattr(command, "commands", {}).values()):
            read |= {parameter.envvar for parameter in each.params if parameter.envvar}
            read |= {
                word.strip("($,")
                for parameter in each.params
                for word in (getattr(parameter, "help", "") or "").split()
                if word.startswith("($HEIMDALL")
            }
    assert own_variables.known() == read
    assert own_variables.findings(dict.fromkeys(read, "x")) == []


def test_the_filter(tmp_path: Path) -> None:
    """A typo of --redact lets nothing out; an unknown one is reported, and --strict refuses it."""
    done = run(tmp_path, stream=STREAM, HEIMDALL_PR_REDACTED="true")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"did you mean HEIMDALL_PR_REDACT?" in done.stderr
    done = run(tmp_path, "--helm4", stream=STREAM, HEIMDALL_PR_REDACTED="true")
    assert b"did you mean HEIMDALL_PR_REDACT?" in done.stdout
    assert encoded(SOUND)["JWT_SECRET"].encode() not in done.stdout
    done = run(tmp_path, stream=STREAM, HEIMDALL_PR_COLOUR="CANARY")
    assert (done.returncode, done.stdout) == (0, STREAM.encode())
    assert b"warning unknown-variable" in done.stderr
    assert b"CANARY" not in done.stderr
    assert run(tmp_path, "--strict", stream=STREAM, HEIMDALL_PR_COLOUR="x").returncode == 1


def test_the_commands(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(STREAM)
    for command in (["check", "m.yaml"], ["explain", "m.yaml"], ["generate", "new.yaml"], ["why"], ["rules"]):
        done = run(tmp_path, *command, HEIMDALL_PR_REDACTED="true")
        assert (done.returncode, done.stdout) == (2, b""), command
        assert b"did you mean HEIMDALL_PR_REDACT?" in done.stderr
    assert not (tmp_path / "new.yaml").exists()
    done = run(tmp_path, "rules", HEIMDALL_PR_COLOUR="CANARY")
    assert (done.returncode, done.stderr) == (0, b"heimdall-pr: nothing reads the variable HEIMDALL_PR_COLOUR\n")
    done = run(tmp_path, "check", "m.yaml", HEIMDALL_PR_COLOUR="CANARY")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"unknown-variable" in done.stdout
    assert run(tmp_path, "check", "m.yaml", "--strict", HEIMDALL_PR_COLOUR="x").returncode == 1


def test_help_and_the_version_are_there_all_the_same(tmp_path: Path) -> None:
    for words in (["--help"], ["--version"], ["check", "--help"]):
        assert run(tmp_path, *words, HEIMDALL_PR_REDACTED="true").returncode == 0
