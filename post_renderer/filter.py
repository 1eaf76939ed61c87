"""The filter's edge: reads the stream, fetches what the plan names, writes what comes out."""

import os
from collections.abc import Mapping

from post_renderer import pipeline
from post_renderer.adapters import streams
from post_renderer.model.errors import UsageError
from post_renderer.model.facts import Facts, FileFact, LiveFact
from post_renderer.model.options import Options
from post_renderer.model.report import Outcome
from post_renderer.model.settings import Settings
from post_renderer.pipeline import Plan

read, write = streams.read, streams.write


def run(options: Options) -> Outcome:
    """One run over standard input, up to the point of writing. Raises UserError."""
    asked = settings(options)  # what is wrong with it is told before anything is read
    plan = pipeline.plan(read(), asked)
    return pipeline.apply(plan, fetch(plan, options))


def settings(options: Options) -> Settings:
    """What the decision depends on. Raises UserError."""
    if options.live:
        from post_renderer.adapters import kubectl

        kubectl.target(options.context, options.kubeconfig)
    own = None
    if options.contract:
        from post_renderer.adapters import files as source
        from post_renderer.requirements import profile

        own = profile.parse(options.contract, source.fetch_own(options.contract))
    return Settings(
        strict=options.strict,
        redact=options.redact,
        env=options.env,
        values=_values(options),
        live=options.live,
        namespace=options.namespace,
        inject=options.inject,
        profile=own,
    )


def fetch(plan: Plan, options: Options) -> Facts:
    """Just what the plan names."""
    files: dict[str, FileFact] = {}
    environ: Mapping[str, bytes] = {}
    if plan.files:
        from post_renderer.adapters import files as source

        files = {path: _opened(source.fetch(path, options.files_root), options) for path in plan.files}
    if plan.variables:
        from post_renderer.adapters import environ as variables

        environ = variables.fetch(plan.variables)
    return Facts(files, environ, live(plan, options))


def live(plan: Plan, options: Options) -> Mapping[tuple[str, str], LiveFact]:
    """The live Secrets that the plan names. Raises UsageError."""
    if not plan.secrets:
        return {}
    from post_renderer.adapters import kubectl

    where = kubectl.target(options.context, options.kubeconfig)
    return kubectl.fetch_all(plan.secrets, where)


def _opened(fact: FileFact, options: Options) -> FileFact:
    """The file in clear, where it may be one that SOPS encrypted."""
    if b"sops" not in (fact.content or b""):
        return fact
    from post_renderer.adapters import sops

    return sops.opened(fact, options.sops_allow)


def _values(options: Options) -> Mapping[str, object] | None:
    """The values that Helm was given, where they are told; without that, helm is not run."""
    if not options.values and not options.set:
        return None
    from post_renderer.adapters import helm, values

    given = helm.Values(options.values, tuple(("set", text) for text in options.set))
    if values.STDIN in options.values:
        raise UsageError("--values - can't be read: standard input is what Helm rendered", "--values FILE")
    return values.merged(helm.find(os.environ), values.usable(given))
