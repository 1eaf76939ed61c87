"""One rule set: the chart alone judges inline values as the tool does, and has no list of its own."""

import base64
import json
import os
import random
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from post_renderer import producers, rules
from post_renderer.adapters import helm_errors
from post_renderer.document import paths, stream
from post_renderer.kube import manifest
from post_renderer.kube.objects import Objects
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.requirement import INLINE as INLINE_APPROACH
from post_renderer.model.requirement import Requirement
from post_renderer.model.requirement import Values as Judged
from post_renderer.requirements import terms
from post_renderer.rules import policy, words
from post_renderer.rules.catalog import RULES
from tests import in_process
from tests.charts import CANARY, Document, Values, existing, refused, render, template
from tests.helms import Helm
from tests.support import CHART, ROOT
from tests.unit.streams import SOUND
from tests.unit.test_paths import NO_PATHS, PATHS
from tools import generate_policy

TEMPLATES = CHART / "templates"
GENERATED = "_policy.generated.tpl"
REQUIRED = tuple(policy.KEYS)
HEX = "0123456789abcdef" * 8


# --- nothing is written twice ----------------------------------------------------------------------------------------

POLICY = {**generate_policy.data(), **generate_policy.of_rules()}
# Each list, and how many of its words one file may have for a purpose of its own: NOTES.txt names two of the keys, the
# logins their secrets, the table of older charts' values the key that each of them became.
LISTS: list[tuple[str, tuple[str, ...], int, tuple[str, ...]]] = [
    ("required keys", REQUIRED, 2, ()),
    ("optional keys", policy.OPTIONAL, 2, ("_auth.tpl", "_older.tpl")),
    ("legacy names", tuple(policy.LEGACY), 0, ()),
    ("kinds", tuple(producers.PRODUCERS), 1, ()),
    ("recipes", ("openssl",), 0, ()),
    ("placeholders", (*policy.PLACEHOLDERS, *policy.UNEXPANDED, "randomly"), 0, ()),
    ("paths", (paths.PAIR, paths.CONTROL, str(paths.LONGEST), str(paths.LONGEST_NAME)), 0, ()),
]


@pytest.mark.parametrize(("words", "most", "but"), [row[1:] for row in LISTS], ids=[row[0] for row in LISTS])
def test_a_list_is_in_the_generated_file_alone(words: tuple[str, ...], most: int, but: tuple[str, ...]) -> None:
    again: dict[str, list[str]] = {}
    for path in TEMPLATES.rglob("*"):
        if path.is_file() and path.name not in (GENERATED, *but):
            text = path.read_text()
            found = [word for word in words if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)]
            again |= {path.name: found} if len(found) > most else {}
    assert again == {}


def test_limits_and_lengths_come_from_the_policy(helm: Helm, tmp_path: Path) -> None:
    """Other ones in the generated file are the ones that count; everything else of the chart stays."""
    chart = Path(shutil.copytree(CHART, tmp_path / "heimdall"))
    for old, new in [
        ('"shortest": 8', '"shortest": 30'),
        ('"length": 128', '"length": 31'),
        ("openssl rand -hex 64", "make it"),
        ('"DATABASE_URL"', '"ANOTHER_ONE"'),
        ('"fewestDifferent": 5', '"fewestDifferent": 9'),
    ]:
        (generated,) = (path for path in chart.rglob("_[pr]*.generated.tpl") if old in path.read_text())
        generated.write_text(generated.read_text().replace(old, new))
    secrets = {**SOUND, "JWT_SECRET": "k3vQ8wZ1xR6yT", "API_KEY_SECRET": "k3vQ8wZ1" * 5, "ANOTHER_ONE": "CHANGEME"}
    done = helm.run("template", "r", str(chart), "-f", "-", input=json.dumps({"heimdall": {"secrets": secrets}}))
    assert refusals(done.stderr) == [
        "JWT_SECRET has only 13 characters; expected: 31 characters, make it",
        "API_KEY_SECRET has fewer than 9 different characters; expected: 66 characters, openssl rand -hex 33",
        f"ADMIN_PASSWORD has only 22 characters; expected: 22 characters, {policy.recipe('ADMIN_PASSWORD')}",
        "ANOTHER_ONE is a placeholder or a value printed in public documentation",
    ]


def refusals(output: str) -> list[str]:
    """What is wrong below heimdall.secrets."""
    return [line.removeprefix("heimdall.secrets: ") for line in output.splitlines() if "heimdall.secrets: " in line]


# --- both judges -----------------------------------------------------------------------------------------------------


def tool_refuses(helm: Helm, values: dict[str, str], folder: Path) -> bool:
    """What the filter says of these values, in the stream that the chart makes of good ones."""
    documents = list(yaml.safe_load_all(stream_of_good_values(helm)))
    (secret,) = (each for each in documents if each["kind"] == "Secret")
    secret["data"] = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
    data = yaml.safe_dump_all(documents).encode()
    done = in_process.run([], env={"PATH": os.defpath, "HOME": str(folder)}, cwd=folder, stdin=data)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode == 1


RENDERED: dict[str, str] = {}


def stream_of_good_values(helm: Helm) -> str:
    """What the chart renders, once for each Helm."""
    if helm.version not in RENDERED:
        RENDERED[helm.version] = template(helm, {"heimdall": {"secrets": SOUND}}).stdout
    return RENDERED[helm.version]


def examples() -> Iterator[tuple[str, dict[str, str]]]:
    """The examples of every rule about values: those that it reports, and those that it does not.

    The chart knows no contract but its own, and that says nothing of formats and groups.
    """
    for rule in rules.RULES:
        for kind, text in (("fails", RULES[rule.ID].fails), ("passes", RULES[rule.ID].passes)):
            for example in re.findall(r"`([^`]+)`", text):
                changes = yaml.safe_load(example)
                if "!!binary" not in example and not changes.keys() & terms.EXPECTED.keys():  # bytes: see test_bytes
                    yield f"{rule.ID} {kind}: {example[:40]}", changes


DEFECTS: list[tuple[str, dict[str, str]]] = [
    *examples(),
    *((f"{key}: {value[:20]!r}", {key: value})
      for key in ("JWT_SECRET", "LDAP_PASSWORD")
      for value in ("changeme", "CHANGE_ME_PLEASE", "<your secret>", " changeme ", "your-secret-here", "ignored",
                    "insecure-default-1", "from-ci-environment", "x{{ .Values.a }}y", "$(cat file)", "$env:JWT",
                    "${vault:kv/data/a#b}", "${vault:kv/data/a}", "${vault:-a#b}", "${vault:kv/data/a#b}${A}",
                    "%JWT%", "x${A}y", "${A}${B}cde", "${A}\n", "${A:-b}", "<\n>", "x\0y")),
    *((repr(value[:20]), {"API_KEY_SECRET": value})
      for value in ("aaaaaaaaaaaa", "a" * 4000, "abcd" * 40, "ééééüüüüööööääää", "x", "", " ", "\n", "a1b2c3d",
                    "aé1bü2c", "long enough\n", "long enough\r", "long\nenough\r\n")),
    ("all four", dict.fromkeys(REQUIRED, "changeme")),
    ("no name", {"a b": "x"}),
    ("a name that is too long", {"a" * 254: "x"}),
]  # fmt: skip
# The two disagree here, and why. Each is refused by the chart and accepted, with a warning or without, by the tool.
STRICTER = {
    "near-miss fails: JWT_SECERT: x": "the chart has no warnings, and its message has the way out",
    "near-miss fails: jwtSecret: x": "the same",
    "near-miss fails: ldap-password: x": "the same",
}


# A pattern can't say how much of a value is words: the chart knows a part of them.
LOOSER = ("placeholder fails: JWT_SECRET: my-super-secret-key",)


@pytest.mark.parametrize(("name", "changes"), DEFECTS, ids=[row[0] for row in DEFECTS])
def test_both_judges(helm: Helm, tmp_path: Path, name: str, changes: dict[str, str]) -> None:
    """They refuse the same, or accept the same."""
    values = {**SOUND, **changes}
    done = template(helm, {"heimdall": {"secrets": values}})
    by_chart = done.returncode == 1
    assert by_chart == ("nothing was rendered" in done.stderr)
    assert (by_chart, not by_chart if name in (*STRICTER, *LOOSER) else by_chart) == (
        by_chart,
        tool_refuses(helm, values, tmp_path),
    )


def test_what_the_chart_is_stricter_in(helm: Helm, tmp_path: Path) -> None:
    """Each exception is one."""
    assert STRICTER.keys() <= {name for name, _ in DEFECTS}
    for changes in ({"JWT_SECERT": "x"}, {"OTHER": "x\n"}):
        assert template(helm, {"heimdall": {"secrets": {**SOUND, **changes}}}).returncode == 1
        assert not tool_refuses(helm, {**SOUND, **changes}, tmp_path)


TELLS: list[tuple[str, str, str]] = [
    ("JWT_SECRET", "changeme", "is a placeholder or a value printed in public documentation"),
    ("API_KEY_SECRET", "CHANGE_ME_PLEASE", "is a placeholder or a value printed in public documentation"),
    ("DATABASE_PASSWORD", "<your secret>", "is a placeholder or a value printed in public documentation"),
    ("ADMIN_PASSWORD", "x-${JWT_SECRET}", "holds a variable, command or template that nothing replaced"),
    ("JWT_SECRET", "aaaaaaaaaaaa", "has fewer than 5 different characters"),
    ("JWT_SECRET", "k3vQ8wZ", "has only 7 characters"),
    ("JWT_SECRET", "x", "has only 1 character"),
    ("JWT_SECRET", "k3vQ8wZ1\n", "ends in a line break"),
    ("JWT_SECRET", "k3vQ8wZ1\0", "holds a NUL byte"),
    ("JWT_SECRET", "", "is empty"),
]


@pytest.mark.parametrize(("key", "value", "what"), TELLS, ids=[f"{row[1]!r}" for row in TELLS])
def test_the_words_are_the_tools_and_check_reads_them(helm: Helm, key: str, value: str, what: str) -> None:
    """A finding with its place and the tool's fix; what is no recipe of ours is named as the chart's words."""
    done = template(helm, {"heimdall": {"secrets": {**SOUND, key: value}}})
    assert done.stdout == ""
    assert not value.strip() or len(value) < 8 or value.strip() not in done.stderr
    expected, fix = f"{policy.KEYS[key].length} characters", str(policy.recipe(key))
    if "nothing replaced" in what:
        fix = f"{helm_errors.FROM_CHART}write exactly ${{{key}}}, with nothing around it"
    place = Place(values=f"heimdall.secrets.{key}")
    found = Finding(ERROR, "chart-refused", place, f"{key} {what}", expected, fix, key)
    message = done.stderr.replace("Use --debug flag to render out invalid YAML", "")
    assert helm_errors.findings(message, "charts/heimdall") == [found]
    assert f"{key} {what}" in [each.message for each in by_rules({key: value})[key]]


def test_bytes(helm: Helm, tmp_path: Path) -> None:
    """Values that are no text come by --set-file alone; they are not UTF-8 to both."""
    path = tmp_path / "key"
    path.write_bytes(b"\xfe\xff\xfe" + CANARY.encode())
    values = json.dumps({"heimdall": {"secrets": SOUND}})
    flags = ["-f", "-", f"--set-file=heimdall.secrets.JWT_SECRET={path}"]
    done = helm.run("template", "r", str(CHART), *flags, input=values)
    assert "JWT_SECRET is not UTF-8; expected: 128 characters" in done.stderr
    assert CANARY not in done.stderr + done.stdout
    path.write_text("é" * 4 + HEX)
    assert helm.run("template", "r", str(CHART), *flags, input=values).returncode == 0


@pytest.mark.parametrize("value", ["${JWT_SECRET}", "${_a1}"])
def test_a_reference_stays_allowed(helm: Helm, value: str) -> None:
    """Exactly `${NAME}`, in a required and in an optional key: the install then needs the tool."""
    documents = render(helm, {"heimdall": {"secrets": {**SOUND, "JWT_SECRET": value, "LDAP_PASSWORD": value}}})
    assert "NeedsPostRenderer" in [each["kind"] for each in documents]


def good() -> Iterator[dict[str, str]]:
    """Values as people and programs make them."""
    dice = random.Random(10)  # noqa: S311 (the same values in each run)
    words = ["correct", "horse", "battery", "staple", "ignore", "change", "your", "default", "long", "random", "here"]

    def bytes_(count: int) -> bytes:
        return dice.randbytes(count)

    for count in (16, 33, 64):
        yield {key: bytes_(count).hex() for key in REQUIRED}
        yield {key: base64.b64encode(bytes_(count)).decode() for key in REQUIRED}
        yield {key: base64.urlsafe_b64encode(bytes_(count)).decode().rstrip("=") for key in REQUIRED}
    for separator in (" ", "-", "_", ""):
        yield {key: separator.join(dice.choices(words[:5], k=6)) for key in REQUIRED}
    printable = "".join(map(chr, range(33, 127)))
    for _ in range(6):
        yield {key: "".join(dice.choices(printable, k=24)) for key in REQUIRED}
    yield {"JWT_SECRET": bytes_(64).hex(), "API_KEY_SECRET": bytes_(33).hex(), "DATABASE_PASSWORD": bytes_(33).hex(),
           "ADMIN_PASSWORD": f"Admin_{bytes_(8).hex()}"}  # fmt: skip
    yield {key: str(uuid.UUID(bytes=bytes_(16))) for key in REQUIRED}
    yield {"JWT_SECRET": "$kP3-vQ8~wZ1.xR6_yT4.aB", "API_KEY_SECRET": "pass%word%12",
           "DATABASE_PASSWORD": "a<b>c{d}e$f", "ADMIN_PASSWORD": "ünïcödé-pässwörd"}  # fmt: skip
    yield {**SOUND, "LDAP_SSL_CA": "-----BEGIN\nx\n"}


@pytest.mark.parametrize("values", list(good()), ids=lambda values: values["JWT_SECRET"][:12])
def test_good_values(helm: Helm, tmp_path: Path, values: dict[str, str]) -> None:
    done = template(helm, {"heimdall": {"secrets": values}})
    assert done.returncode == 0, done.stderr
    assert not tool_refuses(helm, values, tmp_path)


def by_rules(values: dict[str, str]) -> dict[str, list[Finding]]:
    """The errors of the tool's rules, by key."""
    lengths = {key: each.length for key, each in policy.KEYS.items()}
    keys = {key: key for key in REQUIRED}
    asked = Requirement("", Place(), "s", "ns", keys, lengths, approach=INLINE_APPROACH)
    encoded = {key: value.encode() for key, value in values.items()}
    found: dict[str, list[Finding]] = {}
    for each in rules.run(asked, Judged(encoded, {}, Place())):
        if each.severity == ERROR:
            found.setdefault(each.key, []).append(each)
    return found


PARTS = ("${", "$(", "{{", "}}", "}", ")", "<", ">", "$", "%", "A_1", "changeme", "change me", "Your", "-", "here", " ",
         "\n", "a", "0f", "é", "ignored", "insecure_default", "env:", "\0", "secret")  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_both_judges_over_values_made_of_parts(helm: Helm, seed: int) -> None:
    """Each required and optional key has one; what the chart says of each is something that the tool says."""
    dice = random.Random(seed)  # noqa: S311 (the same values in each run)
    for _ in range(4):
        values = {key: "".join(dice.choices(PARTS, k=dice.randint(1, 5))) for key in (*REQUIRED, *policy.OPTIONAL)}
        values = {key: value for key, value in values.items() if not policy.reference(value)}
        done = template(helm, {"heimdall": {"secrets": {**SOUND, **values}}})
        found = dict(line.partition("; expected: ")[0].split(" ", 1) for line in refusals(done.stderr))
        errors = by_rules({**SOUND, **values})
        assert found.keys() - errors.keys() == set()
        missed = [each for key in errors.keys() - found.keys() for each in errors[key]]
        assert [each for each in missed if not words.is_made_of_words(values[each.key])] == []
        other = {key: what for key, what in found.items() if key in errors and not words.is_made_of_words(values[key])
                 and f"{key} {what}" not in [each.message for each in errors[key]]}  # fmt: skip
        assert other == {}


# --- near misses -----------------------------------------------------------------------------------------------------


def misspelt(seed: int) -> set[str]:
    """Names with up to four edits, in upper and lower case; the known ones are not among them."""
    dice = random.Random(seed)  # noqa: S311 (the same values in each run)
    names = {*policy.LEGACY, *(key.lower() for key in policy.OPTIONAL), "SOMETHING_ELSE", "HTTPS_PROXY", "é"}
    for key in (*REQUIRED, *policy.OPTIONAL) * 12:
        name = list(key)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(name))
            letter = dice.choice("AESTZ_-.0a")
            edits: tuple[list[str], ...] = ([letter, name[at]], [], [letter], [*name[at + 1 : at + 2], name[at]])
            which = dice.randrange(4)
            name[at : at + 1 + (which == 3)] = edits[which]
        names.add("".join(name))
    return names - {*REQUIRED, *policy.OPTIONAL, ""}


@pytest.mark.parametrize("seed", range(3))
def test_near_misses_are_the_tools(helm: Helm, seed: int) -> None:
    """Each name in one render: the same key is meant, or none."""
    names = misspelt(seed)
    done = template(helm, {"heimdall": {"secrets": {**SOUND, **dict.fromkeys(names, "x")}}})
    meant = dict(re.findall(r"unknown key (\S+): did you mean (\w+)\? \(if not, add it to", done.stderr))
    assert meant == {name: key for name in names if (key := policy.nearest(name))}
    assert len(meant) > 80


def test_a_key_of_ones_own_is_no_near_miss(helm: Helm) -> None:
    secrets = {**SOUND, "DATABASE_PASWRD": "x"}
    message = "unknown key DATABASE_PASWRD: did you mean DATABASE_PASSWORD?"
    refused(helm, {"heimdall": {"secrets": secrets}}, message)
    assert render(helm, {"heimdall": {"secrets": secrets, "extraSecretKeys": ["DATABASE_PASWRD"]}})


def test_no_setting_is_near_a_secret() -> None:
    """What the chart itself writes into the ConfigMap may be set by heimdall.config, too; but for DATABASE_SSL.

    That one is made of another value, and refused with a message of its own before.
    """
    text = "".join((TEMPLATES / name).read_text() for name in ("_settings.tpl", "_database.tpl", "_auth.tpl"))
    names = set(re.findall(r"\b[A-Z]+(?:_[A-Z0-9]+)+(?=: )", text))
    assert len(names) > 30
    assert {name: near for name in names if (near := policy.nearest(name))} == {"DATABASE_SSL": "DATABASE_URL"}


# --- kinds that make Secrets -----------------------------------------------------------------------------------------


def produces(version: str, kind: str, **spec: object) -> Document:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "own", "namespace": "ns"}, "spec": spec}


ESO, VSO, CNPG = "external-secrets.io/v1", "secrets.hashicorp.com/v1beta1", "postgresql.cnpg.io/v1"
HERE: dict[str, object] = {"namespaces": ["a", "ns"]}
MAKERS: list[tuple[str, Document, list[str]]] = [
    ("by its target", produces(ESO, "ExternalSecret", target={"name": "live"}), ["live"]),
    ("by its own name", produces(ESO, "ExternalSecret"), ["own"]),
    *((f"creationPolicy {policy}", produces(ESO, "ExternalSecret", target={"creationPolicy": policy}), names)
      for policy, names in (("Owner", ["own"]), ("Orphan", ["own"]), ("CreateOrMerge", ["own"]), ("", ["own"]),
                            ("Merge", []), ("None", []))),
    ("in another namespace", {**produces(ESO, "ExternalSecret"), "metadata": {"name": "own", "namespace": "a"}}, []),
    ("by a target of many",
     produces(ESO, "ClusterExternalSecret", externalSecretSpec={"target": {"name": "live"}}, **HERE), ["live"]),
    ("by a name of many",
     produces(ESO, "ClusterExternalSecret", externalSecretName="live", externalSecretSpec={"data": []}, **HERE),
     ["live"]),
    ("many", produces(ESO, "ClusterExternalSecret", externalSecretSpec={"data": []}, **HERE), ["own"]),
    ("many that labels choose",
     produces(ESO, "ClusterExternalSecret", externalSecretSpec={"data": []},
              namespaceSelectors=[{"matchLabels": {"a": "b"}}]), ["own"]),
    ("many, none of them here",
     produces(ESO, "ClusterExternalSecret", externalSecretSpec={"data": []}, namespaces=["a"]), []),
    ("many that nothing chooses", produces(ESO, "ClusterExternalSecret", externalSecretSpec={"data": []}), []),
    *((f"many, creationPolicy {policy}",
       produces(ESO, "ClusterExternalSecret", externalSecretSpec={"target": {"creationPolicy": policy}}, **HERE), names)
      for policy, names in (("CreateOrMerge", ["own"]), ("Merge", []), ("None", []))),
    ("sealed", produces("bitnami.com/v1alpha1", "SealedSecret", template={"metadata": {"name": "live"}}), ["own"]),
    *((f"{kind}, create: {create}", produces(VSO, kind, destination={"name": "live", "create": create}), names)
      for kind in ("VaultStaticSecret", "VaultDynamicSecret", "VaultPKISecret")
      for create, names in ((True, ["live"]), (False, []))),
    ("Vault, without create", produces(VSO, "VaultStaticSecret", destination={"name": "live"}), []),
    (
        "a class",
        produces("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass",
                 secretObjects=[{"secretName": "live"}, {"secretName": "other"}]),
        ["live", "other"],
    ),
    ("a database", produces(CNPG, "Cluster", instances=1), ["own-app"]),
    ("its superuser", produces(CNPG, "Cluster", enableSuperuserAccess=True), ["own-app", "own-superuser"]),
    *((f"a database's user that is given, {way}",
       produces(CNPG, "Cluster", bootstrap={way: {"secret": {"name": "live"}}}), [])
      for way in ("initdb", "recovery", "pg_basebackup")),
    ("a database from a copy", produces(CNPG, "Cluster", bootstrap={"recovery": {"source": "x"}}), ["own-app"]),
    ("a database that stays a copy",
     produces(CNPG, "Cluster", bootstrap={"recovery": {"source": "x"}}, replica={"enabled": True}), []),
    ("a database with users of another",
     produces(CNPG, "Cluster", bootstrap={"initdb": {"import": {"type": "monolith"}}}), []),
    ("a database with data of another",
     produces(CNPG, "Cluster", bootstrap={"initdb": {"import": {"type": "microservice"}}}), ["own-app"]),
    ("a superuser that is given",
     produces(CNPG, "Cluster", enableSuperuserAccess=True, superuserSecret={"name": "live"}), ["own-app"]),
    ("a Cluster of another group", produces("cluster.x-k8s.io/v1beta1", "Cluster"), []),
    ("an ExternalSecret of another group", produces("kubernetes-client.io/v1", "ExternalSecret"), []),
]  # fmt: skip
NAMES = ("live", "other", "own", "own-app", "own-superuser")


@pytest.mark.parametrize(("maker", "names"), [row[1:] for row in MAKERS], ids=[row[0] for row in MAKERS])
def test_what_makes_a_secret_is_the_same_to_both(helm: Helm, maker: Document, names: list[str]) -> None:
    """To the chart: the Secret comes too late for the gate."""
    data = json.dumps(maker).encode()
    found = stream.candidates(data, stream.cut(data), producers.MARKS)
    resources = [each for document in found for each in manifest.read(data, document, producers.PRODUCERS)]
    objects = Objects(data, resources)
    assert [name for name in NAMES if any(each.creates for each in producers.of("ns", name, objects))] == names
    late = [name for name in NAMES if "comes too late" in gated(helm, name, maker).replace("\n", " ")]
    assert late == names


def gated(helm: Helm, name: str, maker: Document) -> str:
    values = {"heimdall": {"existingSecret": name}, "gate": {"enabled": True}, "extraObjects": [maker]}
    done = template(helm, values, "--namespace", "ns")
    return done.stderr.replace("that one comes too late", "it comes too late")


BESIDE = [
    ("it owns the Secret", "Owner", True),
    ("it adds to the Secret", "Merge", False),
    ("it does both", "CreateOrMerge", False),
    ("it makes nothing", "None", False),
]


@pytest.mark.parametrize(("policy", "refused"), [row[1:] for row in BESIDE], ids=[row[0] for row in BESIDE])
def test_what_fills_the_charts_own_secret(helm: Helm, policy: str, refused: bool) -> None:
    """As to the tool: a second maker is refused, what adds keys to the Secret is not."""
    maker = produces(ESO, "ExternalSecret", target={"name": "r-heimdall-secrets", "creationPolicy": policy})
    done = template(helm, {"heimdall": {"secrets": SOUND}, "extraObjects": [maker]}, "--namespace", "ns")
    assert (done.returncode, "which the chart makes itself" in done.stderr) == (int(refused), refused)


def test_every_kind_is_in_the_table() -> None:
    assert (
        {each["kind"] for _, each, names in MAKERS if names}
        == producers.PRODUCERS.keys()
        == generate_policy.NAMES.keys()
    )


# --- paths -----------------------------------------------------------------------------------------------------------

NO_PATH = "is no path of a file, and is not shown: write the path itself; --set-file gives the content of the file."


def test_paths(helm: Helm) -> None:
    """The tool's own table of paths: the ones that are none are refused by their numbers, and by nothing else."""
    good_paths = [text for text in PATHS if text and text.isprintable()]
    assert render(helm, {"heimdall": {"secretsFiles": good_paths}})
    bad = [text for _, text in NO_PATHS]
    done = template(helm, {"heimdall": {"secretsFiles": [*bad, *good_paths, "", " "]}})
    found = [
        int(number) for number in re.findall(rf"heimdall\.secretsFiles\[(\d+)\] {re.escape(NO_PATH)}", done.stderr)
    ]
    assert found == [*range(len(bad)), len(bad) + len(good_paths), len(bad) + len(good_paths) + 1]
    assert "JWT_SECRET" not in done.stderr + done.stdout


CONTENTS = [f"JWT_SECRET: {CANARY}\nAPI_KEY_SECRET: x\n", f"JWT_SECRET={CANARY}", f'{{"JWT_SECRET":"{CANARY}"}}',
            f"{CANARY}: x,{CANARY}", f"-----BEGIN {CANARY}-----", f"{CANARY}/" * 800]  # fmt: skip


@pytest.mark.parametrize("content", CONTENTS, ids=[each[:16] for each in CONTENTS])
def test_set_file_in_place_of_set(helm: Helm, tmp_path: Path, content: str) -> None:
    """The command of the quickstart with one word wrong: nothing of the file is printed."""
    path = tmp_path / "heimdall-secrets.yaml"
    path.write_text(content)
    done = helm.run("template", "r", str(CHART), f"--set-file=heimdall.secretsFiles[0]={path}")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"heimdall.secretsFiles[0] {NO_PATH}" in done.stderr
    assert CANARY not in done.stderr


# --- a rule in a file of its own -------------------------------------------------------------------------------------

XYZ = '''"""A value begins with xyz."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import shared

ID = "xyz"
SEVERITY = ERROR
IGNORABLE = True
PATTERN = r"(?s)xyz.*"


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each required key whose value begins with xyz.

    It is an example.

    Fix: make another value.

    Fails: `JWT_SECRET: xyzk3vQ8wZ1x`
    Passes: `JWT_SECRET: k3vQ8wZ1xxyz`
    """
    for key, text in shared.sound(requirement, values):
        if text.startswith("xyz"):
            yield Finding(SEVERITY, ID, values.where(key), f"{key} begins with xyz", key=key)
'''


def test_a_new_rule_fires_in_the_chart(helm: Helm, tmp_path: Path) -> None:
    """Its file, its row, `make generate`; its near miss passes, and without the rule both do."""
    for name in ("post_renderer", "tools", "charts", "hooks", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    table = tmp_path / "post_renderer" / "rules" / "__init__.py"
    (table.parent / "xyz.py").write_text(XYZ)
    before = table.read_text()
    table.write_text(before.replace("    variable_name,\n", "    variable_name,\n    xyz,\n"))
    assert table.read_text().count("    xyz,\n") == 2  # the import and the row
    done = subprocess.run(
        [sys.executable, "-m", "tools.generate"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    charts = {"with": str(tmp_path / "charts" / "heimdall"), "without": str(CHART)}
    found = {
        (name, value): refusals(judged(helm, chart, value))
        for name, chart in charts.items()
        for value in ("xyzk3vQ8wZ1x", "k3vQ8wZ1xxyz")
    }
    says = "JWT_SECRET begins with xyz; expected: 128 characters, openssl rand -hex 64"
    assert found.pop(("with", "xyzk3vQ8wZ1x")) == [says]
    assert set(map(tuple, found.values())) == {()}


def judged(helm: Helm, chart: str, value: str) -> str:
    values: Values = {"heimdall": {"secrets": {**SOUND, "JWT_SECRET": value}}}
    return helm.run("template", "r", chart, "-f", "-", input=json.dumps(values)).stderr


def test_facts_do_not_carry_the_policy(helm: Helm) -> None:
    """No pattern of the policy is in what the chart renders, but for the gate, which is made of the same rules."""
    text = template(helm, existing()).stdout
    assert [pattern for pattern in policy.PLACEHOLDERS if pattern in text] == []
