"""The values as such: strict at every level, older charts' names with a message, stable output."""

import json
import re
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.charts import CANARY, CI, INLINE, Document, Values, existing, refused, refused_by_schema, render, template
from tests.helms import Helm
from tests.support import CHART, LIBRARY, ROOT, parent

SCHEMA: Document = json.loads((CHART / "values.schema.json").read_text())
DEFAULTS: Values = yaml.safe_load((CHART / "values.yaml").read_text())
# Levels at which names are the user's, or those of other charts.
OPEN = {"/heimdall/secrets", "/global"}


def older() -> dict[str, dict[str, str]]:
    """The chart's own tables of names that it does not have: by kind, what to write now for each."""
    text = "".join((CHART / "templates" / "checks" / f"_{name}.tpl").read_text() for name in ("older", "shapes"))
    tables = [yaml.safe_load(each) for each in re.findall(r'(?s)define "[^"]+" -\}\}\n(.*?)\{\{- end', text)]
    return {
        kind: {k: v for table in tables for k, v in table.get(kind, {}).items()}
        for kind in ("secrets", "values", "common")
    }


OLDER = older()


def objects(schema: Document, path: str = "") -> Iterator[tuple[str, Document]]:
    """Every part of the schema that has properties, by its path."""
    if "properties" in schema:
        yield path, schema
    for name, child in schema.get("properties", {}).items():
        yield from objects(child, f"{path}/{name}")
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from objects(schema[name], f"{path}/{name}")


def test_schema_refuses_no_name() -> None:
    """The templates do, so that all that is wrong is in one report; only what is marked takes any name."""
    assert {path for path, each in objects(SCHEMA) if each.get("additionalProperties") is True} == OPEN
    assert not [path for path, each in objects(SCHEMA) if each.get("additionalProperties") is False]


def test_every_value_is_described() -> None:
    """Each in the schema, and each in values.yaml under a comment of its own or of its group."""
    assert not list(undescribed(SCHEMA, ""))
    assert set(DEFAULTS) == set(SCHEMA["properties"]) - {"enabled", "tags", "secrets-contract"}


def undescribed(schema: Document, path: str) -> list[str]:
    """The paths of what has no description, or says more than a type where a secret may be."""
    found = [path] if not schema.get("description") else []
    if path.startswith("/heimdall/secrets/") and set(schema) != {"description"}:
        found.append(path)
    for name, child in schema.get("properties", {}).items():
        found += undescribed(child, f"{path}/{name}")
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            found += undescribed(schema[name], f"{path}/{name}")
    return found


def paths(values: Values, path: str = "") -> Iterator[str]:
    """Every mapping of the defaults whose names are fixed."""
    fixed = {place for place, _ in objects(SCHEMA)} - OPEN
    if path in fixed:
        yield path
    for name, value in values.items():
        if isinstance(value, dict):
            yield from paths(value, f"{path}/{name}")


def within(values: Values, path: str, value: object) -> None:
    """Sets the value at a path such as `ingress.tls[].name` or `probes.*.enabled`."""
    first, _, rest = path.partition(".")
    name = "startup" if first == "*" else first.removesuffix("[]")
    if not rest:
        values[name] = value
    elif first.endswith("[]"):
        (entry,) = values.setdefault(name, [{}])
        within(entry, rest, value)
    else:
        within(values.setdefault(name, {}), rest, value)


def shown(path: str) -> str:
    """As the message names it."""
    return path.replace("*", "startup").replace("[]", "[0]")


def test_unknown_names(helm: Helm) -> None:
    """Refused at each level, all of them in one round."""
    places = [path.replace("/", ".").lstrip(".") for path in paths(DEFAULTS)]
    places += ["heimdall.keys.LDAP_PASSWORD", "extraEnv[]", "ingress.tls[]", "imagePullSecrets[]"]
    values = existing(heimdall__keys={"LDAP_PASSWORD": {"secret": "l"}})
    values |= {
        "extraEnv": [{"name": "a"}],
        "ingress": {"tls": [{"secretName": "a"}]},
        "imagePullSecrets": [{"name": "a"}],
    }
    names = [f"{place}.unknownKey".lstrip(".") for place in places]
    for name in names:
        within(values, name, CANARY)
    refused(helm, values, *(f"\n{shown(name)} is not a value of this chart. Leave it out.\n" for name in names))


# A name, and what the report says of it.
MEANT: list[tuple[str, str]] = [
    ("externalDatabase.hots", "is not a value of this chart. Did you mean externalDatabase.host?"),
    ("ingres", "is not a value of this chart. Did you mean ingress?"),
    ("heimdall.extraSecretKyes", "is not a value of this chart. Did you mean heimdall.extraSecretKeys?"),
    ("ingress.xyz", "is not a value of this chart. Leave it out."),
    ("heimdall.existing_secret", "is not a value of this chart. Did you mean heimdall.existingSecret?"),
    ("podLabel", "is not a value of this chart. Did you mean podLabels?"),
    ("heimdall.podLabels", "is at the wrong place. Write now: podLabels."),
    ("secretsFiles", "is at the wrong place. Write now: heimdall.secretsFiles."),
    ("session", "is at the wrong place. Write now: heimdall.session."),
    ("JWT_SECRET", "is at the wrong place. Write now: heimdall.secrets.JWT_SECRET."),
    ("heimdall.LDAP_PASSWORD", "is at the wrong place. Write now: heimdall.secrets.LDAP_PASSWORD."),
    ("LDAP_HOST", "is at the wrong place. Write now: heimdall.config.LDAP_HOST."),
    ("postgresql.LDAP_HOST", "is not a value of this chart. Leave it out."),
    ("heimdall.a b", "is not a value of this chart. Leave it out."),
]


def test_what_was_meant(helm: Helm) -> None:
    """A name that is known elsewhere, or almost; what can't be a name is not shown."""
    values = existing()
    for name, _ in MEANT:
        within(values, name, CANARY)
    texts = [f"{'heimdall: a name, not shown,' if ' ' in name else name} {text}" for name, text in MEANT]
    refused(helm, values, *(f"\n{text}\n" for text in texts))


def test_null_is_no_value(helm: Helm) -> None:
    """As for the values that the chart has."""
    assert render(helm, existing(unknownKey=None, heimdall__ingress=None))


# The shapes of older charts at names that this one has too, with the sentences.
SHAPES: Values = {
    "replicaCount": 2,
    "autoscaling": {"enabled": False},
    "ingress": {"enabled": True, "hosts": [{"host": "localhost", "paths": [{"path": "/"}]}], "tls": []},
    "networkPolicy": {"enabled": True, "ingress": {"enabled": True}, "egress": {"extraRules": []}},
    "probes": {"liveness": {"httpGet": {"path": "/"}, "initialDelaySeconds": 80}},
    "podDisruptionBudget": {"enabled": True, "minAvailable": 1},
    "postgresql": {"auth": {"password": CANARY}, "primary": {}},
    "typo": CANARY,
}


def test_older_shapes_are_answered_in_one_round(helm: Helm) -> None:
    """With types that the schema of this chart would refuse."""
    refused(
        helm,
        {**SHAPES, **existing()},
        "replicaCount must be 1",
        "autoscaling is not a value of this chart. Leave it out: there is always one replica.",
        "ingress.hosts[0].host is a value of an older chart. Write now: ingress.hosts, a list of hosts alone",
        "ingress.hosts[0].paths is a value of an older chart. Leave it out: the path is always /.",
        "networkPolicy.ingress is a value of an older chart. Write now: networkPolicy.from.",
        "networkPolicy.egress.extraRules is a value of an older chart. Write now: networkPolicy.egress, as a list.",
        "probes.liveness.httpGet is a value of an older chart. Leave it out: each probe gets /server.",
        "probes.liveness.initialDelaySeconds is a value of an older chart.",
        "podDisruptionBudget.minAvailable is a value of an older chart.",
        "postgresql.auth is a value of an older chart.",
        "postgresql.primary is a value of an older chart.",
        "typo is not a value of this chart.",
    )


TYPES: list[tuple[str, Values, str]] = [
    ("a text for a switch", existing(ingress__enabled="CANARY"), "/ingress/enabled"),
    ("a text for a number", existing(heimdall__port="CANARY"), "/heimdall/port"),
    ("a number for a text", existing(heimdall__externalUrl=7), "/heimdall/externalUrl"),
    ("a map for a text", existing(heimdall__externalUrl={"CANARY": 1}), "/heimdall/externalUrl"),
    ("a map for a list", existing(tolerations={"CANARY": 1}), "/tolerations"),
    ("a text for a map", existing(nodeSelector="CANARY"), "/nodeSelector"),
    ("a list for a map", existing(heimdall__config=["CANARY"]), "/heimdall/config"),
    ("a map in config", existing(heimdall__config={"A": {"CANARY": 1}}), "/heimdall/config/A"),
    ("a text for a source", existing(heimdall__keys={"JWT_SECRET": "CANARY"}), "/heimdall/keys/JWT_SECRET"),
    ("a fraction for a tag", existing(image__tag=1.5), "/image/tag"),
    ("a number for a value", existing(extraEnv=[{"name": "A", "value": 7}]), "/extraEnv/0/value"),
    ("a port too high", existing(service__port=65536), "/service/port"),
    ("another type of service", existing(service__type="ExternalName"), "/service/type"),
    ("a third way", existing(postgresql__enabled="maybe"), "/postgresql/enabled"),
    ("a fraction of a replica", existing(replicaCount=1.5), "/replicaCount"),
    ("an object that is a number", existing(extraObjects=[7]), "/extraObjects"),
    ("a budget of two", existing(podDisruptionBudget__maxUnavailable=2), "/podDisruptionBudget/maxUnavailable"),
]


@pytest.mark.parametrize(("values", "place"), [row[1:] for row in TYPES], ids=[row[0] for row in TYPES])
def test_wrong_type(helm: Helm, values: Values, place: str) -> None:
    """Refused with its place."""
    refused_by_schema(helm, values, place)


NULLS = ["lifecycle", "resources", "nodeSelector", "extraObjects", "heimdall.config", "heimdall.externalUrl",
         "podSecurityContext.runAsUser", "postgresql.resources", "image.registry", "podAnnotations", "commonLabels",
         "global.imageRegistry"]  # fmt: skip


@pytest.mark.parametrize("path", NULLS)
def test_null_takes_a_default_away(helm: Helm, path: str) -> None:
    """As Helm's users write it."""
    assert render(helm, existing(), "--set", f"{path}=null")


# What needs a newer Kubernetes than the chart itself: a value, and the kind or field that it makes.
NEWER: list[tuple[str, Values, str, str, str]] = [
    (
        "podDisruptionBudget.enabled",
        {"podDisruptionBudget": {"enabled": True}},
        "1.20.15",
        "1.21",
        "PodDisruptionBudget",
    ),
    (
        "postgresql.persistence.whenDeleted: Delete",
        {"postgresql": {"persistence": {"whenDeleted": "Delete"}}},
        "1.26",
        "1.27.1",
        "persistentVolumeClaimRetentionPolicy",
    ),
    ("policy.enabled", {"policy": {"enabled": True}}, "1.29.14", "v1.30.2-eks-1552ad0", "ValidatingAdmissionPolicy"),
]


@pytest.mark.parametrize(("path", "values", "older", "newer", "made"), NEWER, ids=[row[0] for row in NEWER])
def test_kubernetes(every_helm: Helm, path: str, values: Values, older: str, newer: str, made: str) -> None:
    """Refused for an older one; what a Helm without a cluster takes for the version says nothing."""
    done = template(every_helm, existing(**values), f"--kube-version={older}")
    assert done.returncode == 1
    assert f"{path} needs Kubernetes {newer.lstrip('v')[:4]} or later, and this is v{older}" in done.stderr
    assert render(every_helm, existing(), f"--kube-version={older}")
    for flags in ([f"--kube-version={newer}"], ["--kube-version=1.20.0"], []):
        done = template(every_helm, existing(**values), *flags)
        assert (done.returncode, made in done.stdout) == (0, True), done.stderr
    external = existing(externalDatabase={"host": "h"}, postgresql=values.get("postgresql", {}))
    assert render(every_helm, external, f"--kube-version={older}")


def test_kubernetes_that_is_too_old(helm: Helm) -> None:
    """By Helm itself."""
    assert "requires kubeVersion: >=1.20.0-0" in template(helm, existing(), "--kube-version=1.19.16").stderr


# --- names of older charts -------------------------------------------------------------------------------------------


def expected(kind: str, now: str) -> str:
    """The sentence of a row."""
    if kind == "secrets":
        return f"Write now: heimdall.secrets.{now}, or put {now} into the Secret that heimdall.existingSecret names."
    return f"Leave it out{now.removeprefix('nothing')}." if now.startswith("nothing") else f"Write now: {now}."


@pytest.mark.parametrize("value", [CANARY, {CANARY: CANARY}, [CANARY], False, ""], ids=repr)
def test_older_names(helm: Helm, value: object) -> None:
    """Each reaches its sentence, whatever its value; all in one round."""
    values = existing(ingress__tls=[{"secretName": "a"}])
    sentences = []
    for kind, rows in OLDER.items():
        problem = "is not a value of this chart" if kind == "common" else "is a value of an older chart"
        for path, now in rows.items():
            within(values, path, value)
            sentences.append(f"\n{shown(path)} {problem}. {expected(kind, now)}\n")
    refused(helm, values, *sentences)


def test_misplaced_in_a_subchart_names_its_place(helm: Helm, tmp_path: Path) -> None:
    """One level more, if the alias is called as the section is."""
    done = helm.run("template", "ab", str(parent(tmp_path, "chart-parent")), "--set", "b.existingSecret=mine")
    assert "b.existingSecret is at the wrong place. Write now: b.heimdall.existingSecret." in done.stderr


def test_what_older_values_become_is_there() -> None:
    """Each place that is named is one of the values, or a key of the Secret."""
    for path, text in (row for rows in OLDER.values() for row in rows.items()):
        for place in re.findall(r"(?:heimdall|postgresql|externalDatabase|probes)\.(?!example)[A-Za-z0-9_.]+", text):
            here: object = DEFAULTS
            for name in place.rstrip(".").split("."):
                if here in ({}, {"secrets": {}}) or (isinstance(here, dict) and not here):
                    break
                assert isinstance(here, dict), path
                assert name in here, f"{path}: {place}"
                here = here[name]


def test_migration_page_has_every_older_value() -> None:
    """As a row of a table."""
    page = (ROOT / "docs" / "chart-migration.md").read_text()
    cells = re.findall(r"^\| (`.+?`) \| ", page, re.MULTILINE)
    rows = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    assert {*OLDER["secrets"], *OLDER["values"]} <= rows


def test_legacy_in_a_subchart_names_its_place(helm: Helm, tmp_path: Path) -> None:
    """With the alias before it, also in what to write now."""
    chart = parent(tmp_path, "chart-parent")
    done = helm.run("template", "ab", str(chart), "--set", f"b.jwtSecret={CANARY}")
    assert done.returncode == 1
    assert "b.jwtSecret is a value of an older chart. Write now: b.heimdall.secrets.JWT_SECRET" in done.stderr
    assert CANARY not in done.stderr


def test_several_at_once(helm: Helm) -> None:
    """A values file of the older chart is answered whole."""
    values = existing(jwtSecret=CANARY, databasePassword=CANARY, externalUrl="x", heimdall__image={"tag": "x"})
    refused(helm, values, "jwtSecret is", "databasePassword is", "externalUrl is", "heimdall.image is")


# --- stable output: what Argo CD and Flux need -----------------------------------------------------------------------


@pytest.mark.parametrize("values", CI)
def test_two_renders_are_the_same_bytes(helm: Helm, values: str) -> None:
    """Nothing random, nothing in the order of a map."""
    first, second = (helm.run("template", "r", str(CHART), "-f", str(CI[values])) for _ in range(2))
    assert first.returncode == 0
    assert first.stdout == second.stdout


@pytest.mark.parametrize("name", CI)
def test_no_hook_but_the_test(helm: Helm, name: str) -> None:
    """Argo CD would run one at every sync: the gate, if it is enabled, is the only other."""
    hooks = {
        document["metadata"]["annotations"]["helm.sh/hook"]
        for document in render(helm, yaml.safe_load(CI[name].read_text()))
        if "helm.sh/hook" in document["metadata"].get("annotations", {})
    }
    assert hooks <= {"test", *(["pre-install,pre-upgrade,pre-rollback"] if name == "existing-gate" else [])}


def test_no_template_is_random_or_reads_a_clock() -> None:
    """By name, since two renders in one second might agree by chance."""
    text = "".join(path.read_text() for path in sorted((CHART / "templates").rglob("*")) if path.is_file())
    words = r"\b(rand\w+|uuidv4|now|date|genPrivateKey|gen\w*Cert\w*|genCA|htpasswd|bcrypt|encryptAES|shuffle)\b"
    without_comments = re.sub(r"\{\{-? ?/\*.*?\*/ ?-?\}\}", "", text, flags=re.DOTALL)
    code = "".join(re.findall(r"\{\{.*?\}\}", without_comments, re.DOTALL))
    code = re.sub(r'"[^"\n]*"|`[^`]*`|[$.]\w+', "", code)
    assert re.findall(words, code) == []


def test_templates_stay_small() -> None:
    """Many small files: none that nobody reads to its end, but for the generated one, which nobody reads."""
    for path in (*(CHART / "templates").rglob("*"), *LIBRARY.rglob("*")):
        is_read = path.is_file() and ".generated." not in path.name
        assert not is_read or len(path.read_text().splitlines()) <= 140, path


@pytest.mark.parametrize("approach", ["existing", "inline"])
def test_renders_without_tool_and_cluster(every_helm: Helm, approach: str) -> None:
    """Argo CD's way: `helm template`, with no cluster to ask, twice the same; only kinds that every cluster knows."""
    values = existing() if approach == "existing" else {"heimdall": {"secrets": INLINE}}
    first, second = (template(every_helm, values) for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert "heimdall-pr.mitre.org" not in first.stdout


@pytest.mark.parametrize("name", ["", *CI])
def test_every_helm_lints(every_helm: Helm, name: str) -> None:
    """Each pinned Helm, the defaults and each feature."""
    done = every_helm.run("lint", "--strict", str(CHART), *(["-f", str(CI[name])] if name else []))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[WARNING]" not in done.stdout
    assert "[ERROR]" not in done.stdout


def test_ci_covers_every_value() -> None:
    """Each top-level value is used by one of the files of ci/, or by all charts alike."""
    used = {name for path in CI.values() for name in yaml.safe_load(path.read_text())}
    left = set(DEFAULTS) - used
    assert left == {
        "nameOverride", "fullnameOverride", "postRenderer", "command", "args", "resources", "probes", "lifecycle",
        "terminationGracePeriodSeconds", "podSecurityContext", "securityContext", "runtimeClassName", "replicaCount",
        "waitForDatabase",
    }  # fmt: skip


def test_package_leaves_secrets_out(helm: Helm, tmp_path: Path) -> None:
    """A secrets file that lies in the chart's folder is not packed with it, nor is ci/."""
    chart = shutil.copytree(CHART, tmp_path / "heimdall")
    (chart / "env").mkdir()
    (chart / "env" / "heimdall-secrets.yaml").write_text("JWT_SECRET: x\n")
    (chart / "my-secrets.yaml").write_text("JWT_SECRET: x\n")
    done = helm.run("package", str(chart), "--destination", str(tmp_path))
    assert done.returncode == 0, done.stderr
    (package,) = tmp_path.glob("*.tgz")
    with tarfile.open(package) as archive:
        names = [name.removeprefix("heimdall/") for name in archive.getnames()]
    assert {"Chart.yaml", "values.schema.json", "templates/secret.yaml", "templates/_secrets.tpl"} <= set(names)
    assert not [name for name in names if name.startswith(("ci/", "env/", "my-"))]
