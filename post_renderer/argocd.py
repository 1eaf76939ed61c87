"""The edge of Argo CD: render an application's chart, and filter it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from post_renderer import filter as edge
from post_renderer import pipeline
from post_renderer.adapters import argocd, helm, values
from post_renderer.adapters.argocd import Request
from post_renderer.model.errors import UserError
from post_renderer.model.facts import Facts
from post_renderer.model.options import Options
from post_renderer.model.report import Outcome
from post_renderer.model.requirement import EXISTING
from post_renderer.pipeline import Plan

LIMIT = 50.0  # seconds for all runs of helm: Argo CD ends a plugin after 60 (controller.repo.server.timeout.seconds)
CHART = os.curdir
SETTER = "spec.source.plugin.env of the application"
INSTEAD = "use heimdall.existingSecret; or let an administrator add --fill to the plugin's command (docs/argocd.md)"


def generate(environ: Mapping[str, str], fill: bool, seconds: float = LIMIT) -> Outcome:
    """Render the chart in the working directory, and filter it. Raises UserError.

    Args:
        environ: What Argo CD sets.
        fill: Whether a Secret with values may be in the manifests.
        seconds: The time limit for all runs of helm together.
    """
    limit = helm.Limit.together(seconds)
    request = argocd.request(environ, CHART)
    options = Options(strict=request.strict, namespace=request.namespace)
    data, merged = _rendered(request, environ, limit)
    plan = pipeline.plan(data, edge.settings(options)._replace(values=merged, exact=True, any_env=True))
    if not fill:
        _refuse_values(plan)
    return pipeline.apply(plan, _facts(plan, options, request))


def _rendered(request: Request, environ: Mapping[str, str], limit: helm.Limit) -> tuple[bytes, Mapping[str, object]]:
    """What helm renders, and all values that it used."""
    found = helm.find({"HELM_BIN": argocd.program(request.helm)}, limit, argocd.private(environ))
    last = (values.STDIN,) if request.values else ()
    sets = tuple(("set", text) for text in request.sets)
    given = helm.Values((*request.files, *last), sets, request.values.encode())
    how = helm.Render(request.release, request.namespace, request.kube_version, request.api_versions, request.crds)
    merged = values.merged(found, given, found.defaults(CHART))
    return found.render(CHART, given, how, values.hidden(given, merged, CHART)), merged


def _refuse_values(plan: Plan) -> None:
    """Refuse a Secret whose values would be in the manifests: Argo CD keeps manifests in its cache, Redis."""
    given = [each.all for each in plan.askers if each.all.approach != EXISTING]
    if given:
        first = f"{given[0].value()} gives the values of {given[0].title}"
        raise UserError(f"{first}, and Argo CD would keep them in its cache: nothing was rendered", INSTEAD)


def _facts(plan: Plan, options: Options, request: Request) -> Facts:
    """Secrets files of the application's folder; of variables the application's own alone."""
    facts = edge.fetch(plan._replace(variables=()), options)
    known = {name: request.variables[name].encode() for name in plan.variables if name in request.variables}
    return facts._replace(environ=known, setter=SETTER)
