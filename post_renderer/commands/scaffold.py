"""`heimdall-pr scaffold`: ready manifests for each secret manager, and pipelines."""

from typing import Annotated, Any

import typer

from post_renderer.adapters import streams
from post_renderer.commands.parameters import beginning
from post_renderer.scaffold import scaffold as scaffolds
from post_renderer.scaffold.systems import OPTIONS, SYSTEMS

EXAMPLES = """Examples:

heimdall-pr scaffold eso-aws --region us-east-1 --remote prod/heimdall | kubectl apply --server-side -f -

heimdall-pr scaffold csi-vault --values > values-csi.yaml

heimdall-pr scaffold github > .github/workflows/heimdall.yaml

heimdall-pr scaffold drift --image registry.internal/heimdall-pr:1 | kubectl apply --server-side -f -
"""
KUBERNETES, MANAGER, PIPELINE = "Objects in the cluster", "Secret manager", "Chart and pipeline"
GROUPS = {
    **dict.fromkeys(("secret", "namespace", "store", "service_account", "refresh"), KUBERNETES),
    **dict.fromkeys(("release", "chart", "schedule", "image"), PIPELINE),
}


def _option(name: str) -> Any:  # noqa: ANN401  # typer.Option itself returns Any
    """An option as Typer takes it, with the defaults that it has in the systems."""
    metavar, about = OPTIONS[name]
    defaults = dict.fromkeys(each[name] for each in SYSTEMS.values() if name in each)
    return typer.Option(
        scaffolds.flag(name),
        metavar=metavar,
        help=f"{about} Default: {' or '.join(defaults)}.",
        show_default=False,
        rich_help_panel=GROUPS.get(name, MANAGER),
    )


System = Annotated[str, typer.Argument(metavar="SYSTEM", help=", ".join(SYSTEMS), autocompletion=beginning(SYSTEMS))]
AsValues = Annotated[
    bool, typer.Option("--values", help="Print values for the chart, with the objects in extraObjects.")
]
Text = str | None  # an option of a system; None if it was not given


def scaffold(  # noqa: PLR0913, PLR0917  # options are arguments
    system: System,
    as_values: AsValues = False,
    secret: Annotated[Text, _option("secret")] = None,
    namespace: Annotated[Text, _option("namespace")] = None,
    remote: Annotated[Text, _option("remote")] = None,
    store: Annotated[Text, _option("store")] = None,
    service_account: Annotated[Text, _option("service_account")] = None,
    role: Annotated[Text, _option("role")] = None,
    region: Annotated[Text, _option("region")] = None,
    project: Annotated[Text, _option("project")] = None,
    vault: Annotated[Text, _option("vault")] = None,
    tenant: Annotated[Text, _option("tenant")] = None,
    client_id: Annotated[Text, _option("client_id")] = None,
    address: Annotated[Text, _option("address")] = None,
    mount: Annotated[Text, _option("mount")] = None,
    refresh: Annotated[Text, _option("refresh")] = None,
    recipient: Annotated[Text, _option("recipient")] = None,
    release: Annotated[Text, _option("release")] = None,
    chart: Annotated[Text, _option("chart")] = None,
    schedule: Annotated[Text, _option("schedule")] = None,
    image: Annotated[Text, _option("image")] = None,
) -> None:
    """Print the manifests or the pipeline that bring Heimdall its four secrets from SYSTEM.

    With `drift` or `drift-github`: those that check the secrets in the cluster on a schedule.

    The commands that store the secrets in the secret manager are in comments.
    Every option has a default. A system has only some of the options.
    """
    given = {
        "secret": secret,
        "namespace": namespace,
        "remote": remote,
        "store": store,
        "service_account": service_account,
        "role": role,
        "region": region,
        "project": project,
        "vault": vault,
        "tenant": tenant,
        "client_id": client_id,
        "address": address,
        "mount": mount,
        "refresh": refresh,
        "recipient": recipient,
        "release": release,
        "chart": chart,
        "schedule": schedule,
        "image": image,
    }
    filled = scaffolds.filled(system, {name: text for name, text in given.items() if text is not None})
    text = scaffolds.values(filled) if as_values else scaffolds.render(filled)
    streams.write((text.encode(),))
