"""The rules about where a workload takes its variables from, a file for each, in the order of the report."""

from __future__ import annotations

from post_renderer.kube.workload import Workload
from post_renderer.model.finding import Finding
from post_renderer.rules.workload import (
    dangerous_variable,
    literal_secret,
    no_secret,
    no_source,
    optional_key,
    secret_in_configmap,
    wrong_secret,
)

RULES = (no_source, wrong_secret, optional_key, literal_secret, secret_in_configmap, no_secret, dangerous_variable)


def run(workload: Workload) -> list[Finding]:
    """Run all rules about one workload."""
    return [finding for rule in RULES for finding in rule.check(workload)]
