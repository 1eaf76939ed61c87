"""What `init` starts an installation with: the approach that fits, its values file, and the commands to go on."""

from __future__ import annotations

from post_renderer.model.fix import Command, command, operand, steps
from post_renderer.model.record import NamedTuple
from post_renderer.rules import policy
from post_renderer.scaffold import scaffold
from post_renderer.scaffold.systems import MADE

EXISTING, INLINE, FILES = "existing", "inline", "files"


class Approach(NamedTuple):
    """An approach: what it is for, and why it fits that."""

    purpose: str
    why: str


APPROACHES = {
    FILES: Approach(
        "development on your own machine",
        "the secrets are in a file that only you can read and that git ignores; you need no secret manager",
    ),
    INLINE: Approach(
        "a CI/CD pipeline",
        "the CI system stores the secrets and gives them as variables, so no file and no command line has one",
    ),
    EXISTING: Approach(
        "production",
        "a secret manager makes and rotates the Secret, and neither values nor Helm's record of the release have it",
    ),
}
MANAGERS = MADE


class Start(NamedTuple):
    """What to start with.

    Attributes:
        approach: One of APPROACHES.
        chart: The path or the address of the chart.
        release: The release's name.
        namespace: Its namespace.
        values: The path of the values file.
        secrets_file: The path of the secrets file, for FILES.
        secret: The name of the Secret, for EXISTING.
        manager: The system of `scaffold` that makes the Secret, for EXISTING; empty if it is made by hand.
    """

    approach: str
    chart: str
    release: str
    namespace: str
    values: str
    secrets_file: str = ""
    secret: str = ""
    manager: str = ""


def values(start: Start) -> str:
    """The values file. Raises UsageError."""
    if start.manager:
        given = {"secret": start.secret, "namespace": start.namespace}
        return scaffold.values(scaffold.filled(start.manager, given))
    template = scaffold.environment().get_template("_start.yaml.j2")
    return template.render(
        approach=start.approach,
        purpose=APPROACHES[start.approach].purpose,
        chart=start.chart,
        keys=tuple(policy.KEYS),
        secrets_file=start.secrets_file,
        secret=start.secret,
    )


def install(start: Start, plugin: bool) -> Command:
    """The command that installs, after that of Helm 4's plugin if it is not there yet."""
    # Helm makes a namespace after it has rendered: the chart can't look for an existing Secret in one that is new.
    create = () if start.approach == EXISTING else ("--create-namespace",)
    where = ("--namespace", start.namespace, *create, "--values", operand(start.values))
    command_of = command(
        *("helm", "upgrade", "--install", start.release, operand(start.chart)), *where, "--post-renderer", "heimdall-pr"
    )
    return steps(command("heimdall-pr", "plugin", "install"), command_of) if plugin else command_of


def before(start: Start) -> str:
    """What the user must do before the install; empty if there is nothing."""
    if start.approach == INLINE:
        pipeline = command("heimdall-pr", "scaffold", "github")
        return f"give the pipeline the variables {', '.join(policy.KEYS)}; {pipeline} (or gitlab) prints one"
    if start.approach == EXISTING and start.manager:
        stored = command("heimdall-pr", "scaffold", start.manager)
        return f"replace the examples in {start.values} (store, region, path); {stored} prints how to store the secrets"
    if start.approach == EXISTING:
        named = ("--name", start.secret, "--namespace", start.namespace)
        made = command("heimdall-pr", "generate", "--format", "k8s", *named, "-")
        by_hand = Command((*made.pipeline, ("kubectl", "apply", "-f", "-")))
        made_namespace = command("kubectl", "create", "namespace", start.namespace)
        where = f"in the namespace {start.namespace}, which must be there ({made_namespace})"
        return f"let your secret manager make the Secret {start.secret} {where}, or make it once by hand: {by_hand}"
    return ""
