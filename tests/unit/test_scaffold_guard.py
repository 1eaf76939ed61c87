"""`scaffold guard`: the contract that it prints is read back as it was asked for, and does its work in the stream."""

import os
from pathlib import Path

import pytest
import yaml

from post_renderer.adapters import contracts
from post_renderer.document import stream as streams
from post_renderer.kube.objects import Objects
from post_renderer.model.settings import Settings
from post_renderer.requirements import contract, gather
from post_renderer.scaffold import guard
from post_renderer.scaffold.guard_options import Wanted
from tests import in_process
from tests.helms import HELM_PR
from tests.readme import runner
from tests.support import ROOT
from tests.unit.streams import GUARD, encoded, output, rules_of, run, secret

PG = ("--secret", "pg", "--key", "postgres-password", "--key", "tls.key", "--kinds", "tls.key=pem")
PASSWORD = "kP3-vQ8~wZ1.xR6_yT4.aB"  # a test's
PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ\n-----END PRIVATE KEY-----\n"
GOOD = {"postgres-password": PASSWORD, "tls.key": PEM}


def scaffold(*words: str, folder: Path | None = None) -> str:
    """What is printed."""
    done = in_process.text(["scaffold", "guard", *words], env={"PATH": os.defpath}, cwd=folder)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def refusal(*words: str, folder: Path | None = None) -> str:
    done = in_process.text(["scaffold", "guard", *words], env={"PATH": os.defpath}, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


def read(text: str) -> list[contract.Contract]:
    """The contracts of a stream, as the tool reads them."""
    data = text.encode()
    objects: Objects = gather.gather(data, streams.cut(data), Settings()).objects
    found, wrong = contract.find(objects)
    assert wrong == []
    return found


def test_alone_it_is_the_guard_for_inject() -> None:
    text = scaffold()
    assert "HEIMDALL_PR_INJECT=true" in text
    assert GUARD.removeprefix("---\n") in text
    assert "ConfigMap" not in text


# --- the contract


@pytest.mark.parametrize("name", sorted(contracts.shipped()))
def test_a_contract_that_ships_is_read_back_as_it_was(name: str) -> None:
    for number, each in enumerate(contracts.load([name])):
        keys = tuple(f"{key}={key}" for key in each.terms.specs)  # whatever is a variable is a key of that name
        text = guard.render(Wanted(secret=f"s{number}", keys=keys, contracts=(each,), release="r"))
        (found,) = read(text)
        equal = tuple((key, other.replace("{release}", "r")) for key, other in each.terms.equal)
        specs = each.terms.specs
        assert (set(found.required), found.lengths) == (set(each.required), each.lengths)
        assert dict(found.terms.specs) == dict(specs)
        assert found.terms._replace(specs={}) == each.terms._replace(specs={}, equal=equal)
        assert (found.secret, found.approach, found.application) == (f"s{number}", "existing", each.application)


EVERYTHING = (
    "--key", "user", "--key", "password", "--key", "yes,1e3", "--optional", "tls.key,null",
    "--kinds", "user=username,tls.key=pem", "--lengths", "password=40,password=min:12,yes=in:16|24",
    "--formats", "1e3=base64:32", "--oneOf", "token|id+key", "--together", "id+key", "--equal", "password=other/pw",
    "--issuers", "token=third-party", "--forbidden", "password=a: b, #c\npassword='x'",
    "--rotation", "token=ask for it, then write it", "--filledBy", "user=the shop",
)  # fmt: skip  # a flag and its text


def test_every_field_is_an_option() -> None:
    (found,) = read(scaffold("--secret", "1e3", *EVERYTHING))
    specs = found.terms.specs
    assert (found.secret, found.required) == ("1e3", ("password", "yes", "1e3"))
    assert [key for key, each in specs.items() if each.optional] == ["tls.key", "null", "token", "id", "key"]
    assert (found.lengths, specs["password"].least, specs["yes"].lengths) == ({"password": 40}, 12, (16, 24))
    assert (specs["1e3"].form, specs["tls.key"].kind, specs["token"].issuer) == ("base64:32", "pem", "third-party")
    assert specs["password"].forbidden == ("a: b, #c", "'x'")
    assert (specs["token"].rotation, specs["user"].filled_by) == ("ask for it, then write it", "the shop")
    assert (found.terms.one_of, found.terms.together) == (((("token",), ("id", "key")),), (("id", "key"),))
    assert found.terms.equal == (("password", "other/pw"),)


ADMIN = "--key=GF_SECURITY_ADMIN_USER=admin-user"
PASSWORD_KEY = "--key=GF_SECURITY_ADMIN_PASSWORD=admin-password"


def test_names_of_a_contract_become_keys() -> None:
    (found,) = read(scaffold("--contract", "grafana", "--secret", "g", ADMIN, PASSWORD_KEY))
    assert found.required == ("admin-user", "admin-password")
    assert found.terms.specs["admin-password"].forbidden


def variable(name: str, secret: str, key: str) -> dict[str, object]:
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def app(*env: object, image: str = "grafana/grafana:12", **more: object) -> str:
    """A Deployment of an image, as a chart renders it."""
    container = {"name": "app", "image": image, "env": [*env], **more}
    spec = {"template": {"spec": {"containers": [container]}}}
    whole = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "w"}, "spec": spec}
    return f"---\n{yaml.safe_dump(whole)}"


USER = variable("GF_SECURITY_ADMIN_USER", "gs", "admin-user")
LOGIN = app(USER, variable("GF_SECURITY_ADMIN_PASSWORD", "gs", "admin-password"))
TWO = app(variable("A", "one", "a"), variable("B", "two", "b"), image="acme/app")
BOTH = "image: acme/app\nkeys: {A: {}, B: {length: 40}}\n"
MOUNTS = "image: acme/db\nkeys:\n  "
FILES = app(
    {"name": "POSTGRES_PASSWORD_FILE", "value": "/s/pg-pass"},
    image="acme/db",
    volumeMounts=[{"name": "v", "mountPath": "/s"}],
).replace("    spec:\n", "    spec:\n      volumes: [{name: v, secret: {secretName: pg}}]\n")
# Name, contract, manifests, further options, and each Secret with its required keys.
LEARNT: list[tuple[str, str, str, tuple[str, ...], dict[str, tuple[str, ...]]]] = [
    ("variables of other names", "grafana", LOGIN, (), {"gs": ("admin-user", "admin-password")}),
    ("another Secret's name", "grafana", LOGIN, ("--secret", "g"), {"g": ("admin-user", "admin-password")}),
    ("the user wins", "grafana", LOGIN, ("--key", "GF_SECURITY_ADMIN_USER=me"), {"gs": ("me", "admin-password")}),
    ("two Secrets", BOTH, TWO, (), {"one": ("a",), "two": ("b",)}),
    ("two Secrets, one named", BOTH, TWO, ("--secret", "two"), {"one": ("a",), "two": ("b",)}),
    ("taken whole", BOTH, app(image="acme/app", envFrom=[{"secretRef": {"name": "s"}}]), (), {"s": ("A", "B")}),
    ("equal in another", f"{BOTH}equal: {{A: B}}\n", TWO, (), {"one": ("a",), "two": ("b",)}),
    ("by the release's name", "secret: '{release}-x'\nkeys: {a: {}}\n", secret(encoded({"a": PASSWORD}), "web-x"), (),
     {"web-x": ("a",)}),
    ("what may be absent", f"{BOTH}---\nimage: acme/b\nkeys: {{C: {{}}}}\nwhen: present\n", TWO, (),
     {"one": ("a",), "two": ("b",)}),
    ("a file by its variable", f"{MOUNTS}POSTGRES_PASSWORD: {{}}\n", FILES, (), {"pg": ("pg-pass",)}),
    ("a mounted key", f"{MOUNTS}pg-pass: {{}}\n", FILES, (), {"pg": ("pg-pass",)}),
    ("a mounted key of another name", f"{MOUNTS}password: {{}}\n", FILES, ("--key", "password=pg-pass"),
     {"pg": ("pg-pass",)}),
    ("a key besides", f"{MOUNTS}password: {{}}\n", FILES, ("--key", "password=password"), {"pg": ("password",)}),
    ("a key that may be absent", f"{MOUNTS}pg-pass: {{}}\n  password: {{optional: true}}\n", FILES, (),
     {"pg": ("pg-pass",)}),
    ("a name that only the user has", "gha-runner-scale-set", LOGIN, ("--secret", "arc"), {"arc": ()}),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("name", "text", "data", "more", "secrets"), LEARNT, ids=[row[0] for row in LEARNT])
def test_the_keys_come_from_the_manifests(
    tmp_path: Path, name: str, text: str, data: str, more: tuple[str, ...], secrets: dict[str, tuple[str, ...]]
) -> None:
    (tmp_path / "c.yaml").write_text(text)
    (tmp_path / "m.yaml").write_text(data)
    given = "c.yaml" if ":" in text else text
    found = read(scaffold("--contract", given, "--manifests", "m.yaml", *more, folder=tmp_path))
    assert {each.secret: each.required for each in found} == secrets
    equal = {each.secret: each.terms.equal for each in found if each.terms.equal}
    assert equal == ({"one": (("a", "two/b"),)} if name == "equal in another" else {})


def test_the_manifests_may_be_standard_input_or_a_folder_and_large(tmp_path: Path) -> None:
    words = ["scaffold", "guard", "--contract", "grafana", "--manifests"]
    done = in_process.text([*words, "-"], stdin=LOGIN, env={"PATH": os.defpath})
    assert "admin-password" in done.stdout
    (tmp_path / "a.yaml").write_text("---\nkind: ConfigMap\ndata: {a: b}\n" * (1 << 16))
    (tmp_path / "b.yaml").write_text(LOGIN)
    assert in_process.text([*words, str(tmp_path)], env={"PATH": os.defpath}).stdout == done.stdout


PLAINTEXT = app({"name": "A", "value": PASSWORD}, variable("B", "two", "b"), image="acme/app")
UNLEARNT = [
    ("plaintext", BOTH, PLAINTEXT, (), ["no container in the manifests takes A from a Secret"]),
    ("not taken", "grafana", app(USER), (),
     ["no container in the manifests takes GF_SECURITY_ADMIN_PASSWORD"]),
    ("a mounted key of another name", f"{MOUNTS}password: {{}}\n", FILES, (), ["pods take pg-pass, which"]),
    ("another image", "grafana", TWO, (), ["the contract matches nothing; images: acme/app"]),
    ("a third Secret", BOTH, TWO, ("--secret", "three"), ["from several Secrets: one, two"]),
    ("a group", f"{BOTH}oneOf: [[A, B]]\n", TWO, (), ["A, B are a group, and in several Secrets: one, two"]),
    ("the same key", BOTH, app(variable("A", "s", "a"), variable("B", "s", "a"), image="acme/app"), (),
     ["two names of the contract are the key a"]),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(
    ("text", "data", "more", "messages"), [each[1:] for each in UNLEARNT], ids=[each[0] for each in UNLEARNT]
)
def test_what_the_manifests_do_not_say_is_asked_for(
    tmp_path: Path, text: str, data: str, more: tuple[str, ...], messages: list[str]
) -> None:
    (tmp_path / "c.yaml").write_text(text)
    (tmp_path / "m.yaml").write_text(data)
    given = "c.yaml" if ":" in text else text
    reported = refusal("--contract", given, "--manifests", "m.yaml", *more, folder=tmp_path)
    assert [message for message in messages if message not in reported] == []
    assert reported.count("\nerror ") == len(messages)


def test_manifests_are_for_a_contract() -> None:
    assert "--contract NAME --manifests FILE" in refusal("--secret", "s", "--key", "a", "--manifests", "x")


def test_a_policy_of_variables_needs_their_keys() -> None:
    words = ["contract", "policy", "grafana", "--secret", "g", "--namespace", "ns"]
    done = in_process.text([*words, ADMIN], env={"PATH": os.defpath})
    assert (done.returncode, done.stdout) == (2, "")
    assert "--key GF_SECURITY_ADMIN_PASSWORD=KEY" in done.stderr
    done = in_process.text([*words, ADMIN, PASSWORD_KEY], env={"PATH": os.defpath})
    assert "['admin-user', 'admin-password']" in done.stdout


def test_several_secrets_and_the_name_of_the_release(tmp_path: Path) -> None:
    text = "secret: '{release}-app'\nkeys: {a: {}}\nequal: {a: '{release}-db/b'}\n---\nsecret: db\nkeys: {b: {}}\n"
    (tmp_path / "c.yaml").write_text(text)
    one, other = read(scaffold("--contract", "c.yaml", "--release", "web", folder=tmp_path))
    assert (one.secret, other.secret, one.terms.equal) == ("web-app", "db", (("a", "web-db/b"),))


# --- in the stream


def test_existing() -> None:
    text = scaffold(*PG, "--namespace", "ns")
    there = secret(encoded(GOOD), "pg")
    done = run(f"{text}{there}")
    assert rules_of(done) == []
    assert "NeedsPostRenderer" not in output(done)
    assert there in output(done)
    for key in GOOD:
        (found,) = run(text + secret(encoded({k: v for k, v in GOOD.items() if k != key}), "pg")).report.findings
        assert (found.rule, found.key) == ("missing-key", key)


def test_inline() -> None:
    """Each key is a variable of its own, which the user must allow."""
    text = scaffold(*PG, "--approach", "inline")
    assert "HEIMDALL_PR_ENV=PG_POSTGRES_PASSWORD:PG_TLS_KEY" in text
    environ = {"PG_POSTGRES_PASSWORD": PASSWORD, "PG_TLS_KEY": PEM}
    assert rules_of(run(text, environ=environ)) == ["env-not-allowed"] * 2
    allowed = Settings(env=tuple(environ))
    done = run(text, allowed, environ=environ)
    assert rules_of(done) == []
    assert all(f'"{value}"' in output(done) for value in encoded(GOOD).values())
    assert "NeedsPostRenderer" not in output(done)
    del environ["PG_TLS_KEY"]
    assert [(each.rule, each.key) for each in run(text, allowed, environ=environ).report.findings] == [
        ("env-unset", "tls.key")
    ]


def test_a_key_that_is_a_variable_keeps_its_name() -> None:
    assert "${POSTGRES_PASSWORD}" in scaffold("--secret", "pg", "--key", "POSTGRES_PASSWORD", "--approach", "inline")


def test_files() -> None:
    text = scaffold(*PG, "--approach", "files", "--file", "env/pg.yaml")
    content = {"env/pg.yaml": yaml.safe_dump(GOOD).encode()}
    done = run(text, files=content)
    assert rules_of(done) == []
    assert all(f'"{value}"' in output(done) for value in encoded(GOOD).values())
    lacking = run(text, files={"env/pg.yaml": f"postgres-password: {PASSWORD}\n".encode()})
    assert [(each.rule, each.key) for each in lacking.report.findings] == [("missing-key", "tls.key")]


@pytest.mark.parametrize("approach", ["inline", "files"])
def test_alternatives_are_filled_with_the_first(approach: str) -> None:
    text = scaffold("--secret", "s", "--oneOf", "token|id+key", "--approach", approach)
    (made, *_) = yaml.safe_load_all(text)
    assert [*made["data"]] == ["token"]


# --- the shape


def test_values() -> None:
    words = (*PG, "--values", "--list", "primary.extraDeploy", "--value", "primary.auth.existingSecret")
    values = yaml.safe_load(scaffold(*words))
    assert values["primary"]["auth"] == {"existingSecret": "pg"}
    assert [each["kind"] for each in values["primary"]["extraDeploy"]] == ["ConfigMap", "NeedsPostRenderer"]
    assert [each["kind"] for each in yaml.safe_load(scaffold(*PG, "--values"))["extraObjects"]] == [
        "ConfigMap",
        "NeedsPostRenderer",
    ]


def test_argo_cd_and_flux_get_no_guard() -> None:
    text = scaffold(*PG, "--gitops")
    assert [each["kind"] for each in yaml.safe_load_all(text)] == ["ConfigMap"]
    assert "HEIMDALL_PR" not in text


def test_the_commands_of_the_page_that_need_no_cluster(tmp_path: Path) -> None:
    """The others are run in tests/cluster/test_guard.py."""
    env = {"PATH": os.pathsep.join([str(HELM_PR.parent), os.environ["PATH"]]), "HOME": str(tmp_path)}
    steps = runner.parse((ROOT / "docs" / "guard.md").read_text())
    assert runner.run(steps, {"helm4"}, tmp_path, env) == 2


# --- what is wrong

WRONG: list[tuple[tuple[str, ...], list[str]]] = [
    (("--key", "a"), ["the contract needs the Secret's name"]),
    (("--secret", "S", "--key", "a"), ["it is no name of a Secret"]),
    (("--secret", "s" * 250, "--key", "a"), ["it is no name of a Secret"]),
    (("--secret", "s"), ["the contract names no key"]),
    (("--secret", "s", "--key", "a/b"), ["a key is no name"]),
    (("--secret", "s", "--key", "a", "--kinds", "b=pem"), ["b is no key of the contract"]),
    (("--secret", "s", "--key", "pass", "--kinds", "pasz=pem"), ["did you mean pass?"]),
    (("--secret", "s", "--key", "a", "--kinds", "a=pam"), ["`kinds` of a can't be understood"]),
    (("--secret", "s", "--key", "a", "--forbidden", "a={{ .Values.x }}"), ["no line of a ConfigMap in a chart"]),
    (("--secret", "s", "--key", "a", "--list", "a b", "--value", "a..b"), ["--list is no path", "--value is no path"]),
    (("--secret", "s", "--key", "a", "--values", "--value", "extraObjects.x"), ["are the same value"]),
    (("--secret", "s", "--key", "a", "--approach", "vault"), ["one of existing inline files"]),
    (("--secret", "s", "--key", "a", "--approach", "inline", "--gitops"), ["run no post-renderer"]),
    (("--secret", "s", "--key", "a", "--file", "x"), ["--approach files"]),
    (("--secret", "s", "--key", "a", "--approach", "files", "--file", "{{ x }}"), ["it is no path"]),
    (("--secret", "s", "--key", "a.b", "--key", "a-b", "--approach", "inline"), ["the variable S_A_B"]),
    (("--secret", "S", "--key", "a", "--namespace", "N", "--approach", "x", "--list", "/"),
     ["no name of a Secret", "no namespace's name", "no such approach", "--list is no path"]),
    (("--secret", "s", "--key", "a", "--region", "x"), ["guard has no --region"]),
    (("--contract", "nothing"), ["there is no file nothing"]),
    (("--contract", "grafana"), ["the contract names no single Secret"]),
    (("--contract", "grafana", "--secret", "g", "--key", "GF_SECURITY_ADMIN_USER"), ["gets no name that"]),
    (("--contract", "grafana", "--secret", "g", "--key", "GF_SECURITY_ADMIN_USER=GF_SECURITY_ADMIN_PASSWORD"),
     ["GF_SECURITY_ADMIN_PASSWORD is a variable", "two names of the contract are the key GF_SECURITY_ADMIN_PASSWORD"]),
    (("--contract", "grafana", "--secret", "g"),
     ["GF_SECURITY_ADMIN_USER is a variable", "--key GF_SECURITY_ADMIN_PASSWORD=KEY, or --manifests FILE"]),
    (("--contract", "grafana", "--secret", "g", "--key", "x=y", "--kinds", "a=pem"),
     ["x is no key", "says it already"]),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("words", "messages"), WRONG, ids=[" ".join(words)[:40] for words, _ in WRONG])
def test_all_that_is_wrong_is_reported_at_once(words: tuple[str, ...], messages: list[str]) -> None:
    reported = refusal(*words) if words != ("--contract", "nothing") else ""
    if not reported:
        reported = in_process.text(["scaffold", "guard", *words], env={"PATH": os.defpath}).stderr
    assert [message for message in messages if message not in reported] == []
    assert reported.count("\nerror ") in (len(messages), 0)
    assert "fix" in reported


OF_FILES = [
    ("secret: '*-db'\nkeys: {a: {}}\n", "c.yaml:1", "names no single Secret"),
    ("labels: {a: b}\nkeys: {a: {}}\n", "c.yaml:1", "names no single Secret"),
    ("# x\nsecret: '{release}-db'\nkeys: {a: {}}\n", "c.yaml:2", "has {release} in a name"),
    ("secret: s\nkeys: {a: {}}\n---\nsecret: s\nkeys: {b: {}}\n", "--contract", "two documents are about one Secret"),
    ('secret: s\nkeys: {a: {forbidden: ["x\\ny"]}}\n', "c.yaml:1", "no line of a ConfigMap"),
    ("secret: s\nkeys: {a: {forbidden: ['{{ x }}']}}\n", "c.yaml:1", "no line of a ConfigMap"),
    ("required: A\nimage: acme/app\n", "c.yaml:1", "of the first form"),
]


@pytest.mark.parametrize(("text", "place", "message"), OF_FILES, ids=[message for *_, message in OF_FILES])
def test_what_a_file_says_that_a_config_map_can_t(tmp_path: Path, text: str, place: str, message: str) -> None:
    (tmp_path / "c.yaml").write_text(text)
    reported = refusal("--contract", "c.yaml", folder=tmp_path)
    assert message in reported
    assert place in reported


def test_other_systems_have_none_of_its_options() -> None:
    done = in_process.text(["scaffold", "eso-aws", "--key", "a"], env={"PATH": os.defpath})
    assert (done.returncode, "scaffold guard" in done.stderr) == (2, True)
