"""Looks through the environment for variables of ours that nothing reads: with a typo, `--redact` would not redact."""

from __future__ import annotations

import re
from collections.abc import Mapping

from post_renderer.model.errors import UsageError
from post_renderer.model.finding import WARNING, Finding, Place
from post_renderer.model.options import OPTIONS, PREFIX, unfamiliar
from post_renderer.rules import policy

RULE = "unknown-variable"
OF_FILTER = frozenset(option.variable for option in OPTIONS)
# Those of commands whose options are not data in model/.
OF_COMMANDS = frozenset(
    f"{PREFIX}{name}"
    for name in (
        *("ALLOW_COMMIT", "GENERATE_FORMAT", "PLUGINS_DIR"),
        *("GATE_DIR", "GATE_LENGTHS", "GATE_NAMESPACE", "GATE_OTHERS"),
        *("GATE_KINDS", "GATE_FORMATS", "GATE_OPTIONAL", "GATE_ONE_OF", "GATE_TOGETHER", "GATE_EQUAL"),
        *("GATE_ISSUERS", "GATE_FORBIDDEN", "GATE_ROTATION", "GATE_FILLED_BY"),
        *("GATE_REPORT", "GATE_REQUIRED", "GATE_SECRET", "GATE_SOURCES", "GATE_TIMEOUT"),
    )
)
# Of the project's own tests, and what Kubernetes gives a pod beside a Service whose name begins with heimdall-pr
# (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
OTHERS = (
    r"(?s)HEIMDALL_PR_(?:TEST_.*|CORPUS|DEMO_.*"
    r"|(?:.*_)?SERVICE_HOST|(?:.*_)?SERVICE_PORT(?:_[A-Z0-9_]+)?"
    r"|(?:.*_)?PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)"
)


def findings(environ: Mapping[str, str]) -> list[Finding]:
    """A warning for each variable with our prefix that nothing reads. Raises UsageError for a typo of one of ours."""
    names = unfamiliar(environ)
    return [_warning(name) for name in _unknown(names) if name.startswith(PREFIX)] if names else []


def known() -> frozenset[str]:
    """The variables that the filter and all commands read."""
    from post_renderer.model import arguments

    more = (*arguments.OPTIONS, arguments.FORMAT, arguments.DOCS_URL, arguments.IGNORE, arguments.EXPLAIN_FORMAT)
    return OF_FILTER | OF_COMMANDS | {option.variable for option in more}


def _unknown(names: list[str]) -> list[str]:
    """Those of the names that are unknown. Raises UsageError if one was meant to be a known one."""
    ours = known()
    unknown = [name for name in names if name not in ours and not re.fullmatch(OTHERS, name)]
    typos = {name: meant for name in unknown if (meant := _meant(name, ours))}
    if typos:
        message = "; ".join(f"nothing reads the variable {name}: did you mean {typos[name]}?" for name in typos)
        raise UsageError(message, "; ".join(f"set {typos[name]}, and unset {name}" for name in typos))
    return unknown


def _meant(name: str, ours: frozenset[str]) -> str:
    """The variable that a name was meant to be: two edits away, in any case, or its name with more behind it."""
    upper = name.upper()
    beginnings = (each for each in ours if upper.startswith(each))
    return policy.closest(name, tuple(sorted(ours))) or max(beginnings, key=len, default="")


def _warning(name: str) -> Finding:
    place, expected = Place(f"environment variable {name}"), "a variable that the documentation names"
    return Finding(WARNING, RULE, place, f"nothing reads the variable {name}", expected, f"unset {name}")
