"""The filter's options, from the command line and the environment."""

from typing import Any

import pytest
import typer

from post_renderer import cli
from post_renderer.model import arguments
from post_renderer.model.errors import UsageError
from post_renderer.model.options import OPTIONS, Options, parse

ROWS: list[tuple[str, list[str], dict[str, str], Options]] = [
    ("nothing", [], {}, Options()),
    ("flags", ["--strict", "--redact", "--debug"], {}, Options(strict=True, redact=True, debug=True)),
    ("environment", [], {"HEIMDALL_PR_STRICT": "true", "HEIMDALL_PR_REDACT": "1"}, Options(strict=True, redact=True)),
    ("environment says no", [], {"HEIMDALL_PR_STRICT": "False", "HEIMDALL_PR_DEBUG": ""}, Options()),
    ("the command line wins", ["--files-root", "a"], {"HEIMDALL_PR_FILES_ROOT": "b"}, Options(files_root="a")),
    ("equals sign", ["--report-file=x"], {}, Options(report_file="x")),
    ("several", ["--env", "A", "--env", "B"], {}, Options(env=("A", "B"))),
    ("several in the environment, as PATH", [], {"HEIMDALL_PR_ENV": "A:B:"}, Options(env=("A", "B"))),
    ("Helm 4's own flag", ["--helm4", "--strict"], {}, Options(strict=True)),
    ("others' variables", [], {"STRICT": "1", "HEIMDALL_STRICT": "1"}, Options()),
]
OF_TYPER = {"--version", "--install-completion", "--show-completion"}
REFUSED: list[tuple[str, list[str], dict[str, str], str]] = [
    ("unknown", ["--stritc"], {}, "--stritc"),
    ("abbreviated", ["--str"], {}, "--str"),
    ("without its value", ["--env"], {}, "--env"),
    ("a word too many", ["--strict", "CANARY"], {}, "argument 2, after --strict, belongs to no option"),
    ("a word alone", ["CANARY"], {}, "argument 1 belongs to no option"),
    ("a value that was cut", ["--set", "a=b", "CANARY"], {}, "argument 3 belongs to no option"),
    ("after an option with its value", ["--env=CANARY", "x"], {}, "argument 2, after --env, belongs to no option"),
    ("an option of helm's", ["--set-string", "a.b=CANARY"], {}, "there is no option --set-string"),
    ("a value for a flag", ["--redact=CANARY"], {}, "--redact takes no value"),
    ("a value cut at a colon", [], {"HEIMDALL_PR_SET": "a.b=c:CANARY"}, "HEIMDALL_PR_SET has a part that is no"),
    ("neither true nor false", [], {"HEIMDALL_PR_STRICT": "maybe"}, "HEIMDALL_PR_STRICT"),
]


@pytest.mark.parametrize(("argv", "environ", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_parse(argv: list[str], environ: dict[str, str], expected: Options) -> None:
    assert parse(argv, environ) == expected


@pytest.mark.parametrize(("argv", "environ", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(argv: list[str], environ: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(argv, environ)
    assert told in caught.value.message
    assert "CANARY" not in caught.value.message
    assert (caught.value.code, bool(caught.value.fix)) == (2, True)


def flags(command: Any) -> set[str]:  # noqa: ANN401  # a command of Click's
    """The long options of a command."""
    return {word for parameter in command.params for word in parameter.opts if word.startswith("--")}


def test_help_shows_the_options_that_are_parsed() -> None:
    """Each by its flag, with its variable and its help; and no other."""
    command: Any = typer.main.get_command(cli.app)
    assert flags(command) - OF_TYPER == {option.flag for option in OPTIONS}
    for option in OPTIONS:
        (found,) = (each for each in command.params if option.flag in each.opts)
        assert (found.opts, found.multiple) == ([option.flag, *filter(None, (option.short,))], option.many)
        assert option.help in found.help
        assert found.envvar == option.variable or f"${option.variable}" in found.help


def test_check_and_explain_take_the_same_options() -> None:
    for name, more in {"check": {"--format", "--docs-url", "--ignore"}, "explain": {"--format"}}.items():
        found = cli.Commands(name="x").get_command(None, name)
        assert flags(found) == {option.flag for option in arguments.OPTIONS} | more


def test_every_option_has_a_variable_and_a_field() -> None:
    assert {option.name for option in OPTIONS} == set(Options._fields)
    assert [option.variable for option in OPTIONS][:2] == ["HEIMDALL_PR_STRICT", "HEIMDALL_PR_REDACT"]
