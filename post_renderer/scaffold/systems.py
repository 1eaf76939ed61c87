"""The systems that have a scaffold, with their options and defaults, as data."""

from __future__ import annotations

from collections.abc import Mapping

# The values that some options take, as a pattern and in words; all others take any text.
OBJECT = ("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?", "a name of an object: lower-case letters, digits, '-' and '.'")
SHAPES = {
    **dict.fromkeys(("secret", "namespace", "store", "service_account"), OBJECT),
    "refresh": (r"[0-9]+(\.[0-9]+)?[smh]", "a number with s, m or h, which all operators take: 30m"),
    "schedule": (r"([0-9A-Za-z*/,-]+ ){4}[0-9A-Za-z*/,-]+", "the five fields of cron: '17 6 * * *'"),
}
REMOTES = {  # by the end of a system's name: what the manager takes as the name of a secret
    "-azure": ("[0-9A-Za-z-]{0,100}", "letters, digits and '-', as in a name in Key Vault"),
    "-gcp": ("[0-9A-Za-z_-]{1,200}", "letters, digits, '-' and '_', as in a name in Secret Manager"),
}

# Every option with its metavar and its help.
OPTIONS = {
    "secret": ("NAME", "The name of the Secret, for heimdall.existingSecret of the chart."),
    "namespace": ("NAME", "The namespace of all objects."),
    "remote": ("PATH", "The path of the secrets in the manager, or the beginning of their four names."),
    "store": ("NAME", "The name of the store, the connection or the class in the cluster."),
    "service_account": ("NAME", "The ServiceAccount that reads the secrets."),
    "role": ("ROLE", "The identity in the manager: the ARN of an AWS role, a Google service account, a role of Vault."),
    "region": ("REGION", "The AWS region."),
    "project": ("PROJECT", "The Google Cloud project."),
    "vault": ("NAME", "The Azure Key Vault."),
    "tenant": ("ID", "The Azure tenant."),
    "client_id": ("ID", "The Azure managed identity's client ID."),
    "address": ("URL", "The address of Vault."),
    "mount": ("PATH", "The mount path of the KV engine (version 2) in Vault."),
    "refresh": ("DURATION", "The time between two looks for changes in the manager."),
    "recipient": ("KEY", "The age public key to encrypt for."),
    "release": ("NAME", "The name of the Helm release."),
    "chart": ("CHART", "The chart."),
    "schedule": ("CRON", "When the check runs, in UTC."),
    "image": ("IMAGE", "The image with heimdall-pr and kubectl."),
}
COMMON = {
    "secret": "heimdall-production-secrets",
    "namespace": "heimdall",
    "release": "heimdall",
    "chart": "charts/heimdall",
}
STORE = {**COMMON, "store": "heimdall"}
ESO = {**STORE, "service_account": "heimdall-secrets", "refresh": "1h"}
AWS = {"remote": "heimdall/production", "region": "eu-central-1"}
GCP = {"remote": "heimdall-production", "project": "my-project"}
AZURE = {
    "remote": "heimdall",
    "vault": "my-vault",
    "tenant": "00000000-0000-0000-0000-000000000000",
    "client_id": "00000000-0000-0000-0000-000000000000",
}
VAULT = {
    "remote": "heimdall/production",
    "address": "https://vault.example.com:8200",
    "mount": "secret",
    "role": "heimdall",
}
AWS_ROLE = {"role": "arn:aws:iam::123456789012:role/heimdall-secrets"}
GCP_ROLE = {"role": "heimdall-secrets@my-project.iam.gserviceaccount.com"}
DRIFT = {name: COMMON[name] for name in ("secret", "namespace", "release")} | {"schedule": "17 6 * * *"}
CI = {name: COMMON[name] for name in ("namespace", "release", "chart")}

# Each system with its options and their defaults; its template has the same name.
SYSTEMS: Mapping[str, Mapping[str, str]] = {
    "eso-aws": {**ESO, **AWS, **AWS_ROLE},
    "eso-gcp": {**ESO, **GCP, **GCP_ROLE},
    "eso-azure": {**ESO, **AZURE},
    "eso-vault": {**ESO, **VAULT},
    "vso": {**ESO, **VAULT},
    "csi-aws": {**STORE, **AWS, **AWS_ROLE},
    "csi-azure": {**STORE, **AZURE},
    "csi-gcp": {**STORE, **GCP, **GCP_ROLE},
    "csi-vault": {**STORE, **VAULT},
    "sealed-secrets": COMMON,
    "sops": {**CI, "remote": "env/heimdall-secrets.yaml", "recipient": "age1-your-public-key"},
    "github": CI,
    "gitlab": CI,
    "drift": {**DRIFT, "service_account": "heimdall-drift", "image": "registry.example.com/heimdall-pr:latest"},
    "drift-github": DRIFT,
    "guard": {},
}
# Those whose objects make a Secret; the drift checks name one that is there.
MADE = tuple(name for name, defaults in SYSTEMS.items() if "secret" in defaults and "schedule" not in defaults)


def shape(system: str, option: str) -> tuple[str, str] | None:
    """The values that an option of a system takes: a pattern, and the same in words; None for any text."""
    remotes = (found for end, found in REMOTES.items() if system.endswith(end)) if option == "remote" else iter(())
    return next(remotes, SHAPES.get(option))
