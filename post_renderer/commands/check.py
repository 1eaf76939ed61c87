"""`heimdall-pr check`: judge a chart or manifests as the post-renderer would, for CI."""

import os
from typing import Annotated

import typer

from post_renderer import check as judging
from post_renderer.adapters import outputs, streams
from post_renderer.adapters import targets as paths
from post_renderer.commands import parameters
from post_renderer.commands.messages import say
from post_renderer.model.arguments import DOCS_URL, FORMAT, IGNORE, Arguments
from post_renderer.model.errors import UsageError
from post_renderer.report import addresses, checked, console, formats, repository
from post_renderer.report.checked import Checked
from post_renderer.report.formats import Output
from post_renderer.report.text import coloured

EXAMPLES = """Examples:

heimdall-pr check charts/heimdall -f values-ci.yaml

heimdall-pr check charts/heimdall -f values-ci.yaml --format github --format sarif=heimdall.sarif

heimdall-pr check charts/heimdall heimdall-eso.yaml --namespace heimdall --set heimdall.existingSecret=NAME

helm template heimdall charts/heimdall -f values-ci.yaml | heimdall-pr check -

heimdall-pr check manifests/ --strict --ignore 'not-checked=the cluster has the Secret'

`heimdall-pr rules` lists the rules.

Exit codes: 0 ok; 1 findings, or the chart can't be judged; 2 usage.
"""
NAMES = f"{FORMAT.help} One of {', '.join(formats.FORMATS)}."
Formats = Annotated[parameters.Many, parameters.option(FORMAT._replace(help=NAMES), True, formats.FORMATS)]
DocsUrl = Annotated[str, parameters.option(DOCS_URL)]
Ignored = Annotated[parameters.Many, parameters.option(IGNORE, True)]


def check(  # noqa: PLR0913, PLR0917  # options are arguments
    targets: parameters.Targets,
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
    format_names: Formats = None,
    docs_url: DocsUrl = "",
    ignore: Ignored = None,
) -> None:
    """Judge a chart with its values, or rendered manifests, as the post-renderer would. It never shows a secret."""
    ignored = formats.ignored(ignore or ())
    wanted = formats.outputs(format_names or (), os.environ)
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
    found = _checked(given, wanted, ignored, addresses.docs(docs_url))
    _write(found, wanted)
    if not found.ok:
        raise typer.Exit(1)


def _checked(given: Arguments, wanted: list[Output], ignored: dict[str, str], docs: str) -> Checked:
    """The outcome; no report may replace a file that is read for it. Raises UserError."""
    _refuse_overwriting(wanted, judging.files_of(given))
    judgement = judging.judge(given)
    _refuse_overwriting(wanted, [source for judged in judgement.report.judged for source in judged.read])
    targets = map(paths.shown, given.targets)
    return checked.of(judgement.report, targets, judgement.fallback, ignored, repository.root(os.environ), docs)


def _refuse_overwriting(wanted: list[Output], read: list[str]) -> None:
    """Refuse to write a report over a file that is read, or outside the working directory by a link."""
    real = {os.path.realpath(path) for path in read}
    for output in wanted:
        if output.path and os.path.realpath(output.path) in real:
            raise UsageError(
                f"{output.path} is read, so no report can be written there", "give the report another file"
            )
        if output.path and not outputs.is_special(output.path) and _leads_out(output.path):
            raise UsageError(f"{output.path} is a link out of the working directory", "give the report a file")


def _leads_out(path: str) -> bool:
    """Whether it is a link to a file that is not in the working directory."""
    folder, real = os.path.realpath(os.curdir), os.path.realpath(path)
    return os.path.islink(path) and os.path.commonpath((folder, real)) != folder


def _write(found: Checked, wanted: list[Output]) -> None:
    """Write the reports, those to files first: if one fails, standard output has nothing that is not true."""
    texts = {output: formats.render(output.name, found) for output in wanted}
    outputs.write((output.path, text) for output, text in texts.items() if output.path)
    _summarise(found)
    for output, text in texts.items():
        if not output.path:
            shown = coloured(text) if output.name == "text" and console.is_seen() else text
            streams.write((shown.encode("utf-8", "backslashreplace"),))
    if all(output.path for output in wanted):
        typer.echo(console.summary(found), err=True)


def _summarise(found: Checked) -> None:
    """Add the report to the summary of a GitHub job; a summary that can't be written is no finding."""
    path = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if not path or os.environ.get("GITHUB_ACTIONS") != "true":
        return
    try:
        outputs.append(path, formats.render("markdown", found))
    except OSError as error:
        say(f"GITHUB_STEP_SUMMARY can't be written: {os.strerror(error.errno or 0)}")
