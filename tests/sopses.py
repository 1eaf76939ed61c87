"""The pinned programs that go builds: verified, cached; sops is driven in a clean environment."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.helms import Bringing, Unavailable, run


class Pin(NamedTuple):
    """A program: its module, the package in it, its version, the module's checksum."""

    module: str
    package: str
    version: str
    module_sum: str


PINS = {
    "sops": Pin("github.com/getsops/sops/v3", "cmd/sops", "3.13.3", "h1:saYczbT88kD1saNChe1cAbFQe5mrRhTIfEw3TaEcmK0="),
    "age-keygen": Pin("filippo.io/age", "cmd/age-keygen", "1.3.2", "h1:r6RSZLFSMm6rzKepZ7ZAYkKCu14f3/Me8c7uKYh7C8c="),
    "actionlint": Pin(
        "github.com/rhysd/actionlint", "cmd/actionlint", "1.7.12", "h1:vQ4GeJN86C0QH+gTUQcs8McmK62OLT3kmakPMtEWYnY="
    ),
    "crane": Pin(
        "github.com/google/go-containerregistry",
        "cmd/crane",
        "0.21.3",
        "h1:Xr+yt3VvwOOn/5nJzd7UoOhwPGiPkYW0zWDLLUXqAi4=",
    ),
}


class Sops:
    """A real sops with a fresh age key; of the caller's environment it sees PATH alone."""

    def __init__(self, path: Path, keygen: Path, home: Path) -> None:
        self.path, self.home, self.key = path, home, home / "key.txt"
        self.keygen = keygen
        home.mkdir()
        self.recipient = self.new_key(self.key)

    def new_key(self, path: Path) -> str:
        """Makes a key; returns what to encrypt to."""
        subprocess.run([self.keygen, "-o", path], check=True, capture_output=True)
        return subprocess.run([self.keygen, "-y", path], check=True, capture_output=True, text=True).stdout.strip()

    @property
    def env(self) -> dict[str, str]:
        """With this sops first on PATH, and the key."""
        folder = self.home / "bin"
        folder.mkdir(exist_ok=True)
        if not (folder / "sops").exists():
            (folder / "sops").symlink_to(self.path)
        path = os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)])
        return {"PATH": path, "HOME": str(self.home), "SOPS_AGE_KEY_FILE": str(self.key), "LANG": "C.UTF-8"}

    def run(self, *args: str, text: str = "", env: Mapping[str, str] | None = None) -> str:
        """Runs it; returns what it prints."""
        done = run([str(self.path), *args], env={**self.env, **(env or {})}, input=text)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def encrypt(self, text: str, rule: Mapping[str, object] | None = None, kind: str = "yaml") -> str:
        """A text, encrypted to the key; a creation rule says other."""
        config = self.home / "config.yaml"
        config.write_text(json.dumps({"creation_rules": [{"age": self.recipient, **(rule or {})}]}))
        command = ("encrypt", "--filename-override", str(self.home / f"secrets.{kind}"))
        return self.run(*command, text=text, env={"SOPS_CONFIG": str(config)})


def fetch(home: Path) -> Sops:
    """The pinned sops; where it can't be built, the one on PATH. Raises Unavailable."""
    return Sops(_cached("sops"), _cached("age-keygen"), home)


def program(name: str) -> Path:
    """Where a pinned program is; built first if it is not there yet. Raises Unavailable."""
    return _cached(name)


def _cached(program: str) -> Path:
    pin = PINS[program]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "heimdall-pr"
    path = cache / f"{program}-{pin.version}" / program
    if path.exists() and _is(pin, path):
        return path
    if not shutil.which("go"):
        if found := shutil.which(program):
            return Path(found)
        raise Unavailable(f"{program} is built by `go install`, and there is neither go nor {program} on PATH")
    Bringing.ask(f"{program} {pin.version}")
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the folder it ends in: the rename is then atomic, and two that build the same binary don't meet.
    with tempfile.TemporaryDirectory(prefix=".new-", dir=path.parent) as folder:
        new = _built(pin, program, Path(folder))
        new.replace(path)
    return path


def _built(pin: Pin, program: str, folder: Path) -> Path:
    command = ["go", "install", "-trimpath", f"{pin.module}/{pin.package}@v{pin.version}"]
    env = {**os.environ, "GOBIN": str(folder), "CGO_ENABLED": "0"}
    built = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if built.returncode != 0:
        raise Unavailable(f"{program} {pin.version}: `go install {command[-1]}` failed (no network?)")
    if not _is(pin, folder / program):
        raise Unavailable(f"{program} {pin.version}: what go built is not the module that is pinned")
    return folder / program


def _is(pin: Pin, binary: Path) -> bool:
    """Whether the binary names the module's checksum; without go nobody can tell, and it was verified when it came."""
    if not shutil.which("go"):
        return True
    told = subprocess.run(["go", "version", "-m", binary], capture_output=True, text=True, check=False).stdout
    return f"mod\t{pin.module}\tv{pin.version}\t{pin.module_sum}" in told
