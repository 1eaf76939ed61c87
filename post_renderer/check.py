"""The edge over a chart or manifests: judge them as the filter would, and find where the user wrote each thing."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

from post_renderer import filter as edge
from post_renderer import pipeline
from post_renderer.adapters import git, helm, helm_errors, own_variables, streams, targets, values
from post_renderer.adapters.targets import Manifests
from post_renderer.document import truncated
from post_renderer.model.arguments import CHART_ALONE, OPTIONS, VERSION, Arguments
from post_renderer.model.errors import UsageError
from post_renderer.model.facts import FileFact
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.fix import command, operand
from post_renderer.model.options import Options
from post_renderer.model.record import NamedTuple
from post_renderer.model.report import Report
from post_renderer.model.requirement import VALUES
from post_renderer.report import locate
from post_renderer.requirements import profile, user_values

FALLBACK = "values.yaml"  # in a chart
APPROACHES = tuple(f".{name}" for name in VALUES.values())


class Judgement(NamedTuple):
    """A report whose places are in the user's own files, and the fallback: a file for findings that have none."""

    report: Report
    fallback: str


def judge(arguments: Arguments) -> Judgement:
    """Judge a chart, rendered by the user's helm, with manifests beside it, or manifests alone. Raises UserError."""
    chart = targets.chart(arguments.targets, arguments.repo)
    _refuse_useless(arguments, chart)
    given = _values(arguments)
    user = _user_values(arguments, chart, given)
    fallback = targets.shown(_fallback(arguments, chart))
    try:
        manifests, merged = _rendered(arguments, chart, given) if chart else _read(arguments, given)
    except helm.Refused as refused:
        if not refused.rendering:
            raise
        found = [*_untyped(arguments, refused), *helm_errors.findings(refused.output, targets.shown(chart))]
        return Judgement(_placed(Report(tuple(found)), user), fallback)
    report = _without_gaps(_report(arguments, manifests, merged, bool(chart)), manifests)
    return Judgement(_placed(report, user, manifests), fallback)


def files_of(arguments: Arguments) -> list[str]:
    """The files that the options name: no report may be written over them."""
    files = (text.partition("=")[2] for kind, text in arguments.sets if kind == "set-file")
    return [*arguments.values, *arguments.targets, *files, *arguments.contract]


# --- options ---------------------------------------------------------------------------------------------------------


def _refuse_useless(arguments: Arguments, chart: str) -> None:
    """Refuse options that would have no effect; a variable may be meant for other commands of the same job."""
    chart_alone = [option for option in OPTIONS if option.name in CHART_ALONE and getattr(arguments, option.name)]
    for option in chart_alone:
        if not chart and not os.environ.get(option.variable):
            message = f"{option.flag} is for a chart, and the targets are manifests"
            raise UsageError(message, f"leave {option.flag} out, or name the chart in place of the manifests")
    if chart:
        _refuse_useless_of_chart(arguments, chart)


def _refuse_useless_of_chart(arguments: Arguments, chart: str) -> None:
    """The same for options that only some charts take."""
    if arguments.version and not os.environ.get(VERSION.variable) and not _is_remote(arguments, chart):
        fix = f"leave {VERSION.flag} out, or name a chart by oci://… or REPO/NAME"
        raise UsageError(f"{VERSION.flag} is for a remote chart", fix)
    if arguments.live and not arguments.namespace:
        message = "--live of a chart needs --namespace: the release's namespace is not known"
        raise UsageError(message, "--namespace NAME (HEIMDALL_PR_NAMESPACE=NAME), the one that helm installs into")


def _is_remote(arguments: Arguments, chart: str) -> bool:
    return bool(arguments.repo) or targets.is_remote(chart)


def _values(arguments: Arguments) -> helm.Values:
    """The user's values for helm, with standard input read if a values file is `-`."""
    given = values.usable(helm.Values(arguments.values, arguments.sets))
    if values.STDIN not in arguments.values:
        return given
    if targets.STDIN in arguments.targets:
        raise UsageError("the manifests and a values file both want standard input", "give one of them a file")
    return given._replace(stdin=streams.read())


def _user_values(arguments: Arguments, chart: str, given: helm.Values) -> locate.Values:
    """Where the user set each value, and below that the chart's own values file."""
    own = os.path.join(chart, FALLBACK)
    below = values.contents(helm.Values((own,))) if chart and os.path.isfile(own) else {}
    return locate.Values(values.contents(given), arguments.sets, below)


def _fallback(arguments: Arguments, chart: str) -> str:
    """The user's last values file, else the chart's own, else the first manifest."""
    files = [file for file in arguments.values if file != values.STDIN]
    if files:
        return files[-1]
    if chart:
        return os.path.join(chart, FALLBACK) if os.path.isdir(chart) else chart
    return arguments.targets[0]


# --- manifests -------------------------------------------------------------------------------------------------------


def _helm(arguments: Arguments) -> helm.Helm:
    """The user's own. Raises UserError."""
    return helm.find(os.environ, helm.Limit(arguments.limit), arguments.env)


def _read(arguments: Arguments, given: helm.Values) -> tuple[Manifests, Mapping[str, object] | None]:
    """Rendered manifests; helm runs only if there are values to merge."""
    manifests = targets.read(arguments.targets)
    if manifests.data.strip() and b"kind" not in manifests.data:
        named = command("heimdall-pr", "check", "CHART", "--values", operand(arguments.targets[0]))
        message = f"{targets.shown(arguments.targets[0])} has no manifest: nothing in it has a kind"
        raise UsageError(message, f"if it has Helm's values: {named}")
    return manifests, values.merged(_helm(arguments), given) if given else None


def _rendered(arguments: Arguments, chart: str, given: helm.Values) -> tuple[Manifests, Mapping[str, object]]:
    """The manifests that helm renders from a chart, with those of other targets, and all values it used."""
    others = targets.contents_of([target for target in arguments.targets if target != chart])
    found = _helm(arguments)
    how = helm.Render(arguments.release_name, arguments.namespace, arguments.kube_version, arguments.api_versions)
    with _waiting("waiting for helm"), _local(arguments, found, chart) as path:
        merged = values.merged(found, given, found.defaults(path))
        try:
            rendered = found.render(path, given, how, values.hidden(given, merged, path, arguments.contract))
        except helm.Refused as refused:
            refused.values = merged
            raise
    return targets.beside(rendered, others), merged


def _untyped(arguments: Arguments, refused: helm.Refused) -> list[Finding]:
    """The secrets that are no texts, if helm says that a template wants a text."""
    if not helm_errors.is_about_type(refused.output):
        return []
    profiles = profile.profiles(edge.settings(_options(arguments)))
    return [found for each in profiles for found in user_values.no_texts(refused.values, each)]


@contextmanager
def _local(arguments: Arguments, found: helm.Helm, chart: str) -> Iterator[str]:
    """The path of a chart; a remote one is pulled into a temporary folder."""
    if not _is_remote(arguments, chart):
        yield chart
        return
    with tempfile.TemporaryDirectory(prefix="heimdall-pr-") as folder:
        yield found.pull(chart, arguments.version, arguments.repo, folder)


def _waiting(message: str) -> AbstractContextManager[object]:
    """A message while helm runs, if standard error is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(message)


# --- report ----------------------------------------------------------------------------------------------------------


def _report(arguments: Arguments, manifests: Manifests, merged: Mapping[str, object] | None, exact: bool) -> Report:
    """The report of the filter's own functions; the stream that they would write is dropped."""
    options = _options(arguments)
    settings = edge.settings(options)._replace(values=merged, exact=exact, advice=True)
    plan = pipeline.plan(manifests.data, settings)
    plan = plan._replace(findings=(*plan.findings, *own_variables.findings(os.environ)))
    facts = edge.fetch(plan, options)
    files = {path: _with_git(fact) for path, fact in facts.files.items()}
    return pipeline.apply(plan, facts._replace(files=files)).report


def _options(arguments: Arguments) -> Options:
    """The filter's options of the same meaning; it merges no values again."""
    return Options(
        strict=arguments.strict,
        env=arguments.env,
        files_root=arguments.files_root,
        sops_allow=arguments.sops_allow,
        contract=arguments.contract,
        inject=arguments.inject,
        skip_workload=arguments.skip_workload,
        live=arguments.live,
        context=arguments.context,
        kubeconfig=arguments.kubeconfig,
        namespace=arguments.namespace,
    )


def _with_git(fact: FileFact) -> FileFact:
    """A secrets file, with a finding if git would commit it in plaintext."""
    if fact.content is None or fact.encrypted:
        return fact
    found = git.finding(fact.path, git.state(fact.path))
    return fact._replace(findings=(*fact.findings, found)) if found else fact


def _without_gaps(report: Report, manifests: Manifests) -> Report:
    """The report with an error for each document that can't be read.

    Helm renders no such document: the manifests were truncated or edited.
    """
    known = {finding.where.line for finding in report.findings if finding.rule == truncated.RULE}
    more = truncated.findings(manifests.data, manifests.ends)
    found = (*report.findings, *(finding for finding in more if finding.where.line not in known))
    return report._replace(
        findings=tuple(each._replace(severity=ERROR) if each.rule == truncated.RULE else each for each in found)
    )


def _placed(report: Report, user: locate.Values, manifests: Manifests | None = None) -> Report:
    """The report with places in the user's own files, and the findings about those files."""

    def where(place: Place) -> Place:
        place = user.where(place)
        return manifests.where(place) if manifests else place

    findings = tuple(finding._replace(where=where(finding.where), fix=user.fix(finding)) for finding in report.findings)
    judged = tuple(
        each._replace(keys=tuple(state._replace(source=where(state.source)) for state in each.keys))
        for each in report.judged
    )
    twice = user.duplicates(_paths(report))
    return report._replace(findings=(*findings, *twice), judged=judged)


def _paths(report: Report) -> list[str]:
    """The values paths that were judged; the chart's own if the report names none."""
    paths = [each.approach.rpartition(".")[0] for each in report.judged if each.approach.endswith(APPROACHES)]
    return paths or ["heimdall"]
