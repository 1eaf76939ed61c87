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
from tests.support import CHART, parent

SCHEMA: Document = json.loads((CHART / "values.schema.json").read_text())
DEFAULTS: Values = yaml.safe_load((CHART / "values.yaml").read_text())
LEGACY, MISPLACED = "Of an older chart", "At the wrong place"
# The whole of Kubernetes' own fields, or the user's own keys: the API server is strict about these.
OPEN = {"/heimdall/secrets", "/global"}


def objects(schema: Document, path: str = "") -> Iterator[tuple[str, Document]]:
    """Every part of the schema that has properties, by its path."""
    if "properties" in schema:
        yield path, schema
    for name, child in schema.get("properties", {}).items():
        yield from objects(child, f"{path}/{name}")
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from objects(schema[name], f"{path}/{name}")


def test_strict_at_every_level() -> None:
    """What has names has no others."""
    assert {path for path, each in objects(SCHEMA) if each.get("additionalProperties") is not False} == OPEN


def test_every_value_is_described() -> None:
    """Each in the schema, and each in values.yaml under a comment of its own or of its group."""
    assert not list(undescribed(SCHEMA, ""))
    properties = SCHEMA["properties"]
    older = {name for name, each in properties.items() if ", and refused. " in each["description"]}
    assert set(DEFAULTS) == set(properties) - {"enabled", "tags"} - older


def undescribed(schema: Document, path: str) -> list[str]:
    """The paths of what has no description, or says more than a type where a secret may be."""
    found = [path] if not schema.get("description") else []
    if path.startswith("/heimdall/secrets/") and set(schema) != {"description"}:
        found.append(path)
    for name, child in schema.get("properties", {}).items():
        found += undescribed(child, f"{path}/{name}")
    for name in ("items", "additionalProperties"):
        if schema.get(name):
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


@pytest.mark.parametrize("path", list(paths(DEFAULTS)))
def test_unknown_key(helm: Helm, path: str) -> None:
    """Refused at each level, with its place and name."""
    refused_by_schema(helm, existing(**{"__".join([*path.split("/")[1:], "unknownKey"]): CANARY}), "unknownKey")


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


def legacy(schema: Document, path: str = "", reason: str = LEGACY) -> Iterator[tuple[str, str]]:
    """Every value of an older chart that the schema accepts, with its description."""
    for name, child in schema.get("properties", {}).items():
        place = f"{path}.{name}".lstrip(".")
        if child["description"].startswith(reason):
            yield place, child["description"]
        yield from legacy(child, place, reason)


@pytest.mark.parametrize(("path", "text"), list(legacy(SCHEMA)))
def test_legacy_value(helm: Helm, path: str, text: str) -> None:
    """It reaches its message, whatever its value, and the schema says the same."""
    fix = re.sub(rf"{LEGACY}, and refused. (Write now: )?", "", text).rstrip(".").split(" (")[0]
    for value in (CANARY, {CANARY: CANARY}, [CANARY], False):
        done = template(helm, existing(**{path.replace(".", "__"): value}))
        assert done.returncode == 1
        assert f"\n{path} is a value of an older chart. " in done.stderr, done.stderr
        assert fix in done.stderr
        assert CANARY not in done.stderr


@pytest.mark.parametrize(("path", "text"), list(legacy(SCHEMA, reason=MISPLACED)))
def test_misplaced_value(helm: Helm, path: str, text: str) -> None:
    """As one of an older chart: a level too high, or beside `secrets`."""
    place = text.removeprefix(f"{MISPLACED}, and refused. Write now: ")
    for value in (CANARY, {CANARY: CANARY}, [CANARY], False):
        done = template(helm, existing(**{path.replace(".", "__"): value}))
        assert done.returncode == 1
        assert f"\n{path} is at the wrong place. Write now: {place}" in done.stderr, done.stderr
        assert CANARY not in done.stderr


def test_misplaced_in_a_subchart_names_its_place(helm: Helm, tmp_path: Path) -> None:
    """One level more, if the alias is called as the section is."""
    done = helm.run("template", "ab", str(parent(tmp_path, "chart-parent")), "--set", "b.existingSecret=mine")
    assert "b.existingSecret is at the wrong place. Write now: b.heimdall.existingSecret." in done.stderr


def test_what_legacy_values_become_is_there() -> None:
    """Each place that is named is one of the values, or a key of the Secret."""
    for path, text in legacy(SCHEMA):
        for place in re.findall(r"(?:heimdall|postgresql|externalDatabase|probes)\.[A-Za-z0-9_.]+", text):
            here: object = DEFAULTS
            for name in place.rstrip(".").split("."):
                if here in ({}, {"secrets": {}}) or (isinstance(here, dict) and not here):
                    break
                assert isinstance(here, dict), path
                assert name in here, f"{path}: {place}"
                here = here[name]


def test_legacy_values_of_before_are_all_known() -> None:
    """The values of both older charts that meant a secret."""
    known = {path for path, _ in legacy(SCHEMA)}
    assert {
        "jwtSecret",
        "apiKeySecret",
        "databasePassword",
        "adminPassword",
        "ldapPassword",
        "oidcClientSecret",
    } <= known
    assert {"postgresql.auth", "externalDatabase.existingSecret", "heimdall.ingress", "heimdall.image"} <= known


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
    for path in (CHART / "templates").rglob("*"):
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
