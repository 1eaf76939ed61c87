"""Judges a chart or manifests as the post-renderer would, and puts each finding where the user wrote it."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import NamedTuple

from post_renderer import filter as edge
from post_renderer import pipeline
from post_renderer.adapters import git, helm, helm_errors, targets, values
from post_renderer.adapters.targets import Manifests
from post_renderer.commands.arguments import CHART_ALONE, OPTIONS, Arguments
from post_renderer.document import truncated
from post_renderer.masking import mask
from post_renderer.model.errors import UsageError
from post_renderer.model.facts import FileFact
from post_renderer.model.finding import ERROR, Place
from post_renderer.model.options import Options
from post_renderer.model.report import Report
from post_renderer.report import locate

FALLBACK = "values.yaml"


class Judgement(NamedTuple):
    """A report whose findings are where the user wrote them, and the file that stands for the whole."""

    report: Report
    fallback: str


def judge(arguments: Arguments) -> Judgement:
    """A chart, rendered by the user's helm, or manifests. Raises UserError."""
    chart = targets.chart(arguments.targets, arguments.repo)
    _usable(arguments, chart)
    given = _values(arguments)
    shown = mask.without_login(chart)
    own = os.path.join(chart, FALLBACK)
    below = values.contents(helm.Values((own,))) if chart and os.path.isfile(own) else {}
    user = locate.Values(values.contents(given), given.sets, below)
    fallback = mask.without_login(_fallback(arguments, chart))
    try:
        manifests, merged = _chart(arguments, chart, given) if chart else _manifests(arguments, given)
    except helm.Refused as refused:
        if not refused.rendering:
            raise
        report = Report(tuple(helm_errors.findings(refused.output, shown)))
        return Judgement(_placed(report, user), fallback)
    report = _cut_off(_judged(arguments, manifests, merged), manifests)
    return Judgement(_placed(report, user, manifests), fallback)


def _usable(arguments: Arguments, chart: str) -> None:
    """Refuses options that would do nothing; a variable may be there for other commands of the same job."""
    given = [
        option for option in OPTIONS if getattr(arguments, option.name, "") and not os.environ.get(option.variable)
    ]
    for option in given:
        if option.name in CHART_ALONE and not chart:
            raise UsageError(f"{option.flag} is for a chart, and the targets are manifests")
        if option.name == "version" and chart and not _is_remote(arguments, chart):
            raise UsageError("--version is for a remote chart")
    if arguments.live and chart and not arguments.namespace:
        raise UsageError("--live of a chart needs --namespace: where it would be installed is not told")


def _is_remote(arguments: Arguments, chart: str) -> bool:
    return bool(arguments.repo) or targets.is_remote(chart)


def _judged(arguments: Arguments, manifests: Manifests, merged: Mapping[str, object] | None) -> Report:
    """By the same functions as the filter; what would be written is redacted, and dropped."""
    options = _options(arguments)
    settings = edge.settings(options)._replace(redact=True, values=merged)
    plan = pipeline.plan(manifests.data, settings)
    facts = edge.fetch(plan, options)
    files = {path: _with_git(fact) for path, fact in facts.files.items()}
    return pipeline.apply(plan, facts._replace(files=files)).report


def _options(arguments: Arguments) -> Options:
    """The filter's options that say the same."""
    return Options(
        strict=arguments.strict,
        env=arguments.env,
        files_root=arguments.files_root,
        sops_allow=arguments.sops_allow,
        contract=arguments.contract,
        live=arguments.live,
        context=arguments.context,
        kubeconfig=arguments.kubeconfig,
        namespace=arguments.namespace,
    )


def _with_git(fact: FileFact) -> FileFact:
    """A file, with what is to be said where git would commit it."""
    if fact.content is None or fact.encrypted:
        return fact
    found = git.finding(fact.path, git.state(fact.path))
    return fact._replace(findings=(*fact.findings, found)) if found else fact


def _cut_off(report: Report, manifests: Manifests) -> Report:
    """With errors for what can't be read, whoever's it is: helm renders none of that, so it was cut off, or edited."""
    known = {finding.where.line for finding in report.findings if finding.rule == truncated.RULE}
    found = [
        finding for finding in truncated.findings(manifests.data, manifests.ends) if finding.where.line not in known
    ]
    findings = (*report.findings, *found)
    return report._replace(
        findings=tuple(each._replace(severity=ERROR) if each.rule == truncated.RULE else each for each in findings)
    )


def _placed(report: Report, user: locate.Values, manifests: Manifests | None = None) -> Report:
    """The report with its places where the user wrote it, and with what only the user's own files tell."""

    def where(place: Place) -> Place:
        place = user.where(place)
        return manifests.where(place) if manifests else place

    findings = tuple(finding._replace(where=where(finding.where)) for finding in report.findings)
    judged = tuple(
        each._replace(keys=tuple(state._replace(source=where(state.source)) for state in each.keys))
        for each in report.judged
    )
    return report._replace(findings=(*findings, *user.duplicates()), judged=judged)


def _values(arguments: Arguments) -> helm.Values:
    given = values.usable(helm.Values(arguments.values, arguments.sets))
    if values.STDIN not in arguments.values:
        return given
    if targets.STDIN in arguments.targets:
        raise UsageError("both the manifests and a values file are to be read from standard input", "give one a file")
    return given._replace(stdin=edge.read())


def _manifests(arguments: Arguments, given: helm.Values) -> tuple[Manifests, Mapping[str, object] | None]:
    """Rendered already; helm is needed only where values are given."""
    manifests = targets.read(arguments.targets)
    return manifests, values.merged(helm.find(os.environ, arguments.limit), given) if given else None


def _chart(arguments: Arguments, chart: str, given: helm.Values) -> tuple[Manifests, Mapping[str, object]]:
    """What helm renders, and all values that it did so with."""
    found = helm.find(os.environ, arguments.limit)
    how = helm.Render(arguments.release_name, arguments.namespace, arguments.kube_version, arguments.api_versions)
    with _waiting("waiting for helm"), _local(arguments, found, chart) as path:
        merged = values.merged(found, given, found.defaults(path))
        return Manifests(found.render(path, given, how, values.hidden(given, merged, path))), merged


@contextmanager
def _local(arguments: Arguments, found: helm.Helm, chart: str) -> Iterator[str]:
    """The path of a chart, which is brought first where it is remote; it goes again."""
    if not _is_remote(arguments, chart):
        yield chart
        return
    with tempfile.TemporaryDirectory(prefix="heimdall-pr-") as folder:
        yield found.pull(chart, arguments.version, arguments.repo, folder)


def _fallback(arguments: Arguments, chart: str) -> str:
    """The user's last values file, else the chart's own, else the first manifest."""
    files = [file for file in arguments.values if file != values.STDIN]
    if files:
        return files[-1]
    if chart:
        return os.path.join(chart, FALLBACK) if os.path.isdir(chart) else chart
    return arguments.targets[0]


def _waiting(what: str) -> AbstractContextManager[object]:
    """Says at a terminal that it takes a while."""
    from rich.console import Console

    console = Console(stderr=True)
    return console.status(what) if console.is_terminal else nullcontext()


def files_of(arguments: Arguments) -> list[str]:
    """What was given to be read, and so must not be written over."""
    files = (text.partition("=")[2] for kind, text in arguments.sets if kind == "set-file")
    return [*arguments.values, *arguments.targets, *files, *filter(None, (arguments.contract,))]
