"""`heimdall-pr explain`: which approach was chosen and why, and the status of each key; or one rule."""

import os
import re
from typing import Annotated

from post_renderer import check
from post_renderer.adapters import streams
from post_renderer.adapters import targets as paths
from post_renderer.commands import parameters
from post_renderer.model.arguments import EXPLAIN_FORMAT, Arguments
from post_renderer.model.errors import UsageError, UserError
from post_renderer.model.fix import command
from post_renderer.model.report import Judged, KeyState, Report
from post_renderer.report import console, formats, json, text
from post_renderer.rules import catalog
from post_renderer.rules.catalog import Rule
from post_renderer.sources import key_status

FORMATS = ("text", "json")
NAME = re.compile(r"[A-Za-z][\w-]*", re.ASCII)  # of a rule; a path that is meant as one has a `/`, a `.`, or exists
COLOURS = {
    key_status.OK: "green",
    key_status.WEAK: "yellow",
    key_status.REFUSED: "red",
    key_status.MISSING: "red",
    key_status.NOT_CHECKED: "cyan",
}
EXAMPLES = """Examples:

heimdall-pr explain charts/heimdall -f values-ci.yaml

helm template heimdall charts/heimdall -f values-ci.yaml | heimdall-pr explain -

heimdall-pr explain charts/heimdall -f values-ci.yaml --format json

heimdall-pr explain missing-key placeholder
"""
TARGET = f"{parameters.TARGET} Or IDs of rules, as in a report."
Targets = Annotated[list[str], parameters.targets(TARGET, catalog.RULES)]
FormatName = Annotated[str, parameters.option(EXPLAIN_FORMAT, choices=FORMATS)]


def explain(  # noqa: PLR0913, PLR0917  # options are arguments
    targets: Targets,
    values: parameters.ValuesFiles = None,
    set_values: parameters.Set = None,
    set_strings: parameters.SetString = None,
    set_files: parameters.SetFile = None,
    set_json: parameters.SetJson = None,
    set_literals: parameters.SetLiteral = None,
    strict: parameters.Strict = False,
    files_root: parameters.FilesRoot = "",
    env: parameters.Env = None,
    sops_allow: parameters.SopsAllow = False,
    contract: parameters.Contract = None,
    inject: parameters.Inject = False,
    skip_workload: parameters.SkipWorkload = None,
    release_name: parameters.ReleaseName = "",
    namespace: parameters.Namespace = "",
    kube_version: parameters.KubeVersion = "",
    api_versions: parameters.ApiVersions = None,
    version: parameters.ChartVersion = "",
    repo: parameters.ChartRepo = "",
    live: parameters.Live = False,
    context: parameters.KubeContext = "",
    kubeconfig: parameters.Kubeconfig = "",
    helm_timeout: parameters.HelmTimeout = "",
    format_name: FormatName = "",
) -> None:
    """Show how the secrets are given and why, which values are ignored, and the status of each key.

    It never shows a secret. It exits with 0 whatever the status of the keys is: `check` judges.

    With IDs of rules instead of targets, show what each reports, why, and examples.
    """
    name = format_name or "text"
    if name not in FORMATS:
        raise UsageError(f"there is no format {name}{formats.meant(name, FORMATS)}", f"one of {', '.join(FORMATS)}")
    if rules := [] if repo else _rules(targets):
        _write_rules(rules, name)
        return
    given = Arguments(
        targets=tuple(targets),
        values=parameters.paths(values),
        sets=parameters.sets(set_values, set_strings, set_files, set_json, set_literals),
        strict=strict,
        files_root=files_root,
        env=tuple(env or ()),
        sops_allow=sops_allow,
        contract=tuple(contract or ()),
        inject=inject,
        skip_workload=tuple(skip_workload or ()),
        release_name=release_name,
        namespace=namespace,
        kube_version=kube_version,
        api_versions=tuple(api_versions or ()),
        version=version,
        repo=repo,
        live=live,
        context=context,
        kubeconfig=kubeconfig,
        limit=parameters.seconds(helm_timeout),
    )
    _write(given, check.judge(given).report, name)


def _rules(targets: list[str]) -> list[str]:
    """The rules that the targets name; none if one is a file, a path or a chart. Raises UsageError for a typo."""
    odd = [target for target in targets if target not in catalog.RULES]
    if any(not NAME.fullmatch(each) or os.path.lexists(each) for each in targets) or any(map(paths.meant, odd)):
        return []
    if len(targets) > 1 and len(odd) == len(targets):  # charts or files that are not there
        return []
    for target in odd:
        fix = command("heimdall-pr", "rules", note="lists the rules")
        raise UsageError(f"there is no file and no rule {target}{formats.meant(target, catalog.RULES)}", fix)
    return list(dict.fromkeys(targets))


def _write_rules(rules: list[str], name: str) -> None:
    from post_renderer.rules import pages  # only this needs the rules' own text

    if name == "json":
        found = [{"id": rule, **dict(zip(Rule._fields, catalog.RULES[rule], strict=True))} for rule in rules]
        content = {"rule": found[0]} if len(found) == 1 else {"rules": found}
        streams.write((json.dump({**json.head(()), **content}).encode(),))
        return
    streams.write(("\n".join(map(pages.page, rules)).encode(),))


def _write(given: Arguments, report: Report, name: str) -> None:
    """Write a table or JSON for each Secret. Raises UserError if there is none."""
    if not report.judged:
        raise UserError(
            _nothing(report), command("heimdall-pr", "check", note="with the same arguments"), report.findings
        )
    if name == "json":
        targets = tuple(map(paths.shown, given.targets))
        found = {**json.head(targets), "secrets": [json.secret(judged) for judged in report.judged]}
        streams.write((json.dump(found).encode(),))
        return
    streams.write(_table(judged).encode("utf-8", "backslashreplace") for judged in report.judged)


def _nothing(report: Report) -> str:
    return "there is no decision to explain" if report.ok else "there is no decision to explain, for these errors"


def _table(judged: Judged) -> str:
    """The decision, then the keys: a table with lines and colours on a terminal, plain columns otherwise."""
    pairs = [("secret", judged.secret), ("approach", judged.approach), ("why", judged.why)]
    pairs += [("ignored", path) for path in judged.ignored]
    pairs += [("read", source) for source in judged.read]
    head = "".join(f"{label:<9} {text.shown(value)}\n" for label, value in pairs)
    rows = [("key", "state", "length", "where"), *map(_row, judged.keys)]
    return f"{head}\n{_rich(rows) if console.is_seen() else _columns(rows)}"


def _columns(rows: list[tuple[str, str, str, str]]) -> str:
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    cells = ((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]) for row in rows)
    return "".join(f"{'  '.join(each)}\n" for each in cells) + "\n"


def _row(state: KeyState) -> tuple[str, str, str, str]:
    length = str(state.length) if state.length >= 0 else ""
    return text.shown(state.key), state.state, length, text.shown(state.source)


def _rich(rows: list[tuple[str, str, str, str]]) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*rows[0])
    for key, state, length, where in rows[1:]:
        table.add_row(Text(key), Text(state, COLOURS[state]), length, Text(where))
    screen = Console()
    with screen.capture() as captured:
        screen.print(table)
    return captured.get()
