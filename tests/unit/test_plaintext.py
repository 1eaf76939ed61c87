"""Secrets in clear in files that are to be committed: found in each spelling, and nothing else taken for one."""

import base64
import os
from pathlib import Path

import pytest

from post_renderer.secrets import plaintext
from tests.unit.test_edge import run

CANARY = "hunter2-canary"
FOUND = [
    ("YAML", "a: b\nJWT_SECRET: hunter2-canary\n", [2]),
    ("in quotes", "JWT_SECRET: \"hunter2-canary\"\nADMIN_PASSWORD: 'hunter2-canary'\n", [1, 2]),
    ("values", "heimdall:\n  secrets:\n    API_KEY_SECRET: hunter2-canary # c\n", [3]),
    ("JSON", '{"JWT_SECRET": "hunter2-canary", "ADMIN_PASSWORD":"hunter2-canary"}', [1, 1]),
    ("dotenv", "export JWT_SECRET=hunter2-canary\nADMIN_PASSWORD='hunter2-canary'\n", [1, 2]),
    ("a manifest", "kind: Secret\ndata:\n  JWT_SECRET: aHVudGVyMi1jYW5hcnk=\n", [3]),
    ("a pod", "env:\n  - name: JWT_SECRET\n    value: hunter2-canary\n", [2]),
    ("a pod in one line", "env: [{name: x}]\n- {name: JWT_SECRET, value: hunter2-canary}\n", [2]),
    ("a block", "JWT_SECRET: |\n  hunter2-canary\n", [1]),
    ("a command", "helm install h c --set heimdall.secrets.JWT_SECRET=hunter2-canary\n", [1]),
    ("in a comment", "# JWT_SECRET: hunter2-canary\n", [1]),
    ("of an older chart", "jwtSecret: hunter2-canary\n", [1]),
    ("another secret", "LDAP_PASSWORD: hunter2-canary\n", [1]),
    ("quoted, as an alias begins", 'JWT_SECRET: "*hunter2-canary"\nADMIN_PASSWORD: "$hunter2-canary"\n', [1, 2]),
    ("capitals alone", "JWT_SECRET: HUNTER2CANARY99\n", [1]),
    ("on the next line", "JWT_SECRET:\n  hunter2-canary\n", [1]),
    ("a block after an empty line", "JWT_SECRET: |\n\n  hunter2-canary\n", [1]),
    ("carriage returns", "a: b\r\nJWT_SECRET: hunter2-canary\r\n", [2]),
    ("Dockerfile, old", "FROM x\nENV JWT_SECRET hunter2-canary\n", [2]),
    ("Dockerfile", "ENV A=b JWT_SECRET=hunter2-canary\nARG ADMIN_PASSWORD=hunter2-canary\n", [1, 2]),
    ("Compose, a list", "environment:\n  - JWT_SECRET=hunter2-canary\n", [2]),
    ("Compose", "environment:\n  JWT_SECRET: hunter2-canary\n", [2]),
    ("Python, an item", 'os.environ["JWT_SECRET"] = "hunter2-canary"\n', [1]),
    ("Python, a call", "os.environ.setdefault('JWT_SECRET', 'hunter2-canary')\n", [1]),
    ("Python, a default", 'x = os.getenv("JWT_SECRET", "hunter2-canary")\n', [1]),
    ("Go", 't.Setenv("JWT_SECRET", "hunter2-canary")\n', [1]),
    ("JavaScript", "process.env.JWT_SECRET = 'hunter2-canary';\n", [1]),
    ("Ruby", 'ENV["JWT_SECRET"] = "hunter2-canary"\n{ "ADMIN_PASSWORD" => "hunter2-canary" }\n', [1, 2]),
    ("Make", "JWT_SECRET := hunter2-canary\nADMIN_PASSWORD ?= hunter2-canary\n", [1, 2]),
    ("fish", "set -x JWT_SECRET hunter2-canary\nset --export --global ADMIN_PASSWORD hunter2-canary\n", [1, 2]),
    ("fish, in one word", "set -gx JWT_SECRET 'hunter2-canary'\n", [1]),
    ("csh", "setenv JWT_SECRET hunter2-canary\n", [1]),
    ("PowerShell", "$env:JWT_SECRET = 'hunter2-canary'\n", [1]),
    ("PowerShell, an item", "Set-Item -Path Env:JWT_SECRET -Value 'hunter2-canary'\n", [1]),
    ("PowerShell, .NET", '[Environment]::SetEnvironmentVariable("JWT_SECRET", "hunter2-canary")\n', [1]),
    ("cmd", "set JWT_SECRET=hunter2-canary\r\nset \"ADMIN_PASSWORD=hunter2-canary\"\r\n", [1, 2]),
    ("cmd, for ever", "setx JWT_SECRET hunter2-canary\n", [1]),
    ("Apache", "SetEnv JWT_SECRET hunter2-canary\n", [1]),
    ("systemd", 'Environment="JWT_SECRET=hunter2-canary"\n', [1]),
    ("kubectl", "kubectl create secret generic s --from-literal=JWT_SECRET=hunter2-canary\n", [1]),
    ("gh", "gh secret set JWT_SECRET --body hunter2-canary\n", [1]),
    ("Terraform, a block",
     'set_sensitive {\n  name  = "heimdall.secrets.JWT_SECRET"\n  value = "hunter2-canary"\n}\n', [2]),
    ("Terraform, a list", 'set = [{ name = "heimdall.secrets.JWT_SECRET", value = "hunter2-canary" }]\n', [1]),
    ("Terraform, lines of a list",
     'set = [\n  {\n    value = "hunter2-canary"\n    name  = "heimdall.secrets.JWT_SECRET"\n  }\n]\n', [4]),
    ("Terraform, with a type",
     'set {\n  name  = "heimdall.secrets.JWT_SECRET"\n  type  = "string"\n  value = "hunter2-canary"\n}\n', [2]),
    ("Terraform, a variable",
     'variable "JWT_SECRET" {\n  type    = string\n  default = "hunter2-canary"\n}\n', [1]),
    ("Terraform, values", 'values = [yamlencode({ heimdall = { secrets = { JWT_SECRET = "hunter2-canary" } } })]\n',
     [1]),
    ("Ansible", "values:\n  heimdall:\n    secrets:\n      JWT_SECRET: hunter2-canary\n", [4]),
    ("Ansible, set_values", "set_values:\n  - value: heimdall.secrets.JWT_SECRET=hunter2-canary\n", [2]),
    ("Helmfile", "set:\n- name: heimdall.secrets.JWT_SECRET\n  value: hunter2-canary\n", [2]),
    ("Argo CD, parameters",
     "parameters:\n- name: heimdall.secrets.JWT_SECRET\n  forceString: true\n  value: hunter2-canary\n", [2]),
    ("Argo CD, the value first", "parameters:\n- value: hunter2-canary\n  name: heimdall.secrets.JWT_SECRET\n", [3]),
    ("Argo CD, a block of values", "values: |\n  heimdall:\n    secrets: {JWT_SECRET: hunter2-canary}\n", [3]),
    ("Argo CD's own command", "argocd app set x -p heimdall.secrets.JWT_SECRET=hunter2-canary\n", [1]),
    ("Flux", "spec:\n  values:\n    heimdall:\n      secrets:\n        JWT_SECRET: hunter2-canary\n", [5]),
    ("Skaffold", "setValues:\n  heimdall.secrets.JWT_SECRET: hunter2-canary\n", [2]),
    ("Kustomize", "secretGenerator:\n- name: x\n  literals:\n  - JWT_SECRET=hunter2-canary\n", [4]),
    ("GitHub Actions", "env:\n  JWT_SECRET: hunter2-canary\n", [2]),
    ("GitHub Actions, a step", 'run: echo "JWT_SECRET=hunter2-canary" >> "$GITHUB_ENV"\n', [1]),
    ("GitLab", 'variables:\n  JWT_SECRET:\n    description: x\n    value: "hunter2-canary"\n', [2]),
    ("GitLab, in one line", 'variables: {JWT_SECRET: {value: "hunter2-canary"}}\n', [1]),
    ("CloudFormation", "Environment:\n  - Name: JWT_SECRET\n    Value: hunter2-canary\n", [2]),
    ("a task of ECS", '{\n  "name": "JWT_SECRET",\n  "value": "hunter2-canary"\n}\n', [2]),
    ("in a comment, with words after it", "# export JWT_SECRET=hunter2-canary in your shell\n", [1]),
    ("in a comment of a program", "// JWT_SECRET: hunter2-canary\n", [1]),
    ("in clear among what is sealed", "spec:\n  encryptedData:\n    JWT_SECRET: hunter2-canary\n", [3]),
    ("words, but no comment", "JWT_SECRET: correct horse battery hunter2-canary\n", [1]),
    ("another line is allowed", "JWT_SECRET: hunter2-canary\nADMIN_PASSWORD: hunter2-ok # gitleaks:allow\n", [1]),
]  # fmt: skip  # a row a line
SEALED = base64.b64encode((512).to_bytes(2, "big") + bytes(range(256)) * 2 + b"hunter2-canary--16").decode()
LEFT_ALONE = [
    ("empty", "JWT_SECRET:\nADMIN_PASSWORD: ''\n"),
    ("from the environment", "JWT_SECRET: ${JWT_SECRET}\nADMIN_PASSWORD: $ADMIN_PASSWORD\n"),
    ("a command's", 'export JWT_SECRET="$(openssl rand -hex 64)"\n'),
    ("GitHub's", "JWT_SECRET: ${{ secrets.JWT_SECRET }}\n"),
    ("a template's", "JWT_SECRET: {{ .Values.jwt | quote }}\n"),
    ("SOPS", "JWT_SECRET: ENC[AES256_GCM,data:hunter2,iv:x,tag:x,type:str]\n"),
    ("placeholders", "JWT_SECRET: CHANGE_ME_PLEASE\nADMIN_PASSWORD: <install with the tool>\n"),
    ("another Secret's key", "DATABASE_PASSWORD: {secret: pg-app, key: password}\n"),
    ("a reference", "- name: JWT_SECRET\n  valueFrom: {secretKeyRef: {name: heimdall-secrets, key: JWT_SECRET}}\n"),
    ("a name", "jwtSecret: JWT_SECRET\n"),
    ("an alias", "JWT_SECRET: *the-other-one\n"),
    ("lengths", "lengths: JWT_SECRET=128,API_KEY_SECRET=66\n"),
    ("a schema", '"JWT_SECRET": {"type": "string", "description": "the key of the tokens"}\n'),
    ("a list of keys", "required: JWT_SECRET,API_KEY_SECRET\n"),
    ("part of another name", "MY_JWT_SECRET: hunter2-canary\nJWT_SECRET_FILE: /run/secrets/jwt\n"),
    ("short", "JWT_SECRET: x\n"),
    ("nothing, and then others", "JWT_SECRET:\nother: hunter2-canary\n"),
    ("nothing, and then a list", "JWT_SECRET:\n- hunter2-canary\n"),
    ("sealed", f"spec:\n  encryptedData:\n    JWT_SECRET: {SEALED}\n    ADMIN_PASSWORD: {SEALED}\n"),
    ("sealed, in JSON", f'{{"encryptedData": {{"JWT_SECRET": "{SEALED}"}}}}\n'),
    ("Ansible Vault", "JWT_SECRET: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132333435\n"),
    ("vals", "JWT_SECRET: ref+vault://secret/heimdall#/JWT_SECRET\n"),
    ("1Password", "JWT_SECRET=op://vault/heimdall/JWT_SECRET\n"),
    ("AWS", "JWT_SECRET: '{{resolve:secretsmanager:heimdall}}'\nADMIN_PASSWORD: arn:aws:secretsmanager:x:1:secret:y\n"),
    ("Azure", "JWT_SECRET: '@Microsoft.KeyVault(SecretUri=https://x)'\n"),
    ("a pipeline of Azure", "JWT_SECRET: $(JWT_SECRET)\n"),
    ("prose in a comment", "# adminPassword: default autogenerated (CHECK THE LOGS TO FIND IT)\n"),
    ("what goes there, in a comment", "# apiKeySecret: different-long-random-string-of-text\n"),
    ("prose with a number", "# JWT_SECRET: 128 characters\n#  API_KEY_SECRET: 66-character string for API keys\n"),
    ("Terraform's references", "JWT_SECRET = var.jwt_secret\nADMIN_PASSWORD = random_password.admin.result\n"),
    ("Terraform's references in items",
     'set_sensitive {\n  name  = "heimdall.secrets.JWT_SECRET"\n  value = random_password.jwt.result\n}\n'),
    ("an interpolation", 'set {\n  name  = "heimdall.secrets.JWT_SECRET"\n  value = "${var.jwt_secret}"\n}\n'),
    ("a variable without a default", 'variable "JWT_SECRET" {\n  type = string\n}\n'),
    ("a call", 'JWT_SECRET = os.environ["JWT_SECRET"]\nADMIN_PASSWORD = secrets.token_hex(64)\n'),
    ("a call that reads it", 'x = os.getenv("JWT_SECRET")\ny = os.environ.get("ADMIN_PASSWORD", None)\n'),
    ("names in a call", 'check("JWT_SECRET", "API_KEY_SECRET")\n'),
    ("a value of another item", "- name: JWT_SECRET\n- name: other\n  value: hunter2-canary\n"),
    ("a value of the item before", "- name: other\n  value: hunter2-canary\n- name: JWT_SECRET\n"),
    ("a value of another block",
     'set {\n  name = "JWT_SECRET"\n}\nset {\n  name = "x"\n  value = "hunter2-canary"\n}\n'),
    ("another name with a value", "- name: MY_JWT_SECRET\n  value: hunter2-canary\n"),
    ("Dockerfile, from an argument", "ARG JWT_SECRET\nENV JWT_SECRET=${JWT_SECRET}\nENV ADMIN_PASSWORD $ADMIN_PW\n"),
    ("fish, erased", "set -e JWT_SECRET\n"),
    ("gh, from standard input", "gh secret set JWT_SECRET --env production\n"),
    ("an empty variable, and then another", "JWT_SECRET=\nhunter2-canary=x\n"),
    ("a test of a chart", "- equal:\n    path: stringData.JWT_SECRET\n    value: hunter2-canary\n"),
    ("a documented default", '- name: ADMIN_PASSWORD\n  type: secret\n  default: "auto-generated"\n'),
    ("a shell's message", "echo ${JWT_SECRET:?is the one that signs tokens}\n"),
    ("allowed, as detect-secrets has it", "JWT_SECRET: hunter2-canary # pragma: allowlist secret\n"),
    ("allowed, as gitleaks has it", "ENV JWT_SECRET hunter2-canary # gitleaks:allow\n"),
    ("allowed where the value is", "- name: JWT_SECRET\n  value: hunter2-canary # gitleaks:allow\n"),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("content", "lines"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_found(content: str, lines: list[int]) -> None:
    found = list(plaintext.findings("f.yaml", content))
    assert [finding.where.line for finding in found] == lines
    assert CANARY not in repr(found)
    assert "aHVudG" not in repr(found)


@pytest.mark.parametrize("content", [row[1] for row in LEFT_ALONE], ids=[row[0] for row in LEFT_ALONE])
def test_left_alone(content: str) -> None:
    assert list(plaintext.findings("f.yaml", content)) == []


PROGRAMS = [
    ("a value", 'S = {"JWT_SECRET": "hunter2-canary"}\n', 1),
    ("an example in prose", "# Fails: `JWT_SECRET: hunter2-canary`\n", 0),
    ("an example with quotes", '    Fails: `JWT_SECRET: "hunter2-canary"`\n', 0),
    ("a text for people", 'T = {"JWT_SECRET": "every session of hunter2-canary ends"}\n', 0),
    ("an expression", 'T = {"JWT_SECRET": SECRETS["JWT_SECRET"] + "hunter2-canary"}\n', 0),
]


@pytest.mark.parametrize(("content", "number"), [row[1:] for row in PROGRAMS], ids=[row[0] for row in PROGRAMS])
def test_in_a_program_a_value_has_quotes(content: str, number: int) -> None:
    assert len(list(plaintext.findings("f.py", content))) == number


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("JWT_SECRET: hunter2-canary\n")
    (tmp_path / "b.yaml").write_text("JWT_SECRET: ''\n")
    (tmp_path / "link.yaml").symlink_to("a.yaml")
    (tmp_path / "binary").write_bytes(b"\xff\0JWT")
    assert run(tmp_path, "pre-commit", "b.yaml", "link.yaml", "binary").returncode == 0
    done = run(tmp_path, "pre-commit", "b.yaml", "a.yaml", "a.yaml")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"2 secrets would be committed in plaintext" in done.stderr
    assert b"a.yaml:1" in done.stderr
    assert b"hunter2" not in done.stderr
    assert run(tmp_path, "pre-commit", "none.yaml").returncode == 1
    assert run(tmp_path, "pre-commit").returncode == 2


IN_CLEAR = f"# ü\nJWT_SECRET: {CANARY}\n"
CONTENTS: list[tuple[str, bytes, str]] = [
    ("beyond the size of any Secret", b"# x\n" * 300_000 + IN_CLEAR.encode(), "300002"),
    ("UTF-16 with its mark", IN_CLEAR.encode("utf-16"), "2"),
    ("UTF-16 of the other end", b"\xfe\xff" + IN_CLEAR.encode("utf-16-be"), "2"),
    ("UTF-16 without a mark", IN_CLEAR.encode("utf-16-le"), "2"),
    ("UTF-32", IN_CLEAR.encode("utf-32"), "2"),
    ("Latin-1", IN_CLEAR.encode("latin-1"), "2"),
    ("after a NUL byte", b"a: \0\n" + IN_CLEAR.encode(), "3"),
]


@pytest.mark.parametrize(("content", "line"), [row[1:] for row in CONTENTS], ids=[row[0] for row in CONTENTS])
def test_whatever_the_file_is_written_in(tmp_path: Path, content: bytes, line: str) -> None:
    (tmp_path / "f.yaml").write_bytes(content)
    done = run(tmp_path, "pre-commit", "f.yaml")
    assert (done.returncode, f"f.yaml:{line}\n".encode() in done.stderr) == (1, True), done.stderr
    (tmp_path / "f.yaml").write_bytes(content.replace(b"J", b"X"))
    assert run(tmp_path, "pre-commit", "f.yaml").returncode == 0


def test_what_is_not_looked_through_is_refused(tmp_path: Path) -> None:
    """What is no regular file is not waited for, and no file is passed because it is large."""
    os.mkfifo(tmp_path / "fifo")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(65 << 20)
    for path, told in (("fifo", "is no regular file"), ("large", "is larger than 64 MiB"), (".", "Is a directory")):
        done = run(tmp_path, "pre-commit", path)
        assert (done.returncode, told in done.stderr.decode()) == (1, True), done.stderr


@pytest.mark.parametrize("name", ["yaml", "env", "json", "k8s"])
def test_every_generated_file_is_refused(tmp_path: Path, name: str) -> None:
    run(tmp_path, "generate", "--format", name, "f")
    done = run(tmp_path, "pre-commit", "f")
    assert (done.returncode, done.stderr.count(b"secret-in-clear")) == (1, 4)


@pytest.mark.parametrize("content", ["JWT_SECRET: a" + 60_000 * " " + "b", 20_000 * "JWT_SECRET="])
def test_long_lines_end(content: str) -> None:
    """In time that grows with their length: a repository's files are looked at before anybody has read them."""
    list(plaintext.findings("f.yaml", content))
