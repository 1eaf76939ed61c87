"""What the objects are called, alone and as a subchart, and the names of others that the values give."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.charts import CANARY, INLINE, Document, Values, existing, one, refused, render
from tests.helms import Helm
from tests.support import CHART, FIXTURES, LIBRARY
from tests.support import parent as parent_of

GIVEN: Values = {"heimdall": {"secrets": INLINE}}

LONG = "production-eu-west-1-blue-environment-of-team-security"[:53].rstrip("-")
NAMES: list[tuple[str, str, Values, str]] = [
    ("release and chart", "r", {}, "r-heimdall"),
    ("the release has the name", "heimdall", {}, "heimdall"),
    ("the release holds the name", "my-heimdall-2", {}, "my-heimdall-2"),
    ("another name", "r", {"nameOverride": "viewer"}, "r-viewer"),
    ("a whole name", "r", {"fullnameOverride": "viewer"}, "viewer"),
    ("a dot", "r.1", {}, f"r-1-heimdall-{hashlib.sha256(b'r.1-heimdall').hexdigest()[:8]}"),
    (
        "too long",
        LONG,
        {},
        f"{LONG[:32].rstrip('-')}-{hashlib.sha256(f'{LONG}-heimdall'.encode()).hexdigest()[:8]}",
    ),
]


@pytest.mark.parametrize(("name", "release", "values", "expected"), NAMES, ids=[row[0] for row in NAMES])
def test_fullname(helm: Helm, name: str, release: str, values: Values, expected: str) -> None:
    """Every object's name begins with it, and every label made of it is one that Kubernetes takes.

    But for the record of the database's name: a release that is renamed must find it.
    """
    documents = render(helm, {**values, **GIVEN}, release=release)
    names = {document["metadata"]["name"] for document in documents}
    suffixes = {each.removeprefix(expected) for each in names - {f"{release}.heimdall.database"}}
    assert len(names) == len(suffixes) + 1
    assert suffixes == {"", "-config", "-secrets", "-secrets-contract", "-postgresql", "-test"}, name
    assert len(f"{expected}-postgresql-0123456789") <= 63


def test_long_names_stay_apart(helm: Helm) -> None:
    """Two releases whose names differ at the end alone."""
    found = {one(render(helm, GIVEN, release=f"{LONG[:50]}-{end}"), "Deployment")["metadata"]["name"] for end in "ab"}
    assert len(found) == 2


def test_objects_are_in_the_release_namespace(helm: Helm) -> None:
    """So that `kubectl apply` puts them into the same namespace as Helm."""
    documents = render(helm, GIVEN, "--namespace", "team")
    assert {document["metadata"]["namespace"] for document in documents} == {"team"}


# --- as a subchart ---------------------------------------------------------------------------------------------------


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """The parent chart with the chart in it."""
    return parent_of(tmp_path, "chart-parent")


@pytest.fixture
def outer(tmp_path: Path, parent: Path) -> Path:
    """The parent's parent."""
    chart = shutil.copytree(FIXTURES / "chart-outer", tmp_path / "outer")
    shutil.copytree(parent, chart / "charts" / "parent")
    return chart


def paths(helm: Helm, chart: Path, *args: str) -> dict[str, str]:
    """By the name of each contract, the path of the user's values."""
    done = helm.run("template", "ab", str(chart), *args)
    assert done.returncode == 0, done.stderr
    documents = [document for document in yaml.safe_load_all(done.stdout) if document]
    every = [(d["kind"], d["metadata"]["name"]) for d in documents if d["kind"] != "NeedsPostRenderer"]
    assert len(set(every)) == len(every)
    found = {d["metadata"]["name"]: d["data"]["valuesPath"] for d in documents if "approach" in d.get("data", {})}
    return {name.removesuffix("-secrets-contract"): path for name, path in found.items()}


def test_aliases_are_two_names(helm: Helm, parent: Path) -> None:
    """Release `ab` with the aliases `a` and `b`: names, values' paths and selectors stay apart."""
    assert paths(helm, parent) == {"ab-a": "a.heimdall", "ab-b": "b.heimdall"}
    assert paths(helm, parent, "--set", "a.enabled=false") == {"ab-b": "b.heimdall"}


def test_alias_that_is_no_label(helm: Helm, parent: Path) -> None:
    """Capitals and underscores become a name that Kubernetes takes, and that no other alias can get."""
    digest = hashlib.sha256(b"Under_Score").hexdigest()[:8]
    found = paths(helm, parent, "--set", "Under_Score.enabled=true")
    assert found[f"ab-under-score-{digest}"] == "Under_Score.heimdall"


def test_deeper_subchart(helm: Helm, outer: Path) -> None:
    """Two levels down the path has both aliases, and so has the name."""
    assert sorted(paths(helm, outer).values()) == ["x.a.heimdall", "x.b.heimdall"]
    assert all(name.startswith(("ab-x-a-", "ab-x-b-")) for name in paths(helm, outer))


def test_refusal_in_a_subchart_names_its_values(helm: Helm, parent: Path) -> None:
    """The place is the one in the user's own values."""
    done = helm.run("template", "ab", str(parent), "--set", "b.heimdall.secrets.JWT_SECRET=CANARY")
    assert done.returncode == 1
    assert "b.heimdall.secrets: JWT_SECRET has only 6 characters" in done.stderr
    assert "b.heimdall.secrets: API_KEY_SECRET is missing" in done.stderr
    assert CANARY not in done.stderr


# --- the names of the templates --------------------------------------------------------------------------------------

THEIRS = {
    "name": "theirs-name",
    "chart": "theirs-chart",
    "selector": "by: theirs-selector",
    "account": "theirs-account",
}


def test_templates_have_one_prefix() -> None:
    """All charts of a release share the names of their templates: ours begin with the name of the project."""
    texts = [path.read_text() for path in (CHART / "templates").rglob("*") if path.is_file()]
    library = [path.read_text() for path in LIBRARY.rglob("*") if path.is_file()]
    defined = [name for text in texts for name in re.findall(r'define "([^"]+)"', text)]
    assert len(defined) == len(set(defined)) > 50
    assert [name for name in defined if not name.startswith("heimdall-pr.")] == []
    used = {name for text in texts for name in re.findall(r'include "([^"]+)"', text)}
    assert used <= {*defined, *(name for text in library for name in re.findall(r'define "([^"]+)"', text))}


def test_beside_the_helpers_of_another_chart(every_helm: Helm, tmp_path: Path) -> None:
    """Our chart twice and a chart with the names of MITRE's helpers: each renders as it does alone."""
    umbrella = parent_of(tmp_path, "chart-umbrella")
    done = every_helm.run("template", "ab", str(umbrella))
    assert done.returncode == 0, done.stderr
    documents = [document for document in yaml.safe_load_all(done.stdout) if document]
    (theirs,) = (d for d in documents if d["metadata"]["name"].startswith("theirs"))
    assert (theirs["metadata"]["labels"], theirs["data"]) == ({"by": "theirs-labels"}, THEIRS)
    values = yaml.safe_load((umbrella / "values.yaml").read_text())
    for alias in ("blue", "green"):
        ours = [d for d in documents if d["metadata"]["name"].startswith((f"ab-{alias}", f"ab.{alias}."))]
        alone = render(every_helm, {**values[alias], "nameOverride": alias}, release="ab")
        alone = [d for d in alone if d["kind"] != "NeedsPostRenderer"]
        assert _comparable(ours, alias) == _comparable(alone, alias)
        assert "theirs" not in json.dumps(ours)


def _comparable(documents: list[Document], alias: str) -> dict[tuple[str, str], str]:
    """Each document by kind and name, without what an alias changes: the chart's name and the path of the values."""
    names = {f"ab.{alias}.database": "record", "ab.heimdall.database": "record"}
    named = [(d["kind"], names.get(d["metadata"]["name"], d["metadata"]["name"]), d) for d in documents]
    texts = {(kind, name): json.dumps(d, sort_keys=True) for kind, name, d in named}
    assert len(texts) == len(documents)
    parts = ['"helm.sh/chart": "[^"]*"', '"checksum/config": "[^"]*"', r'(?<="ab\.)[a-z]+(?=\.database")']
    changed = re.compile("|".join([*parts, rf"{alias}\.(?=heimdall)"]))
    return {key: changed.sub("", text) for key, text in texts.items()}


# --- names that are given --------------------------------------------------------------------------------------------

# What the API server refuses as the name of an object, and what it takes.
NO_NAMES = ["Not_A_Name", "a..b", "a.-b", "-a", "a.", "a b", "a\n", f"{'a' * 254}"]
GOOD_NAMES = ["a", "1", "a-b.c", "a.1", "a--b", "a" * 253]


@pytest.mark.parametrize("name", NO_NAMES)
def test_secret_that_can_be_none(helm: Helm, name: str) -> None:
    """An existing Secret, and one that a key comes from."""
    refused(
        helm, {"heimdall": {"existingSecret": name}}, "heimdall.existingSecret is not a valid Secret name (lower-case"
    )
    keys = {"JWT_SECRET": {"secret": name}}
    refused(
        helm, existing(heimdall__keys=keys), "heimdall.keys.JWT_SECRET has a secret that is not a valid Secret name"
    )


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_secret_that_can_be(helm: Helm, name: str) -> None:
    """The twin table."""
    documents = render(helm, {"heimdall": {"existingSecret": name, "keys": {"JWT_SECRET": {"secret": name}}}})
    assert one(documents, "ConfigMap", "-secrets-contract")["data"]["secret"] == name


BAD = f"{CANARY}_NAME"
LDAP: Values = {"ldap": {"enabled": True, "host": "h", "searchBase": "b", "ssl": True, "ca": {"configMap": BAD}}}
PLACES: list[tuple[str, Values]] = [
    ("heimdall.extraCa.configMap", existing(heimdall__extraCa={"configMap": BAD})),
    ("heimdall.extraCa.secret", existing(heimdall__extraCa={"secret": BAD})),
    ("heimdall.auth.ldap.ca.configMap", existing(heimdall__auth=LDAP)),
    (
        "externalDatabase.tls.ca.secret",
        existing(externalDatabase={"host": "h", "tls": {"enabled": True, "ca": {"secret": BAD}}}),
    ),
    ("ingress.tls[0].secretName", existing(ingress={"enabled": True, "hosts": ["h"], "tls": [{"secretName": BAD}]})),
    ("imagePullSecrets[1]", existing(imagePullSecrets=["good", {"name": BAD}])),
    ("global.imagePullSecrets[0]", existing(**{"global": {"imagePullSecrets": [BAD]}})),
    ("serviceAccount.name", existing(serviceAccount={"name": BAD})),
    ("postgresql.persistence.existingClaim", existing(postgresql__persistence={"existingClaim": BAD})),
]


@pytest.mark.parametrize(("path", "values"), PLACES, ids=[row[0] for row in PLACES])
def test_given_name(helm: Helm, path: str, values: Values) -> None:
    """Refused with its place, before an API server or a kubelet would."""
    refused(helm, values, f"{path} is not a valid object name (lower-case letters, digits, '-' and '.'")
