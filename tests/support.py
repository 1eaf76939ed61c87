"""What the tests that drive the tool through Helm share: secrets of their own, looked for after every command."""

import base64
import hashlib
import json
import os
import re
import secrets
import shutil
import string
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests import in_process
from tests.clusters import Cluster
from tests.helms import HELM_PR, Helm, run

ROOT = Path(__file__).parents[1]
CHART = ROOT / "charts" / "heimdall"
LIBRARY = CHART / "charts" / "secrets-contract" / "templates"
FIXTURES = ROOT / "tests" / "fixtures"
KEYS = ("JWT_SECRET", "API_KEY_SECRET", "DATABASE_PASSWORD", "ADMIN_PASSWORD")
RECIPES = {
    "JWT_SECRET": "openssl rand -hex 64",
    "API_KEY_SECRET": "openssl rand -hex 33",
    "DATABASE_PASSWORD": "openssl rand -hex 33",
    "ADMIN_PASSWORD": 'echo "Admin_$(openssl rand -hex 8)"',
}
FILE = "env/heimdall-secrets.yaml"
FROM_ENVIRONMENT = {key: f"${{{key}}}" for key in KEYS}
REDACT = {"HEIMDALL_PR_REDACT": "true"}
PLUGIN = """apiVersion: v1
type: postrenderer/v1
name: {name}
version: 0.1.0
runtime: subprocess
runtimeConfig:
  platformCommand:
    - command: ${{HELM_PLUGIN_DIR}}/run
"""
WINDOW = 10  # characters: that much of a secret, anywhere, is a leak

Values = dict[str, Any]
Done = subprocess.CompletedProcess[str]


def fresh() -> dict[str, str]:
    """Good values for the four keys, never used before."""
    admin = "-".join(
        secrets.choice(string.ascii_uppercase) + secrets.choice(string.ascii_lowercase) + secrets.choice(string.digits)
        for _ in range(6)
    )
    return {
        "JWT_SECRET": secrets.token_hex(64),
        "API_KEY_SECRET": secrets.token_hex(33),
        "DATABASE_PASSWORD": secrets.token_hex(33),
        "ADMIN_PASSWORD": admin,
    }


def encoded(value: str) -> str:
    """As a Secret holds it."""
    return base64.b64encode(value.encode()).decode()


def merged(values: Mapping[str, str], **changes: str | None) -> dict[str, str]:
    """Values with changes; None leaves a key out."""
    return {key: value for key, value in {**values, **changes}.items() if value is not None}


def leaks(text: str, values: Iterable[str]) -> list[str]:
    """What of these values a text tells: a part of one, of its base64 wherever it began, or its digest."""
    return [told for value in values for told in _tellings(value) if told in text]


def _tellings(value: str) -> set[str]:
    """Everything by which a value could be told."""
    raw = value.encode()
    digests = {hashlib.new(name, raw).hexdigest() for name in ("md5", "sha1", "sha256")}
    return digests | {part for text in (value, *_base64s(raw)) for part in _parts(text)}


def _parts(text: str) -> set[str]:
    return {text[at : at + WINDOW] for at in range(max(1, len(text) - WINDOW + 1))}


def _base64s(raw: bytes) -> list[str]:
    """What its base64 looks like within a longer text, for each of the three places it can start at."""
    return [
        base64.b64encode(bytes(start) + raw).decode()[-(-start * 8 // 6) : (start + len(raw)) * 8 // 6]
        for start in range(3)
    ]


def without_secrets(stream: str) -> str:
    """Helm's output without the documents where secrets belong: those of kind Secret."""
    documents = re.split(r"^---.*$", stream, flags=re.MULTILINE)
    return "\n---\n".join(text for text in documents if not re.search(r"^kind: Secret$", text, re.MULTILINE))


class Desk:
    """A user's folder with secrets that nobody knew before, and one Helm.

    Each command is looked through for them: what it printed on both channels (save the Secrets of an accepted render),
    and the report that was kept.
    """

    def __init__(self, helm: Helm, folder: Path, cluster: Cluster | None = None) -> None:
        self.helm, self.folder, self.cluster = helm, folder, cluster
        self.secrets = fresh()
        self.canaries = set(self.secrets.values())
        self.folder.mkdir(exist_ok=True)

    def keep_back(self, values: Mapping[str, str]) -> dict[str, str]:
        """From now on these are secrets too, where they are long enough to be told from other text."""
        self.canaries |= {value for value in values.values() if len(value) >= 8}
        return dict(values)

    def renew(self, *keys: str) -> dict[str, str]:
        """The secrets with new values for some keys, and for all where none is named."""
        new = fresh()
        self.secrets = self.keep_back({**self.secrets, **{key: new[key] for key in keys or KEYS}})
        return self.secrets

    def file(self, values: Mapping[str, str] | None = None, path: str = FILE, mode: int = 0o600) -> Values:
        """Writes a secrets file; returns the values that name it."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        lines = (f"{key}: {json.dumps(value)}\n" for key, value in (self.secrets if values is None else values).items())
        target.write_text("".join(lines))
        target.chmod(mode)
        return files(path)

    def run(
        self,
        verb: str,
        values: Values,
        *args: str,
        env: Mapping[str, str] | None = None,
        chart: Path = CHART,
        renderer: list[str] | None = None,
        redact: bool = False,
    ) -> Done:
        """`helm VERB r CHART` with these values and the tool, or what `renderer` has in its place."""
        words = [verb, "r", str(chart), "--values", "-", *args, *self.renderer(renderer)]
        whole = {**(env or {}), **(REDACT if redact else {})}
        done = self.helm.run(*words, cwd=self.folder, env=whole, input=json.dumps(values))
        return self.look_through(done, holds_secrets=verb == "template" and done.returncode == 0 and not redact)

    def renderer(self, instead: list[str] | None) -> list[str]:
        """The arguments for the tool, or those instead."""
        return self.helm.post_renderer if instead is None else instead

    def template(
        self,
        values: Values,
        *args: str,
        env: Mapping[str, str] | None = None,
        chart: Path = CHART,
        renderer: list[str] | None = None,
        redact: bool = False,
    ) -> Done:
        """`helm template`, as `run`."""
        return self.run("template", values, *args, env=env, chart=chart, renderer=renderer, redact=redact)

    def command(self, *args: str, env: Mapping[str, str] | None = None, input: str = "") -> Done:  # noqa: A002 (as subprocess.run has it)
        """`heimdall-pr` itself, in this folder and Helm's environment; a process only if Python reads a variable."""
        whole = {**self.helm.env, **(env or {})}
        if in_process.is_for_python(whole):
            return self.look_through(run([str(HELM_PR), *args], cwd=self.folder, env=whole, input=input))
        return self.look_through(in_process.text(args, cwd=self.folder, env=whole, stdin=input))

    def look_through(self, done: Done, holds_secrets: bool = False) -> Done:
        """The command, where it told no secret."""
        out = without_secrets(done.stdout) if holds_secrets else done.stdout
        for name, text in {"stdout": out, "stderr": done.stderr, "report": self.report()}.items():
            assert not (found := leaks(text, self.canaries)), f"{name} tells {len(found)} parts of a secret:\n{text}"
        return done

    def report(self) -> str:
        """The report that was kept last, without the line that has its time, or nothing."""
        path = self.helm.home / "state" / "heimdall-pr" / "report.txt"
        return path.read_text().partition("\n")[2] if path.exists() else ""


def files(*paths: str) -> Values:
    """Values of the approach "files"."""
    return {"heimdall": {"secretsFiles": list(paths or (FILE,))}}


def inline(values: Mapping[str, str]) -> Values:
    """Values of the approach "inline"."""
    return {"heimdall": {"secrets": dict(values)}}


def existing(name: str, **more: object) -> Values:
    """Values of the approach "existing"."""
    return {"heimdall": {"existingSecret": name, **more}}


def shipped(values: Mapping[str, str], **heimdall: object) -> Values:
    """Values of the demo's parent chart, which brings the existing Secret with it."""
    return {"production": dict(values), **({"heimdall": heimdall} if heimdall else {})}


def parent(folder: Path, fixture: str = "demo-parent") -> Path:
    """A copy of a fixture chart with our chart in its charts folder."""
    target = folder / fixture
    shutil.copytree(FIXTURES / fixture, target)
    shutil.copytree(CHART, target / "charts" / "heimdall")
    return target


def plugin(helm: Helm, name: str, script: str) -> list[str]:
    """A post-renderer of a test's own, as an executable or a plugin; returns the arguments that use it."""
    folder = helm.plugins / name
    folder.mkdir(parents=True)
    (folder / "run").write_text(script)
    (folder / "run").chmod(0o755)
    if helm.major == 3:
        return ["--post-renderer", str(folder / "run")]
    (folder / "plugin.yaml").write_text(PLUGIN.format(name=name))
    return ["--post-renderer", name]


def accepted(done: Done) -> Done:
    """It went well."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def refused(done: Done, *told: str) -> Done:
    """Helm failed, and these are in what it printed on standard error; standard output has nothing."""
    assert done.returncode != 0, done.stdout
    assert [text for text in told if text not in done.stderr] == [], done.stderr
    assert done.stdout == ""
    return done


def documents(done: Done) -> list[Values]:
    """The objects of an accepted render."""
    return [document for document in yaml.safe_load_all(accepted(done).stdout) if document]


def named(found: list[Values], kind: str, name: str) -> Values:
    """The only object of that kind and name."""
    (one,) = (each for each in found if each["kind"] == kind and each["metadata"]["name"] == name)
    return one


def held(found: list[Values], name: str = "r-heimdall-secrets") -> dict[str, str]:
    """What the Secret of that name holds, decoded."""
    data = named(found, "Secret", name)["data"]
    return {key: base64.b64decode(value, validate=True).decode() for key, value in data.items()}


def checksum(found: list[Values], name: str = "r-heimdall") -> str:
    """The digest that the pods of that Deployment carry."""
    template = named(found, "Deployment", name)["spec"]["template"]
    return str(template["metadata"]["annotations"]["checksum/secrets"])


def digest(values: Mapping[str, str]) -> str:
    """The digest that belongs to these values."""
    lines = "".join(f"{key}={encoded(values[key])}\n" for key in sorted(values))
    return hashlib.sha256(lines.encode()).hexdigest()


NO_TOOL: list[str] = []
# As root, permissions mean nothing: this takes away the right to pass them by.
UNPRIVILEGED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
