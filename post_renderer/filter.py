"""The filter's edge: standard input, and whatever else the plan names, become the pipeline's arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping

from post_renderer import pipeline
from post_renderer.adapters import helm_line, streams
from post_renderer.model.errors import UsageError
from post_renderer.model.facts import Facts, FileFact, LiveFact
from post_renderer.model.finding import Finding
from post_renderer.model.options import Options, unfamiliar
from post_renderer.model.record import TYPE_CHECKING
from post_renderer.model.report import Outcome
from post_renderer.model.settings import Settings
from post_renderer.pipeline import Plan
from post_renderer.requirements import release

if TYPE_CHECKING:  # most runs have no contract file
    from post_renderer.model.contract_file import ContractFile


def run(options: Options) -> Outcome:
    """One run over standard input, without writing the result. Raises UserError."""
    wanted = settings(options)  # a mistake in the options is reported before anything is read
    unread = _unread()
    data = streams.read()
    plan = pipeline.plan(data, wanted)
    found = (*plan.findings, *unread, *_duplicates(plan, options), *(_printed(plan) if options.redact else ()))
    plan = plan._replace(findings=found)
    outcome = pipeline.apply(plan, fetch(plan, options))
    namespace = release.namespace(plan.objects.resources, plan.askers, wanted.namespace)
    return outcome._replace(report=outcome.report._replace(release=release.described(data, namespace)))


def _unread() -> list[Finding]:
    """The variables of ours that nothing reads. Raises UsageError."""
    if not unfamiliar(os.environ):
        return []
    from post_renderer.adapters import own_variables

    return own_variables.findings(os.environ)


def settings(options: Options) -> Settings:
    """The options that the decision depends on. Raises UserError."""
    if options.live:
        from post_renderer.adapters import kubectl

        kubectl.target(options.context, options.kubeconfig)
    contracts = _contracts(options.contract)
    return Settings(
        strict=options.strict,
        redact=options.redact,
        env=(*options.env, *(name for each in contracts for name in each.environment)),
        values=_values(options),
        live=options.live,
        namespace=options.namespace or helm_line.namespace(helm_line.words(), os.environ),
        inject=options.inject,
        profiles=tuple(each.profile for each in contracts if each.profile),
        contracts=contracts,
        ignore=_ignored(options.ignore),
        skip=options.skip_workload,
        advice=False,
    )


def _ignored(wanted: tuple[str, ...]) -> Mapping[str, str]:
    """The rules to ignore, each with its reason. Raises UsageError."""
    if not wanted:
        return {}
    from post_renderer.report import formats

    return formats.ignored(wanted)


def fetch(plan: Plan, options: Options) -> Facts:
    """The files, variables and live Secrets that the plan names, and nothing else. Raises UserError."""
    files: dict[str, FileFact] = {}
    environ: Mapping[str, bytes] = {}
    if plan.files:
        from post_renderer.adapters import files as source

        files = {path: _opened(source.fetch(path, options.files_root), plan, options) for path in plan.files}
    if plan.variables:
        from post_renderer.adapters import environ as variables

        environ = variables.fetch(plan.variables)
    return Facts(files, environ, live(plan, options))


def live(plan: Plan, options: Options) -> Mapping[tuple[str, str], LiveFact]:
    """The live Secrets that the plan names. Raises UsageError."""
    if not plan.secrets:
        return {}
    from post_renderer.adapters import kubectl

    return kubectl.fetch_all(plan.secrets, kubectl.target(options.context, options.kubeconfig, options.env))


def _duplicates(plan: Plan, options: Options) -> list[Finding]:
    """The keys that are twice in the values files that the user gave."""
    if not options.values:
        return []
    from post_renderer.adapters import helm, values
    from post_renderer.report import locate

    judged = [asker.all.values_path for asker in plan.askers if asker.all.values_path]
    return list(locate.Values(values.contents(helm.Values(options.values))).duplicates(judged))


def _printed(plan: Plan) -> list[Finding]:
    """What Helm itself prints, and so can't be redacted."""
    from post_renderer.adapters import helm_output

    return helm_output.findings(plan.askers, os.environ)


def _contracts(wanted: tuple[str, ...]) -> tuple[ContractFile, ...]:
    """The contracts of the user's own, and those that ship with this tool. Raises UserError."""
    if not wanted:
        return ()
    from post_renderer.adapters import contracts

    return contracts.load(wanted)


def _opened(fact: FileFact, plan: Plan, options: Options) -> FileFact:
    """The file, decrypted if SOPS encrypted it."""
    if b"sops" not in (fact.content or b""):
        return fact
    from post_renderer.adapters import sops
    from post_renderer.sources import key_names

    return sops.opened(fact, options.sops_allow, known=key_names.of_file(fact.path, plan.askers))


def _values(options: Options) -> Mapping[str, object] | None:
    """The values that the user gave to Helm, merged by helm; None, without running helm, if there are none."""
    if not options.values and not options.set:
        return None
    from post_renderer.adapters import helm, values

    given = helm.Values(options.values, tuple(("set", text) for text in options.set))
    if values.STDIN in options.values:
        raise UsageError("--values - can't be read: standard input is what Helm rendered", "use --values FILE")
    return values.merged(helm.find(os.environ, secrets=options.env), values.usable(given))
