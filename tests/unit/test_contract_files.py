"""Contract files: what they match, what they ask for, and everything that can be wrong with one."""

import base64
import json
import os
from pathlib import Path

import jsonschema
import pytest
import yaml

from post_renderer.adapters import contracts
from post_renderer.model.contract_file import ContractFile
from post_renderer.model.errors import UserError
from post_renderer.model.finding import Finding
from post_renderer.model.report import Outcome
from post_renderer.model.settings import Settings
from post_renderer.requirements import contract_files, contract_schema
from tests import in_process
from tests.unit.streams import details, encoded, heimdall, literal, output, rules_of, run, secret, whole

GOOD = "kP3-vQ8~wZ1.xR6_yT4.aB"
OTHER = "mN7_qW2.eR5~tY8-uI1.oP"
SHIPPED = contracts.shipped()


def read(text: str, present: bool = False) -> tuple[ContractFile, ...]:
    return tuple(contract_files.read("c.yaml", text.encode(), present))


def judged(contract: str, stream: str, **options: object) -> Outcome:
    return run(stream, Settings(contracts=read(contract), **options))  # type: ignore[arg-type]  # options of Settings


def app(name: str = "app", labels: str = "", **values: str) -> str:
    """A Secret; `_` in a key's name is a hyphen."""
    data = {key.replace("_", "-"): base64.b64encode(value.encode()).decode() for key, value in values.items()}
    made = secret(data, name)
    return made.replace(f"  name: {name}\n", f"  name: {name}\n  labels: {{{labels}}}\n") if labels else made


def pod(env: list[dict[str, object]] | None = None, image: str = "docker.io/acme/app:1", **more: object) -> str:
    return heimdall(env or (), image=image, **more)  # type: ignore[arg-type]  # as in streams.py


def by_key(name: str, source: str, key: str) -> dict[str, object]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": source, "key": key}}}


def mounting(volume: dict[str, object], path: str = "/run/s", env: list[dict[str, object]] | None = None) -> str:
    """A pod that mounts a volume."""
    one = {"name": "c", "image": "acme/app", "env": env or [], "volumeMounts": [{"name": "v", "mountPath": path}]}
    spec = {"template": {"spec": {"containers": [one], "volumes": [{"name": "v", **volume}]}}}
    document = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "w", "namespace": "ns"},
        "spec": spec,
    }
    return f"---\n{json.dumps(document)}\n"


KEYS = "keys: {password: {}}\n"
RELEASE = "---\nkind: Service\napiVersion: v1\nmetadata:\n  name: x\n  labels:\n    app.kubernetes.io/instance: rel\n"
CUSTOM = (
    "---\napiVersion: acme.io/v1\nkind: Thing\nmetadata: {name: t, namespace: ns}\nspec:\n  credentialsSecret: app\n"
)
IMAGE = "image: acme/app\n"
CONFIG = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm, namespace: ns}\ndata: {password: ""}\n'
TAKES = [by_key("P", "app", "password")]
# name, what it matches by, the stream, the rules that report something
MATCHED = [
    ("exact", "secret: app\n", app(password=""), ["missing-key"]),
    ("exact, good", "secret: app\n", app(password=GOOD), []),
    ("another name", "secret: app\n", app("apps", password=""), ["contract-unmatched"]),
    ("the release", "secret: '{release}-app'\n", RELEASE + app("rel-app", password=""), ["missing-key"]),
    ("another release", "secret: '{release}-app'\n", RELEASE + app("x-app", password=""), ["contract-unmatched"]),
    ("a glob", "secret: '*-app'\n", app("x-app", password="") + app("y-app", password=GOOD), ["missing-key"]),
    ("labels", "labels: {a: b}\n", app(labels="a: b, c: d", password=""), ["missing-key"]),
    ("other labels", "labels: {a: b}\n", app(labels="a: c", password=""), ["contract-unmatched"]),
    ("a pod names it", "secret: app\n", pod([by_key("P", "app", "password")]), ["not-checked"]),
    ("a custom resource names it", "secret: app\n", CUSTOM, ["not-checked"]),
    ("a variable of that name", IMAGE, pod([by_key("password", "app", "x")]) + app(x=""), ["missing-key"]),
    ("a variable of another name", IMAGE, pod([by_key("P", "app", "password")]) + app(password=""), ["missing-key"]),
    ("envFrom", IMAGE, pod(env_from=[whole("app")]) + app(password=""), ["missing-key"]),
    ("envFrom, and no such key", IMAGE, pod(env_from=[whole("app")]) + app(x="1"), ["missing-key"]),
    (
        "a variable of that name, and a key of it",
        IMAGE,
        pod([by_key("password", "app", "x")]) + app(password=GOOD, x=""),
        ["missing-key"],
    ),
    ("the other way around", IMAGE, pod([by_key("password", "app", "x")]) + app(password="", x=GOOD), []),
    (
        "the last entry of a name counts",
        IMAGE,
        pod([by_key("password", "app", "password"), by_key("password", "app", "x")]) + app(password=GOOD, x=""),
        ["missing-key"],
    ),
    (
        "empty in the pod, over a Secret",
        IMAGE,
        pod([literal("password", "")], env_from=[whole("app")]) + app(password=GOOD),
        ["no-source"],
    ),
    (
        "empty in a ConfigMap, over a Secret",
        IMAGE,
        pod(env_from=[whole("app"), whole("cm", "configMapRef")]) + app(password=GOOD) + CONFIG,
        ["no-source"],
    ),
    (
        "a Secret over an empty ConfigMap",
        IMAGE,
        pod(env_from=[whole("cm", "configMapRef"), whole("app")]) + app(password=GOOD) + CONFIG,
        [],
    ),
    (
        "empty in the pod, beside a file",
        IMAGE,
        mounting({"secret": {"secretName": "app"}}, env=[literal("password_FILE", "/run/s/x"), literal("password", "")])
        + app(x=GOOD),
        [],
    ),
    ("in the pod", IMAGE, pod([literal("password", GOOD)]), ["literal-secret", "no-source"]),
    ("from nowhere", IMAGE, pod(), ["no-source"]),
    ("an image of more segments", IMAGE, pod(image="x/my-acme/app") + app(password=""), ["contract-unmatched"]),
    ("one of two images", "image: [acme/old, acme/app]\n", pod(TAKES) + app(password=""), ["missing-key"]),
    ("none of two images", "image: [acme/old, acme/a]\n", pod(TAKES) + app(password=""), ["contract-unmatched"]),
    ("an image with a digest", IMAGE, pod(TAKES, "acme/app:1@sha256:0") + app(password=GOOD), []),
    ("a mounted Secret", IMAGE, mounting({"secret": {"secretName": "app"}}) + app(password=""), ["missing-key"]),
    (
        "a mounted key of another name",
        IMAGE,
        mounting({"secret": {"secretName": "app", "items": [{"key": "x", "path": "password"}]}}) + app(x=""),
        ["missing-key"],
    ),
    (
        "X_FILE",
        "image: acme/app\n",
        mounting({"secret": {"secretName": "app"}}, env=[literal("password_FILE", "/run/s/x")]) + app(x=""),
        ["missing-key"],
    ),
    (
        "a projection",
        IMAGE,
        mounting({"projected": {"sources": [{"secret": {"name": "app"}}, {"secret": {"name": "b"}}]}})
        + app(x="1")
        + app("b", password=""),
        ["missing-key"],
    ),
    ("the API", "image: acme/app\nsecret: api\n", pod(), ["not-checked"]),
]  # fmt: skip  # a row a case


@pytest.mark.parametrize(("match", "stream", "expected"), [row[1:] for row in MATCHED], ids=[row[0] for row in MATCHED])
def test_matched(match: str, stream: str, expected: list[str]) -> None:
    outcome = judged(match + KEYS, stream)
    assert [each.rule for each in outcome.report.findings] == expected
    if outcome.report.ok:
        assert output(outcome) == stream


def test_what_matches_nothing_lists_what_there_is() -> None:
    (finding,) = judged("secret: ap\n" + KEYS, app(password=GOOD) + pod()).report.findings
    assert finding.message == "the contract matches nothing; images: docker.io/acme/app:1; Secrets: app"
    assert (finding.where.file, finding.where.line) == ("c.yaml", 1)
    present = judged("secret: ap\nwhen: present\n" + KEYS, app(password=GOOD)).report
    assert [each.rule for each in present.findings] == ["no-contract"]
    folder = run(app(password=GOOD), Settings(contracts=read("secret: ap\n" + KEYS, present=True))).report
    assert [each.rule for each in folder.findings] == ["no-contract"]


def test_two_installations_are_each_judged() -> None:
    stream = "".join(
        pod([by_key("P", name, "password")]).replace('"name": "w"', f'"name": "{name}"') + app(name, password=value)
        for name, value in (("a", GOOD), ("b", ""))
    )
    outcome = judged(IMAGE + KEYS, stream)
    assert [(each.rule, each.where.what) for each in outcome.report.findings] == [("missing-key", "Secret ns/b")]
    assert len(outcome.report.judged) == 2


def test_the_keys_of_several_secrets() -> None:
    stream = pod([by_key("A", "one", "a"), by_key("B", "two", "b")]) + app("one", a=GOOD) + app("two", b=OTHER)
    contract = IMAGE + "keys: {A: {length: {exact: 22}}, B: {}, C: {optional: true}}\n"
    assert judged(contract, stream, strict=True).report.findings == ()
    assert rules_of(judged(contract, stream.replace(app("two", b=OTHER), app("two", b="")))) == ["missing-key"]


def test_a_contract_beside_one_of_the_stream() -> None:
    said = (
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: ns\n  labels:\n"
        "    secrets-contract.heimdall-pr/version: v2\ndata:\n  secret: app\n  required: password\n"
        '  lengths: "password=exact:16"\n'
    )
    contract = "secret: app\nkeys: {password: {length: {exact: 32}}}\n"
    found = judged(contract, said + app(password=GOOD)).report.findings
    (against,) = [each for each in found if each.rule == "contracts-contradict"]
    assert "ConfigMap ns/c and contract c.yaml" in against.message
    stricter = "secret: app\nkeys: {password: {length: {min: 10}}}\n"
    assert rules_of(judged(stricter, said + app(password=GOOD[:9]))) == ["wrong-length"] * 2


SAID = """---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: ns, labels: {secrets-contract.heimdall-pr/version: v2}}
data: {secret: app, required: TOKEN, approach: inline}
"""


def test_only_environment_widens_what_may_be_read(tmp_path: Path) -> None:
    """A chart's contract names the variable; the user's own contract file allows it, or not."""
    stream = SAID + secret({"TOKEN": "${TOKEN}"}, "app")
    for said, code in (("", 1), ("environment: [OTHER]\n", 1), ("environment: [TOKEN]\n", 0)):
        (tmp_path / "c.yaml").write_text(f"secret: app\n{said}keys: {{TOKEN: {{}}}}\n")
        done = command(tmp_path, "--contract", "c.yaml", stream=stream, TOKEN=GOOD)
        assert (done.returncode, b"env-not-allowed" in done.stderr) == (code, code == 1), done.stderr
        assert (base64.b64encode(GOOD.encode()) in done.stdout) == (code == 0)


def test_many_installations_cost_little() -> None:
    """Each is judged, and not each is compared with each."""
    pods = [pod([by_key("P", f"s{n}", "password")]).replace('"name": "w"', f'"name": "w{n}"') for n in range(300)]
    secrets = [app(f"s{n}", password=f"{n}-{GOOD}") for n in range(300)]
    outcome = judged(IMAGE + KEYS, "".join((*pods, *secrets)))
    assert (outcome.report.findings, len(outcome.report.judged)) == ((), 300)


def test_a_hundred_keys_of_one_mounted_secret() -> None:
    keys = {f"k{n}": f"{n}-{GOOD}" for n in range(100)}
    said = IMAGE + "keys:\n" + "".join(f"  {key}: {{}}\n" for key in keys)
    stream = mounting({"secret": {"secretName": "app"}}) * 3 + secret(encoded(keys), "app")
    outcome = judged(said, stream)
    assert (outcome.report.findings, outcome.report.judged[0].required) == ((), 100)


WRONG = [
    ("empty", "", 1, "the file has no contract"),
    ("a list", "- a\n", 1, "the contract is no mapping"),
    ("no keys", "secret: app\n", 1, "no `keys`"),
    ("no key", "secret: app\nkeys: {}\n", 2, "names no key"),
    ("nothing to match by", "keys: {a: {}}\n", 1, "what the contract matches by is not clear"),
    ("two to match by", "secret: a\nlabels: {a: b}\nkeys: {a: {}}\n", 1, "what the contract matches by is not clear"),
    ("no name", "secret: A_B\nkeys: {a: {}}\n", 1, "`secret` is no name"),
    ("any name", "secret: '*'\nkeys: {a: {}}\n", 1, "`secret` is no name"),
    ("an image with a tag", "image: a:1\nkeys: {a: {}}\n", 1, "`image` is no path"),
    ("one of two images", "image: [a, 'b:1']\nkeys: {a: {}}\n", 1, "`image` is no path"),
    ("no image", "image: []\nkeys: {a: {}}\n", 1, "`image` is no path"),
    ("images as a mapping", "image: {a: b}\nkeys: {a: {}}\n", 1, "`image` is no list"),
    ("when", "secret: a\nwhen: absent\nkeys: {a: {}}\n", 2, "`when` is not `present`"),
    ("an unknown field", "secret: a\nkeyes: {a: {}}\nkeys: {a: {}}\n", 2, "did you mean keys?"),
    ("an unknown field of a key", "secret: a\nkeys:\n  a: {}\n  b: {lenght: 3}\n", 4, "did you mean length?"),
    ("an unknown kind", "secret: a\nkeys:\n  a: {kind: pasword}\n", 3, "`kind` of a can't be understood"),
    ("an exact length of 0", "secret: a\nkeys:\n  a: {length: {exact: 0}}\n", 3, "`length` of a"),
    ("a length of words", "secret: a\nkeys:\n  a: {length: long}\n", 3, "`length` of a"),
    ("contradicting lengths", "secret: a\nkeys:\n  a: {length: {exact: 8, min: 9}}\n", 3, "contradict each other"),
    ("an unknown format", "secret: a\nkeys:\n  a: {format: base46}\n", 3, "`format` of a"),
    ("a group with one member", "secret: a\nkeys: {a: {}}\noneOf:\n  - [a]\n", 3, "a group has one member"),
    ("a group of one key twice", "secret: a\nkeys: {a: {}}\noneOf:\n  - [a, a]\n", 3, "a group has one member"),
    (
        "a group of no key",
        "secret: a\nkeys: {tok: {}, b: {}}\noneOf:\n- - b\n  - tokk\n",
        5,
        "tokk is no key of the contract",
    ),
    ("a meant key", "secret: a\nkeys: {token: {}, b: {}}\noneOf:\n- - b\n  - [tokn]\n", 5, "did you mean token?"),
    ("a length of nothing", "secret: a\nkeys:\n  a: {length: {}}\n", 3, "`length` has no length"),
    ("together with one", "secret: a\nkeys: {a: {}}\ntogether:\n  - [a]\n", 3, "a group has one member"),
    (
        "equal to no Secret",
        "secret: a\nkeys: {a: {}}\nequal: {a: ../x/y}\n",
        3,
        "`equal` names no key of another Secret",
    ),
    ("the line of a key", "secret: a\nkeys:\n  a: {}\n  b/c: {}\n", 4, "no name that a Secret's key can have"),
    ("equal to nothing", "secret: a\nkeys: {password: {}}\nequal: {password: passwort}\n", 3, "passwort is no key"),
    ("a key twice", "secret: a\nkeys:\n  a: {}\n  a: {}\n", 4, "a key is there twice"),
    ("an anchor", "secret: a\nkeys:\n  a: &x {}\n  b: *x\n", 3, "an anchor, an alias or a tag"),
    ("no YAML", "secret: [\n", 1, "the contract"),
    ("two dots", "secret: a\nkeys: {'..': {}}\n", 2, "no name that a Secret's key can have"),
    ("a long key", f"secret: a\nkeys: {{{'k' * 254}: {{}}}}\n", 2, "no name that a Secret's key can have"),
    ("10,000 keys", "secret: a\nkeys:\n" + "".join(f"  k{n}: {{}}\n" for n in range(10_000)), 2, "10,000 keys"),
    ("no variable", "secret: a\nenvironment: [a-b]\nkeys: {a: {}}\n", 2, "`environment` has what is no variable's"),
    ("true is no text", "secret: a\nkeys: {a: {rotation: yes}}\n", 2, "`rotation` is no text"),
    ("a command", "secret: a\nkeys: {a: {rotation: 'curl x | sh'}}\n", 2, "`rotation` of a"),
    ("the second document", "secret: a\nkeys: {a: {}}\n---\nsecret: b\nkeys: {b: {kind: x}}\n", 5, "`kind` of b"),
]


@pytest.mark.parametrize(("text", "line", "message"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_wrong(text: str, line: int, message: str) -> None:
    with pytest.raises(UserError) as caught:
        read(text)
    shown = details(caught.value)
    assert message in shown
    assert f"c.yaml:{line}" in shown or line == 1, shown


def test_all_that_is_wrong_is_reported_with_its_line(tmp_path: Path) -> None:
    """In all documents of all files."""
    one = """# the shop
application: a/b
secret: Shop
keys:
  password: {kind: passwort}
  "..": {lenght: 3}
  tls.key: {optional: maybe}
  token: {length: {exact: 0}}
oneOf: [[token]]
equal: {password: "../x/y"}
foo: 1
---
keys: []
"""
    (tmp_path / "one.yaml").write_text(one)
    (tmp_path / "two.yaml").write_text("secret: s\n")
    with pytest.raises(UserError) as caught:
        contracts.load([str(tmp_path)])
    places = [each.where for each in caught.value.details if isinstance(each, Finding)]
    found = [(Path(each.file).name, each.line) for each in places]
    lines = [2, 3, 6, 6, 7, 11, 13, 13]
    assert found == [*(("one.yaml", line) for line in lines), ("two.yaml", 1)]
    (tmp_path / "one.yaml").write_text(one.replace('  "..": {lenght: 3}\n', ""))
    with pytest.raises(UserError) as caught:
        contracts.load([str(tmp_path / "one.yaml")])
    places = [each.where for each in caught.value.details if isinstance(each, Finding)]
    assert [each.line for each in places] == [2, 3, 5, 6, 7, 8, 9, 10, 12, 12]


def test_many_mistakes_are_counted() -> None:
    text = "secret: s\nkeys:\n" + "".join(f"  k{number}: {{foo: 1}}\n" for number in range(5000))
    with pytest.raises(UserError) as caught:
        contract_files.read("c.yaml", text.encode())
    messages = [each.message for each in caught.value.details if isinstance(each, Finding)]
    assert (len(messages), messages[0], messages[-1]) == (101, "the contract has 5,000 keys", "and 4,901 more")


@pytest.mark.parametrize("name", ["__proto__", "data", "tls.key", "k" * 253])
def test_any_name_of_a_key(name: str) -> None:
    (contract,) = read(f"secret: a\nkeys: {{{name}: {{}}}}\n")
    assert contract.required == (name,)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_ones_are_what_the_schema_says(name: str) -> None:
    schema = contract_schema.schema()
    text = SHIPPED[name].read_text()
    for document in yaml.safe_load_all(text):
        jsonschema.Draft202012Validator(schema).validate(document)
    assert contract_files.read(name, text.encode())
    assert text.startswith("# ")


OF_SCHEMA = {
    *("no keys", "no key", "nothing to match by", "when", "an unknown field", "an unknown field of a key"),
    *("an unknown kind", "an exact length of 0", "an unknown format", "a group with one member", "together with one"),
}
IN_SCHEMA = [row for row in WRONG if row[0] in OF_SCHEMA]


@pytest.mark.parametrize("text", [row[1] for row in IN_SCHEMA], ids=[row[0] for row in IN_SCHEMA])
def test_the_schema_refuses_it_too(text: str) -> None:
    validator = jsonschema.Draft202012Validator(contract_schema.schema())
    assert not validator.is_valid(yaml.safe_load(text))


VULCAN = {
    "SECRET_KEY_BASE": "3f" + "a1b2c3d4e5f60718" * 7 + "0123456789abcd",
    "CIPHER_PASSWORD": "b7" + "18f60e5d4c3b2a19" * 7 + "fedcba98765432",
    "CIPHER_SALT": "9182736455463728" * 4,
    "POSTGRES_PASSWORD": "b1" + "0f1e2d3c4b5a6978" * 4,
}


def test_vulcan() -> None:
    """The default, which has nothing; complete; each key missing."""
    settings = Settings(contracts=contracts.load(["vulcan"]), strict=True)
    pods = heimdall(env_from=[whole("vulcan")], image="docker.io/mitre/vulcan:v2.2")
    assert rules_of(run(pods + app("vulcan", x="1"), settings)) == ["missing-key"] * 4
    assert run(pods + secret(encoded(VULCAN), "vulcan"), settings).report.findings == ()
    for key in VULCAN:
        less = {name: value for name, value in VULCAN.items() if name != key}
        findings = run(pods + secret(encoded(less), "vulcan"), settings).report.findings
        assert [(each.rule, each.key) for each in findings] == [("missing-key", key)]


POLICY_REFUSED = [
    ("two documents", ["harbor", "-n", "ns", "--secret", "s"], "a policy is of one contract"),
    ("no name", ["grafana", "-n", "ns"], "the Secret's name or namespace is none"),
    ("a pattern", ["sentry", "-n", "ns"], "the Secret's name or namespace is none"),
    ("no namespace", ["grafana", "-n", "A_B", "--secret", "s"], "the Secret's name or namespace is none"),
    ("too long a name", ["grafana", "-n", "ns", "--secret", "s" * 253], "the Secret's name or namespace is none"),
    ("a key that is none", ["grafana", "-n", "ns", "--secret", "s", "--key", "X=y"], "--key takes NAME=KEY"),
    ("an action that is none", ["grafana", "-n", "ns", "--secret", "s", "--action", "Allow"], "either Deny or Audit"),
]


@pytest.mark.parametrize(("said", "message"), [row[1:] for row in POLICY_REFUSED], ids=[r[0] for r in POLICY_REFUSED])
def test_a_policy_that_can_not_be(tmp_path: Path, said: list[str], message: str) -> None:
    done = command(tmp_path, "contract", "policy", *said)
    assert (done.returncode, done.stdout, message in done.stderr.decode()) == (2, b"", True), done.stderr


def test_a_policy_that_would_check_nothing(tmp_path: Path) -> None:
    (tmp_path / "none.yaml").write_text("secret: s\nkeys: {a: {optional: true}, b: {filledBy: the shop}}\n")
    done = command(tmp_path, "contract", "policy", "none.yaml", "-n", "ns")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"asks for nothing that an API server can tell" in done.stderr


def test_a_policy_names_the_keys_of_the_secret(tmp_path: Path) -> None:
    said = ["--key", "GF_SECURITY_ADMIN_USER=user", "--key", "GF_SECURITY_ADMIN_PASSWORD=password"]
    done = command(tmp_path, "contract", "policy", "grafana", "-n", "ns", "--secret", "s", *said)
    policy, binding = yaml.safe_load_all(done.stdout)
    assert policy["spec"]["variables"][0]["expression"].startswith("['user', 'password'].filter(")
    assert binding["spec"]["policyName"] == policy["metadata"]["name"] == "ns.s-contract"


def test_nothing_forbidden_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("secret: s\nkeys:\n  k: {kind: config, forbidden: []}\n")
    stream = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: x}\n"
    assert command(tmp_path, "check", "-", "--contract", "c.yaml", stream=stream).returncode == 0


def test_a_forbidden_value_of_several_lines(tmp_path: Path) -> None:
    """A block scalar ends in a line break, which is no part of what is compared."""
    (tmp_path / "c.yaml").write_text('secret: s\nkeys:\n  k: {kind: config, forbidden: [" b"]}\n')
    (tmp_path / "d.yaml").write_text(
        "secret: s\nkeys:\n  k:\n    kind: config\n    forbidden:\n      - |\n        a\n        b\n"
    )
    for name, text, code in (("c", "b", 1), ("c", "bb", 0), ("d", "a\\nb\\n", 1), ("d", "a\\n", 0)):
        stream = f'apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{k: "{text}"}}\n'
        done = command(tmp_path, "check", "-", "--contract", f"{name}.yaml", stream=stream)
        assert done.returncode == code, (name, text, done.stdout)


def test_a_policy_of_groups_alone(tmp_path: Path) -> None:
    """An API server takes no `[].filter(…).join(…)`: an empty list is not one of texts (tests/cluster tries it)."""
    (tmp_path / "one.yaml").write_text("secret: s\nkeys: {a: {}, b: {}}\noneOf: [[a, b]]\n")
    done = command(tmp_path, "contract", "policy", "one.yaml", "-n", "ns")
    policy, _ = yaml.safe_load_all(done.stdout)
    assert policy["spec"]["variables"][0]["expression"] == "[''].filter(key, key != '')"
    assert len(policy["spec"]["validations"]) == 2


def test_no_two_secrets_have_one_policy(tmp_path: Path) -> None:
    """A policy is in no namespace: the second of one name would replace the first."""
    said = [("a-b", "c"), ("a", "b-c"), ("a", "b.c")]
    done = [command(tmp_path, "contract", "policy", "redis", "-n", space, "--secret", name) for space, name in said]
    assert len({next(yaml.safe_load_all(each.stdout))["metadata"]["name"] for each in done}) == len(said)


def command(folder: Path, *arguments: str, stream: str = "", **variables: str) -> in_process.Done:
    env = {"PATH": os.defpath, "HOME": str(folder), **variables}
    return in_process.run([*arguments], env=env, cwd=folder, stdin=stream.encode())


def test_the_filter_and_check_take_several(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("secret: app\n" + KEYS)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "two.yaml").write_text("secret: absent\n" + KEYS)
    stream = app(password="changeme")
    done = command(tmp_path, "--contract", "one.yaml", "--contract", "more", stream=stream)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"error   placeholder   password" in done.stderr
    by_variable = command(tmp_path, stream=stream, HEIMDALL_PR_CONTRACT="one.yaml:more")
    assert by_variable.stderr == done.stderr
    checked = command(tmp_path, "check", "-", "--contract", "one.yaml", stream=stream)
    assert (checked.returncode, b"placeholder" in checked.stdout) == (1, True)
    good = app(password=GOOD)
    assert command(tmp_path, "--contract", "one.yaml", stream=good).stdout == good.encode()


REFUSED = [
    ("no such file", "none.yaml", "there is no file none.yaml, and no contract of that name"),
    ("a name with a typo", "grafanna", "did you mean grafana?"),
    ("a folder without contracts", "empty", "has no contract"),
    ("10 MB", "large.yaml", "is larger than 1 MiB"),
]


@pytest.mark.parametrize(("name", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "large.yaml").write_text("# \n" * 3_500_000)
    done = command(tmp_path, "--contract", name, stream=app(password=GOOD))
    assert (done.returncode, done.stdout, message in done.stderr.decode()) == (1, b"", True), done.stderr


def test_the_commands(tmp_path: Path) -> None:
    listed = command(tmp_path, "contract", "list").stdout.decode()
    assert [line.split()[0] for line in listed.splitlines()] == [*SHIPPED]
    assert command(tmp_path, "contract", "show", "grafana").stdout == contracts.shipped()["grafana"].read_bytes()
    assert json.loads(command(tmp_path, "contract", "schema").stdout) == contract_schema.schema()
    assert command(tmp_path, "contract", "show", "nothing").returncode == 1
