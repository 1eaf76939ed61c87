"""A value is a reference to a secret, or what a program prints for none."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, WARNING, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy, shared

ID = "unresolved-reference"
SEVERITY = ERROR  # a warning for what a webhook in the cluster may replace
IGNORABLE = True
EXPECTED = "the value itself"


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each known key whose value is a reference that another tool should have replaced.

    Such are references of vals, 1Password, cloud providers and Terraform, tokens of pipelines, and what a program
    prints for a value that it does not have, as `None` or `[object Object]`. The application would take that text,
    which is the same everywhere, for the secret. It is a warning if a webhook in the cluster may replace it
    (`vault:…` of Bank-Vaults, or `${vault:…#…}` in a text): then the value is not known here.

    Fix: let the tool of the reference replace it before Helm gets the values, or use an existing Secret.

    Fails: `JWT_SECRET: ref+vault://secret/heimdall#/jwt`, `JWT_SECRET: "#{JwtSecret}"`, `JWT_SECRET: "None"`
    Passes: `ADMIN_PASSWORD: v@ult:kP3-vQ8~wZ1.xR6_y`
    """
    for key, text in shared.texts(values, shared.known(requirement)):
        if policy.is_for_webhook(text):
            message = f"{key} is a reference that a webhook in the cluster would have to replace"
            yield Finding(WARNING, ID, values.where(key), message, EXPECTED, WEBHOOK, key)
        elif policy.is_reference(text):
            message = f"{key} is a reference or a text for no value, which nothing replaced"
            yield Finding(SEVERITY, ID, values.where(key), message, EXPECTED, HOW, key)


WEBHOOK = "make sure that the webhook acts on these pods, or let an operator make the Secret"
HOW = "let the tool of the reference replace it before Helm gets the values"
