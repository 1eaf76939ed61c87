"""The applications whose contracts ship: how each takes its secrets, and what its chart's default has wrong."""

from typing import NamedTuple


class Application(NamedTuple):
    """An application.

    Attributes:
        takes: How its pods take the secrets.
        way: The stream of the corpus whose Secrets are replaced by complete ones.
        wrong: The rules that report something about the default values.
    """

    takes: str
    way: str = "existing"
    wrong: tuple[str, ...] = ()


PUBLISHED = ("forbidden-value", "placeholder")
APPLICATIONS = {
    "airflow": Application("a projection of three Secrets, by X_FILE"),
    "argo-cd": Application("by the API", "default"),
    "gha-runner-scale-set": Application("a custom resource names the Secret", "token", ("placeholder",)),
    "grafana": Application("variables of other names than the keys"),
    "harbor": Application("variables, envFrom and files, of three Secrets", "default", PUBLISHED),
    "jenkins": Application("a projection that renames keys"),
    "keycloak": Application("a projection of two Secrets"),
    "mariadb": Application("a mounted Secret, by X_FILE"),
    "minio": Application("a mounted Secret, by X_FILE"),
    "mongodb": Application("a mounted Secret, by X_FILE"),
    "mysql": Application("a mounted Secret, by X_FILE"),
    "oauth2-proxy": Application("variables of other names than the keys", "existing", PUBLISHED),
    "postgresql": Application("a mounted Secret, by X_FILE"),
    "rabbitmq": Application("a projection of two Secrets", "default"),
    "redis": Application("a mounted Secret, by X_FILE"),
    "sentry": Application("a variable", "default"),
    "wordpress": Application("a projection of two Secrets"),
    "zitadel": Application("a variable", "existing", ("not-a-string", "placeholder")),
}


def table() -> str:
    """The table of docs/contract.md."""
    lines = [
        "| application | takes its secrets by | default values | complete | a key missing |",
        "|---|---|---|---|---|",
    ]
    for name, each in APPLICATIONS.items():
        wrong = ", ".join(f"`{rule}`" for rule in each.wrong) or ("no render" if name == "mariadb" else "ok")
        missing = "filled later" if name == "argo-cd" else "refused by name"
        lines.append(f"| {name} | {each.takes} | {wrong} | ok | {missing} |")
    return "\n".join(lines)
