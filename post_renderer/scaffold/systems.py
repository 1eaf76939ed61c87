"""The systems that there is a scaffold for, with their options and defaults, as data."""

from collections.abc import Mapping

# What some options have to be, as a pattern and in words; all others are any text.
OBJECT = ("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?", "a name of an object: lower-case letters, digits, '-' and '.'")
SHAPES = {
    **dict.fromkeys(("secret", "namespace", "store", "service_account"), OBJECT),
    "refresh": (r"[0-9]+(\.[0-9]+)?[smh]", "a number with s, m or h, which all operators take: 30m"),
}
REMOTES = {  # by the end of a system's name: what a manager itself takes in the name of a secret
    "-azure": ("[0-9A-Za-z-]{0,100}", "letters, digits and '-', as in a name in Key Vault"),
    "-gcp": ("[0-9A-Za-z_-]{1,200}", "letters, digits, '-' and '_', as in a name in Secret Manager"),
}

# Every option with its metavar and what it is.
OPTIONS = {
    "secret": ("NAME", "The Secret that is made, heimdall.existingSecret of the chart."),
    "namespace": ("NAME", "The namespace of all objects."),
    "remote": ("PATH", "Where the secrets are in the manager: a path, or what the names of the four begin with."),
    "store": ("NAME", "What the store, the connection or the class in the cluster is called."),
    "service_account": ("NAME", "The ServiceAccount that reads the secrets."),
    "role": ("ROLE", "Who it is there: an AWS role's ARN, a Google service account, a role of Vault."),
    "region": ("REGION", "The AWS region."),
    "project": ("PROJECT", "The Google Cloud project."),
    "vault": ("NAME", "The Azure Key Vault."),
    "tenant": ("ID", "The Azure tenant."),
    "client_id": ("ID", "The Azure managed identity's client ID."),
    "address": ("URL", "Where Vault is."),
    "mount": ("PATH", "Where in Vault the KV engine (version 2) is mounted."),
    "refresh": ("DURATION", "How often the manager is asked for changes."),
    "recipient": ("KEY", "The age public key to encrypt for."),
    "release": ("NAME", "The name of the Helm release."),
    "chart": ("CHART", "The chart."),
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
CI = {name: COMMON[name] for name in ("namespace", "release", "chart")}

# Each system with its options and their defaults; its template is called as it is.
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
}
MADE = tuple(name for name, defaults in SYSTEMS.items() if "secret" in defaults)  # a Secret by objects in the cluster


def shape(system: str, option: str) -> tuple[str, str] | None:
    """What an option of a system has to be: a pattern, and the same in words."""
    remotes = (found for end, found in REMOTES.items() if system.endswith(end)) if option == "remote" else iter(())
    return next(remotes, SHAPES.get(option))
