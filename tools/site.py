"""What MkDocs calls while it builds the site: it adds the generated pages and the repository's address."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from post_renderer import cli
from tools import release

ROOT = Path(__file__).parents[1]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The address, which is in pyproject.toml alone."""
    config.repo_url = release.address()
    config.repo_name = config.repo_url.partition("//")[2].partition("/")[2]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The generated pages."""
    chart = (ROOT / "charts" / "heimdall" / "README.md").read_text(encoding="utf-8").replace("../../docs/", "")
    for name, text in {"commands.md": commands(), "chart.md": chart}.items():
        files.append(File.generated(config, name, content=text))
    return files


def commands() -> str:
    """A page of all commands with their options and variables."""
    program = typer.main.get_command(cli.app)
    return "# Commands\n\n" + "".join(_sections(program, "heimdall-pr"))


def _sections(command: Any, path: str) -> Iterator[str]:  # noqa: ANN401  # Click's own types, which Typer took over in 0.26
    """A section for a command, and for each one below it."""
    rows = [_row(each) for each in command.params if not getattr(each, "hidden", False)]
    table = "| option | |\n|---|---|\n" + "".join(rows) if rows else ""
    about = " ".join((command.help or "").partition("\n\n")[0].split())
    yield f"## {path}\n\n{_cell(about)}\n\n{table}\n"
    for name in command.list_commands(None) if hasattr(command, "list_commands") else ():
        yield from _sections(command.get_command(None, name), f"{path} {name}")


def _row(parameter: Any) -> str:  # noqa: ANN401  # the same
    """A row for an option or an argument."""
    names = parameter.opts if parameter.param_type_name == "option" else [parameter.metavar or parameter.name.upper()]
    shown = ", ".join(f"`{name}`" for name in sorted(names, key=len, reverse=True))
    variable = f" Variable: `{parameter.envvar}`." if isinstance(parameter.envvar, str) else ""
    return f"| {shown} | {_cell(parameter.help or '')}{variable} |\n"


def _cell(text: str) -> str:
    """A text that no column, tag or emphasis ends."""
    for mark in "\\|<>*_`[]":
        text = text.replace(mark, f"\\{mark}")
    return text
