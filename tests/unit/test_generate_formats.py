"""The formats that secrets are generated in: read by those they are made for, completed without a change, refused."""

import base64
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from post_renderer.model.errors import UserError
from post_renderer.rules import policy
from post_renderer.secrets import generator
from post_renderer.secrets.formats import FORMATS
from post_renderer.secrets.formats.shared import Target
from tests.unit.test_edge import run

TARGET = Target("f")
KEYS = list(policy.KEYS)


def by_yaml(path: Path) -> dict[str, str]:
    return dict(yaml.safe_load(path.read_text()))


def by_json(path: Path) -> dict[str, str]:
    return dict(json.loads(path.read_text()))


def by_shell(path: Path) -> dict[str, str]:
    """As the printed command reads it."""
    command = f"set -a; . '{path}'; env -0"
    done = subprocess.run(["sh", "-ec", command], env={"PATH": os.environ["PATH"]}, capture_output=True, check=True)
    pairs = (pair.partition("=") for pair in done.stdout.decode().split("\0"))
    return {name: value for name, _, value in pairs if name not in ("PATH", "PWD", "OLDPWD", "SHLVL", "_", "")}


def by_kubernetes(path: Path) -> dict[str, str]:
    manifest = yaml.safe_load(path.read_text())
    assert (manifest["apiVersion"], manifest["kind"], "stringData" in manifest) == ("v1", "Secret", False)
    return {key: base64.b64decode(value, validate=True).decode() for key, value in manifest["data"].items()}


READERS = {"yaml": by_yaml, "json": by_json, "env": by_shell, "k8s": by_kubernetes}


def shape(value: str) -> tuple[int, str]:
    """A value's length, and its alphabet where it is one of few."""
    prefix = "Admin_" if value.startswith("Admin_") else ""
    return len(value), prefix + ("hex" if re.fullmatch("[0-9a-f]+", value.removeprefix(prefix)) else "mixed")


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("name", FORMATS)
def test_the_shapes_are_those_of_the_documented_recipes(tmp_path: Path, name: str) -> None:
    path = tmp_path / "new"
    done = run(tmp_path, "generate", "--format", name, "--documented-admin-password", str(path))
    assert done.returncode == 0, done.stderr
    made = READERS[name](path)
    recipes = {key: str(policy.recipe(key)) for key in policy.KEYS}
    by_openssl = {
        key: subprocess.run(["sh", "-ec", recipe], capture_output=True, text=True, check=True).stdout.strip()
        for key, recipe in recipes.items()
    }
    assert {key: shape(value) for key, value in made.items()} == {
        key: shape(value) for key, value in by_openssl.items()
    }
    assert {key: len(value) for key, value in made.items()} == {key: rule.length for key, rule in policy.KEYS.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_a_new_file_is_kept_as_it_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a/new"
    done = run(tmp_path, "generate", "--format", name, "a/new")
    assert (done.returncode, done.stdout) == (0, b"")
    assert path.stat().st_mode & 0o777 == 0o600
    content, held = path.read_bytes(), READERS[name](path)
    assert sorted(held) == sorted(KEYS)
    again = run(tmp_path, "generate", "--format", name, "a/new")
    assert (again.returncode, path.read_bytes()) == (0, content)
    assert b"it was left as it is" in again.stderr
    assert not any(value in (done.stderr + again.stderr).decode() for value in held.values())


KEPT = [
    ("env", "absent", "# c\nexport JWT_SECRET='k e p t'\nOTHER=x", {"JWT_SECRET": "k e p t", "OTHER": "x"}),
    ("env", "empty", "JWT_SECRET=\"kept\"\nAPI_KEY_SECRET=\nADMIN_PASSWORD=''\n", {"JWT_SECRET": "kept"}),
    ("env", "no file's worth", "", {}),
    ("env", "~ and : within", "JWT_SECRET=a~b\nOTHER=a:b=c\n", {"JWT_SECRET": "a~b", "OTHER": "a:b=c"}),
    ("json", "one line", '{"JWT_SECRET": "kept"}', {"JWT_SECRET": "kept"}),
    ("json", "lines", '{\n  "JWT_SECRET": "kept",\n  "OTHER": "\\u00e9"\n}\n', {"JWT_SECRET": "kept", "OTHER": "é"}),
    ("json", "empty", '{"JWT_SECRET": "kept", "API_KEY_SECRET": ""}', {"JWT_SECRET": "kept"}),
    ("json", "nothing", "{}", {}),
    ("k8s", "block", "kind: Secret\nmetadata: {name: n}\ndata:\n  JWT_SECRET: a2VwdA==\n", {"JWT_SECRET": "kept"}),
    ("k8s", "flow", '{"kind": "Secret", "data": {"JWT_SECRET": "a2VwdA=="}}', {"JWT_SECRET": "kept"}),
    (
        "k8s",
        "empty values",
        "data:\n    JWT_SECRET: a2VwdA==\n    ADMIN_PASSWORD:\nkind: Secret\n",
        {"JWT_SECRET": "kept"},
    ),
    ("k8s", "empty data", "kind: Secret\ndata: {}\n", {}),
]


@pytest.mark.parametrize(
    ("name", "content", "held"), [(row[0], *row[2:]) for row in KEPT], ids=[row[1] for row in KEPT]
)
def test_what_is_there_is_kept(tmp_path: Path, name: str, content: str, held: dict[str, str]) -> None:
    made = generator.complete(TARGET, content.encode(), format_name=name)
    assert set(made.made) == set(KEYS) - held.keys()
    (tmp_path / "f").write_bytes(made.content.replace(b"kind: Secret", b"apiVersion: v1\nkind: Secret"))
    if b'"kind"' in made.content:
        (tmp_path / "f").write_bytes(made.content.replace(b"{", b'{"apiVersion": "v1", ', 1))
    read = READERS[name](tmp_path / "f")
    assert {key: value for key, value in read.items() if key not in made.made} == held
    assert all(len(read[key]) == policy.KEYS[key].length for key in made.made)
    assert generator.complete(TARGET, made.content, format_name=name) == (made.content, ())
    rest = iter(made.content.decode())
    assert all(char in rest for char in content.replace("''", "").replace('""', "")), "only insertions"


REFUSED = [
    ("env", "expansion", b"A=x\nJWT_SECRET=$hunter2\n", "line 2"),
    ("env", "expansion in quotes", b'JWT_SECRET="$hunter2"\n', "line 1"),
    ("env", "a command", b"rm hunter2\n", "line 1"),
    ("env", "a home", b"JWT_SECRET=~hunter2\n", "line 1"),
    ("env", "two words", b"JWT_SECRET=a hunter2\n", "line 1"),
    ("env", "several lines", b"JWT_SECRET='hunter2\nx'\n", "line 1"),
    ("env", "carriage return", b"JWT_SECRET=hunter2\r\n", "line 1"),
    ("env", "twice", b"JWT_SECRET=hunter2\nJWT_SECRET=x\n", "JWT_SECRET twice, again in line 2"),
    ("env", "no UTF-8", b"JWT_SECRET='hunter2\xff'\n", "not UTF-8 in line 1"),
    ("json", "no JSON", b"{JWT_SECRET: hunter2}", "no JSON"),
    ("json", "nothing", b"", "no JSON"),
    ("json", "a list", b'["hunter2"]', "no JSON object"),
    ("json", "a list of pairs", b'[["JWT_SECRET", "hunter2"]]', "no JSON object"),
    ("json", "a number", b'{"JWT_SECRET": 12345678}', "no JSON object of strings"),
    ("json", "nested", b'{"JWT_SECRET": {"hunter2": "x"}}', "no JSON object of strings"),
    ("json", "twice", b'{"JWT_SECRET": "hunter2", "JWT_SECRET": "x"}', "each key once"),
    ("json", "too deep", b'{"a":' * 100_000, "no JSON"),
    ("k8s", "no manifest", b"JWT_SECRET: hunter2\n", "no manifest of one Secret"),
    ("k8s", "another kind", b"kind: ConfigMap\ndata: {JWT_SECRET: hunter2}\n", "no manifest of one Secret"),
    ("k8s", "two documents", b"kind: Secret\n---\nkind: Secret\n", "second YAML document"),
    ("k8s", "a list", b"kind: List\nitems: [{kind: Secret}]\n", "no manifest of one Secret"),
    ("k8s", "stringData", b"kind: Secret\nstringData: {JWT_SECRET: hunter2}\n", "more than base64"),
    ("k8s", "no base64", b"kind: Secret\ndata: {JWT_SECRET: hunter2}\n", "more than base64"),
    ("k8s", "twice", b"kind: Secret\ndata: {A: aGk=, A: aGk=}\n", "each key once"),
    ("k8s", "without data", b"kind: Secret\n", "without `data`"),
    ("k8s", "no YAML", b"kind: 'Secret\n", "not valid YAML"),
]


@pytest.mark.parametrize(
    ("name", "content", "told"), [(row[0], *row[2:]) for row in REFUSED], ids=[f"{row[0]}, {row[1]}" for row in REFUSED]
)
def test_refused(name: str, content: bytes, told: str) -> None:
    with pytest.raises(UserError) as caught:
        generator.complete(TARGET, content, format_name=name)
    assert told in caught.value.message
    assert "it was left as it is" in caught.value.message
    assert "hunter2" not in caught.value.message + str(caught.value.details) + str(caught.value.fix)
    assert caught.value.fix or caught.value.details


NAMES = [
    ("plain", "live", "", "metadata:\n  name: live\ntype"),
    ("namespace", "", "ns", "metadata:\n  name: heimdall-production-secrets\n  namespace: ns\ntype"),
    ("numbers", "1e3", "12", 'metadata:\n  name: "1e3"\n  namespace: "12"\ntype'),
    ("a truth value", "on", "", 'metadata:\n  name: "on"\ntype'),
]


@pytest.mark.parametrize(("name", "namespace", "told"), [row[1:] for row in NAMES], ids=[row[0] for row in NAMES])
def test_names(name: str, namespace: str, told: str) -> None:
    target = Target("f", name, namespace)
    made = generator.complete(target, None, format_name="k8s").content
    assert told in made.decode()
    assert generator.complete(target, made, format_name="k8s").made == ()


USAGE = [
    ("a name for another format", ["--name", "x", "-"], "--format k8s"),
    ("no name for a Secret", ["--format", "k8s", "--name", "A_b", "-"], "--name"),
    ("no name for a namespace", ["--format", "k8s", "--namespace", "a.b", "-"], "--namespace"),
    ("unknown format", ["--format", "ymal", "-"], "ymal"),
]


@pytest.mark.parametrize(("args", "told"), [row[1:] for row in USAGE], ids=[row[0] for row in USAGE])
def test_usage(tmp_path: Path, args: list[str], told: str) -> None:
    done = run(tmp_path, "generate", *args)
    assert (done.returncode, done.stdout) == (2, b"")
    assert told in done.stderr.decode()


def test_another_secret_is_not_completed(tmp_path: Path) -> None:
    run(tmp_path, "generate", "--format", "k8s", "--name", "one", "f")
    content = (tmp_path / "f").read_bytes()
    done = run(tmp_path, "generate", "--format", "k8s", "--name", "two", "f")
    assert (done.returncode, (tmp_path / "f").read_bytes()) == (1, content)
    assert b"another name than --name says" in done.stderr


COMMIT = [
    ("not ignored", "git init -q", {}, 1, "not ignored by git"),
    ("tracked", "git init -q && touch f && git add f && echo /f >.gitignore", {}, 1, "tracked by git"),
    ("ignored", "git init -q && echo /f >.gitignore", {}, 0, "made JWT_SECRET"),
    ("no repository", "true", {}, 0, "made JWT_SECRET"),
    ("through a link out of the repository", "git init -q r && ln -s ../f r/g && mv r/g .", {}, 0, "made"),
    ("allowed", "git init -q", {"HEIMDALL_PR_ALLOW_COMMIT": "1"}, 0, "made JWT_SECRET"),
]


@pytest.mark.needs("git")
@pytest.mark.parametrize(
    ("prepare", "more", "code", "told"), [row[1:] for row in COMMIT], ids=[row[0] for row in COMMIT]
)
@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_git_would_commit_is_not_written(
    tmp_path: Path, name: str, prepare: str, more: dict[str, str], code: int, told: str
) -> None:
    subprocess.run(["bash", "-ec", f"{prepare} && rm -f f"], cwd=tmp_path, check=True)
    done = run(tmp_path, "generate", "--format", name, "f", **more)
    assert (done.returncode, (tmp_path / "f").exists()) == (code, code == 0), done.stderr
    assert told in done.stderr.decode()
    assert run(tmp_path, "generate", "--format", name, "--allow-commit", "f").returncode == 0
    again = run(tmp_path, "generate", "--format", name, "f")
    assert (again.returncode, ("git" in again.stderr.decode())) == (0, code == 1 or bool(more))
