"""`heimdall-pr scaffold`: ready manifests for each secret manager, and pipelines."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from post_renderer.adapters import contracts, streams, targets
from post_renderer.commands.parameters import Many, beginning
from post_renderer.model.errors import UsageError
from post_renderer.model.requirement import EXISTING, VALUES
from post_renderer.scaffold import guard
from post_renderer.scaffold import scaffold as scaffolds
from post_renderer.scaffold.guard_options import Wanted
from post_renderer.scaffold.systems import OPTIONS, SYSTEMS

EXAMPLES = """Examples:

heimdall-pr scaffold eso-aws --region us-east-1 --remote prod/heimdall | kubectl apply --server-side -f -

heimdall-pr scaffold csi-vault --values > values-csi.yaml

heimdall-pr scaffold github > .github/workflows/heimdall.yaml

heimdall-pr scaffold drift --image registry.internal/heimdall-pr:1 | kubectl apply --server-side -f -

heimdall-pr scaffold guard --secret pg --key postgres-password --namespace apps --values > guard-values.yaml

helm template rel CHART -f values.yaml | heimdall-pr scaffold guard --contract grafana --manifests - > guard.yaml
"""
KUBERNETES, MANAGER, PIPELINE = "Objects in the cluster", "Secret manager", "Chart and pipeline"
GUARD, CONTRACT = "guard: for a chart of somebody else", "guard: what is asked of the keys, as in docs/contract.md"
EXTRA = "extraObjects"
OF_GUARD = ("secret", "namespace", "release")  # the options of other systems that it has
GROUPS = {
    **dict.fromkeys(("secret", "namespace", "store", "service_account", "refresh"), KUBERNETES),
    **dict.fromkeys(("release", "chart", "schedule", "image"), PIPELINE),
}

# As those of the gate; a field that is not here has its own name.
METAVARS = dict.fromkeys(("optional", "oneOf", "together", "equal"), "KEYS")
METAVARS |= {"forbidden": "VALUES", "rotation": "SENTENCES", "filledBy": "NAMES"}


def _of_guard(about: str, metavar: str, flag: str = "", panel: str = GUARD) -> Any:  # noqa: ANN401  # the same
    """An option that only `guard` has."""
    return typer.Option(*filter(None, (flag,)), metavar=metavar, help=about, show_default=False, rich_help_panel=panel)


def _of_keys(field: str, about: str) -> Any:  # noqa: ANN401  # the same
    """An option that says of keys what the field of that name in a contract says."""
    return _of_guard(about, METAVARS.get(field, field.upper()), f"--{field}", CONTRACT)


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
    key: Annotated[Many, _of_guard("A required key of the Secret; with --contract, the key of a name.", "KEY")] = None,
    contract: Annotated[Text, _of_guard("A contract file, or a shipped one's name.", "FILE")] = None,
    manifests: Annotated[
        Text, _of_guard("With --contract: what helm template renders; a file, a folder or '-'.", "FILE")
    ] = None,
    approach: Annotated[Text, _of_guard(f"{', '.join(VALUES)}. Default: {EXISTING}.", "NAME")] = None,
    file: Annotated[Text, _of_guard("The secrets file, for files. Default: env/SECRET.yaml.", "PATH")] = None,
    extra: Annotated[Text, _of_guard(f"With --values: where. Default: {EXTRA}.", "PATH", "--list")] = None,
    value: Annotated[Text, _of_guard("The chart's value for an existing Secret.", "PATH")] = None,
    gitops: Annotated[bool, _of_guard("For Argo CD and Flux: without the guard.", "", "--gitops")] = False,
    optional: Annotated[Text, _of_keys("optional", "Keys that may be absent: KEY,KEY.")] = None,
    kinds: Annotated[Text, _of_keys("kinds", "KEY=KIND,…")] = None,
    lengths: Annotated[Text, _of_keys("lengths", "KEY=NUMBER, KEY=min:NUMBER, …")] = None,
    formats: Annotated[Text, _of_keys("formats", "KEY=FORMAT,…")] = None,
    issuers: Annotated[Text, _of_keys("issuers", "KEY=third-party,…")] = None,
    one_of: Annotated[Text, _of_keys("oneOf", "Alternatives: KEY|KEY+KEY.")] = None,
    together: Annotated[Text, _of_keys("together", "Keys that belong together: KEY+KEY.")] = None,
    equal: Annotated[Text, _of_keys("equal", "Keys with one value: KEY=KEY or KEY=SECRET/KEY.")] = None,
    forbidden: Annotated[Text, _of_keys("forbidden", "Published values: KEY=VALUE, a line each.")] = None,
    rotation: Annotated[Text, _of_keys("rotation", "How a value is renewed: KEY=SENTENCE, a line each.")] = None,
    filled_by: Annotated[Text, _of_keys("filledBy", "Who fills a value later: KEY=NAME, a line each.")] = None,
) -> None:
    """Print the manifests or the pipeline that bring Heimdall its four secrets from SYSTEM.

    With `drift` or `drift-github`: those that check the secrets in the cluster on a schedule.

    The commands that store the secrets in the secret manager are in comments.
    Every option has a default. A system has only some of the options.

    With `guard`: the guard for a chart of somebody else, and with `--secret` or `--contract` the contract too.
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
    fields = {
        "optional": optional,
        "kinds": kinds,
        "lengths": lengths,
        "formats": formats,
        "issuers": issuers,
        "oneOf": one_of,
        "together": together,
        "equal": equal,
        "forbidden": forbidden,
        "rotation": rotation,
        "filledBy": filled_by,
    }
    own = {
        "contract": contract,
        "manifests": manifests,
        "approach": approach,
        "file": file,
        "list": extra,
        "value": value,
    }
    named, more, of_keys = _given(given), _given(own), _given(fields)
    is_more = bool(key or gitops or more or of_keys)
    if system == "guard" and (named or is_more or as_values):
        wanted = _wanted(named, tuple(key or ()), more, of_keys)._replace(gitops=gitops)
        if as_values or wanted.extra:
            wanted = wanted._replace(extra=wanted.extra or EXTRA)
        text = guard.render(wanted)
    elif is_more:
        raise UsageError(f"{system} has none of the options of the scaffold guard", "heimdall-pr scaffold guard …")
    else:
        filled = scaffolds.filled(system, named)
        text = scaffolds.values(filled) if as_values else scaffolds.render(filled)
    streams.write((text.encode(),))


def _given(options: Mapping[str, Text]) -> dict[str, str]:
    """The options that were given."""
    return {name: text for name, text in options.items() if text is not None}


def _wanted(
    named: Mapping[str, str], keys: tuple[str, ...], more: Mapping[str, str], fields: Mapping[str, str]
) -> Wanted:
    """What is wanted of the scaffold guard. Raises UserError."""
    for name in (name for name in named if name not in OF_GUARD):
        raise UsageError(f"guard has no {scaffolds.flag(name)}", f"it has {' '.join(map(scaffolds.flag, OF_GUARD))}")
    if "manifests" in more and "contract" not in more:
        raise UsageError("--manifests says the keys of a contract's names", "--contract NAME --manifests FILE")
    return Wanted(
        secret=named.get("secret", ""),
        keys=keys,
        fields=fields,
        contracts=contracts.load([more["contract"]]) if "contract" in more else (),
        manifests=targets.read((more["manifests"],)).data if "manifests" in more else None,
        approach=more.get("approach", EXISTING),
        file=more.get("file", ""),
        namespace=named.get("namespace", ""),
        release=named.get("release", ""),
        extra=more.get("list", ""),
        value=more.get("value", ""),
    )
