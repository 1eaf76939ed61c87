"""The main job on real Helms: for each approach a refused install, then an accepted one (standard library alone).

    make demo

With KUBECONFIG set it installs into a throwaway namespace of that cluster (HEIMDALL_PR_DEMO_IMAGE=registry/name:tag for
another image than Heimdall's); else it renders. All secrets are made for the run, and none of them is ever printed.
"""

import base64
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from tests import clusters, helms
from tests.clusters import Cluster
from tests.helms import Helm

ROOT = Path(__file__).parents[1]
FILE = "env/heimdall-secrets.yaml"
CHART = "charts/heimdall"
PARENT = "tests/fixtures/demo-parent"
KEYS = ("JWT_SECRET", "API_KEY_SECRET", "DATABASE_PASSWORD", "ADMIN_PASSWORD")
LEFT_OUT = "API_KEY_SECRET"
# Brought in seconds; a Helm that is on PATH already comes first.
BROUGHT = {3: "3.19.0", 4: "4.3.1"}
BOLD, RED, GREEN, DIM = "1", "31", "32", "2"


class Failed(Exception):
    """Something did not go as announced."""


class Screen:
    """Where everything is printed, after a look whether a secret is in it."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self.colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def say(self, text: str = "", style: str = "") -> None:
        """One or more lines."""
        if any(secret in text for secret in self.secrets):
            raise Failed("what was to be printed here holds a secret")
        print(f"\x1b[{style}m{text}\x1b[0m" if style and self.colour else text, flush=True)

    def heading(self, text: str) -> None:
        """What comes now."""
        self.say(f"\n{text}\n{'-' * len(text)}", BOLD)

    def quote(self, text: str) -> None:
        """What a program printed."""
        for line in text.rstrip().splitlines():
            self.say(f"  {line}".rstrip())

    def keep_back(self, values: dict[str, str]) -> None:
        """From now on these are secrets, as they are and in base64."""
        for value in values.values():
            self.secrets |= {value, encoded(value)}


class Demo:
    """One Helm, in a folder of its own that is laid out as the checkout."""

    def __init__(self, screen: Screen, helm: Helm, folder: Path, cluster: Cluster | None) -> None:
        self.screen, self.helm, self.folder, self.cluster = screen, helm, folder, cluster
        self.secrets: dict[str, str] = {}
        self.commands = folder / "bin"
        self.path = f"{self.commands}{os.pathsep}{helms.HELM_PR.parent}{os.pathsep}{os.environ['PATH']}"

    def run(self, *command: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Show a command, then run just that."""
        self.screen.say(f"$ {shlex.join(command)}", BOLD)
        return helms.run(list(command), cwd=self.folder, env={**self.helm.env, "PATH": self.path, **(env or {})})

    def checked(self, *command: str) -> None:
        """A step on the way: it must succeed, and what it says is shown."""
        done = self.run(*command)
        self.screen.quote(done.stdout + done.stderr)
        if done.returncode != 0:
            raise Failed(f"{shlex.join(command)}: exit code {done.returncode}")

    def prepare(self) -> None:
        """What a person would have: the chart, the commands on PATH, and for Helm 4 the plugin."""
        shutil.copytree(ROOT / "charts", self.folder / "charts")
        shutil.copytree(ROOT / PARENT, self.folder / PARENT)
        self.commands.mkdir()
        (self.commands / "helm").symlink_to(self.helm.path)
        if self.helm.major == 4:
            self.checked("heimdall-pr", "plugin", "install", "--plugins-dir", "plugins")

    def files(self) -> None:
        """The fix that the refusal names is what makes the second try succeed."""
        self.screen.heading(f"Helm {self.helm.version}, files: heimdall.secretsFiles, for development")
        self.checked("heimdall-pr", "generate", FILE)
        self.learn()
        self.write(FILE, without=LEFT_OUT)
        self.screen.say(f"# {LEFT_OUT} is taken out of {FILE}", DIM)
        values = ("--set", f"heimdall.secretsFiles={{{FILE}}}")
        self.refused(CHART, *values)
        self.checked("heimdall-pr", "generate", FILE)
        self.learn()
        self.accepted(CHART, *values)

    def inline(self) -> None:
        """As a CI job has it: the values name environment variables."""
        self.screen.heading(f"Helm {self.helm.version}, inline: heimdall.secrets, for CI/CD")
        lines = [f'    {key}: "${{{key}}}"' for key in KEYS]
        (self.folder / "ci-values.yaml").write_text("\n".join(["heimdall:", "  secrets:", *lines, ""]))
        self.screen.say("$ cat ci-values.yaml", BOLD)
        self.screen.quote((self.folder / "ci-values.yaml").read_text())
        self.screen.say(f"# {LEFT_OUT} is not in the environment, the other three are", DIM)
        self.refused(CHART, "--values", "ci-values.yaml", env=self.chosen(without=LEFT_OUT))
        self.screen.say("# all four are in the environment", DIM)
        self.accepted(CHART, "--values", "ci-values.yaml", env=self.chosen())

    def existing(self) -> None:
        """The Secret comes with the same release: only the post-renderer sees it before it is installed."""
        self.screen.heading(f"Helm {self.helm.version}, existing Secret: heimdall.existingSecret, for production")
        self.checked("helm", "dependency", "update", PARENT)
        self.write("production.yaml", without=LEFT_OUT, under="production")
        self.screen.say(f"# production.yaml has what the parent chart's Secret holds: {LEFT_OUT} is not among it", DIM)
        self.refused(PARENT, "--values", "production.yaml")
        self.write("production.yaml", under="production")
        self.screen.say("# production.yaml has all four", DIM)
        self.accepted(PARENT, "--values", "production.yaml")

    def refused(self, chart: str, *arguments: str, env: dict[str, str] | None = None) -> None:
        """Helm must fail, name the key, and leave nothing behind."""
        done = self.helm_command(chart, *arguments, env=env)
        self.screen.quote(done.stderr + done.stdout)
        if done.returncode == 0:
            raise Failed(f"Helm {self.helm.version} accepted what lacks {LEFT_OUT}")
        if LEFT_OUT not in done.stderr:
            raise Failed(f"the refusal does not name {LEFT_OUT}")
        if self.cluster and (found := self.found()):
            raise Failed(f"the refused install left {found}")
        left = ", nothing is left in the namespace" if self.cluster else ""
        self.screen.say(f"-> refused, as it should be: exit code {done.returncode}{left}", RED)

    def accepted(self, chart: str, *arguments: str, env: dict[str, str] | None = None) -> None:
        """Helm must succeed with exactly the four values in the Secret."""
        done = self.helm_command(chart, *arguments, env=env)
        if done.returncode != 0:
            self.screen.quote(done.stderr)
            raise Failed(f"Helm {self.helm.version} refused what is complete")
        if self.cluster:
            self.live()
        else:
            self.rendered(done.stdout)
        self.screen.say("-> accepted: the four values are in the Secret", GREEN)

    def helm_command(
        self, chart: str, *arguments: str, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`helm template`, or with a cluster `helm install`."""
        verb = "install" if self.cluster else "template"
        image = image_values(chart) if self.cluster else ()
        return self.run("helm", verb, "demo", chart, *arguments, *image, "--post-renderer", "heimdall-pr", env=env)

    def rendered(self, text: str) -> None:
        """The objects of a rendered stream; of the Secret the keys and how long each is."""
        held: dict[str, str] = {}
        for document in re.split(r"^---.*$", text, flags=re.MULTILINE):
            kind, name = (re.search(rf"^{field}: (.+)$", document, re.MULTILINE) for field in ("kind", "  name"))
            if kind and name:
                self.screen.say(f"  {kind[1]}/{name[1]}".replace('"', ""))
            if kind and kind[1] == "Secret":
                held = dict(re.findall(r'^ +([A-Z_]+): "?([A-Za-z0-9+/=]+)"?$', document, re.MULTILINE))
                self.lengths(held)
        self.compare(held)

    def live(self) -> None:
        """The Secret as the API server has it, then away with the release."""
        assert self.cluster is not None
        name = self.secret_name()
        self.screen.say(f"$ kubectl get secret {name} --output json  # its keys, and how long each value is", BOLD)
        held = json.loads(self.cluster.kubectl("get", "secret", name, "--output", "json").stdout or "{}").get(
            "data", {}
        )
        self.lengths(held)
        self.compare(held)
        self.checked("helm", "uninstall", "demo")
        volumes = ("pvc,configmap", "--selector", "app.kubernetes.io/instance=demo")
        self.screen.say(f"$ kubectl delete {shlex.join(volumes)}  # an uninstall leaves the volume and its names", BOLD)
        self.screen.quote(clusters.checked(self.cluster.kubectl("delete", *volumes)).stdout)

    def secret_name(self) -> str:
        """What the contract of the release says."""
        assert self.cluster is not None
        chosen = ("configmap", "--selector", "heimdall.mitre.org/secrets-contract=v1", "--output", "json")
        (contract,) = json.loads(clusters.checked(self.cluster.kubectl("get", *chosen)).stdout)["items"]
        return str(contract["data"]["secret"])

    def found(self) -> str:
        """Whatever a release left in the namespace."""
        assert self.cluster is not None
        kinds = "deployments,services,secrets,configmaps"
        found = clusters.checked(self.cluster.kubectl("get", kinds, "--output", "name")).stdout.split()
        return ", ".join(name for name in found if name != "configmap/kube-root-ca.crt")

    def lengths(self, held: dict[str, str]) -> None:
        """The keys of a Secret, without what they hold."""
        for key, value in held.items():
            self.screen.say(f"    {key}  {len(base64.b64decode(value))} characters")

    def compare(self, held: dict[str, str]) -> None:
        """Exactly the four, as they were generated."""
        if held != {key: encoded(value) for key, value in self.secrets.items()}:
            raise Failed("the Secret does not hold exactly the four generated values")

    def learn(self) -> None:
        """Read what `generate` wrote: from here on these values are never printed."""
        text = (self.folder / FILE).read_text()
        self.secrets |= dict(re.findall(r"""^([A-Z_]+): ["']?([^"'\s]+)["']?$""", text, re.MULTILINE))
        if set(self.secrets) != set(KEYS):
            raise Failed(f"{FILE} does not hold the four secrets")
        self.screen.keep_back(self.secrets)

    def chosen(self, without: str = "") -> dict[str, str]:
        """The generated secrets, all or all but one."""
        return {key: value for key, value in self.secrets.items() if key != without}

    def write(self, path: str, without: str = "", under: str = "") -> None:
        """A file of secrets, as flat YAML or as values under a key; JSON's strings are YAML's too."""
        indent = "  " if under else ""
        lines = [f"{indent}{key}: {json.dumps(value)}" for key, value in self.chosen(without).items()]
        (self.folder / path).write_text("\n".join([*([f"{under}:"] if under else []), *lines, ""]))
        (self.folder / path).chmod(0o600)


APPROACHES = (Demo.files, Demo.inline, Demo.existing)


def encoded(value: str) -> str:
    """As a Secret holds it."""
    return base64.b64encode(value.encode()).decode()


def image_values(chart: str) -> tuple[str, ...]:
    """Another image for the pods, where one is wanted."""
    matched = re.fullmatch(r"([^/]+)/(.+):([^:/]+)", os.environ.get("HEIMDALL_PR_DEMO_IMAGE", ""))
    if not matched:
        return ()
    prefix = "heimdall.image" if chart == PARENT else "image"
    names = zip(("registry", "repository", "tag"), matched.groups(), strict=True)
    return ("--set-string", ",".join(f"{prefix}.{name}={value}" for name, value in names))


def find_helm(major: int) -> tuple[Path, str]:
    """One that is there already, else one that is brought."""
    found = helms.on_path(major)
    return found or (helms.fetch(BROUGHT[major]), BROUGHT[major])


def show(screen: Screen, major: int) -> None:
    """Everything, with one Helm."""
    path, version = find_helm(major)
    with tempfile.TemporaryDirectory(prefix="heimdall-pr-demo-") as name:
        folder = Path(name)
        with namespace(folder) as cluster:
            demo = Demo(screen, Helm(path, version, folder, cluster.kubeconfig if cluster else None), folder, cluster)
            screen.heading(f"Helm {version}: {path}")
            screen.say(
                f"# in {f'namespace {cluster.namespace}' if cluster else 'no cluster: KUBECONFIG is not set'}", DIM
            )
            demo.prepare()
            for approach in APPROACHES:
                approach(demo)


def namespace(folder: Path) -> AbstractContextManager[Cluster | None]:
    """A throwaway namespace, where there is a cluster."""
    return clusters.namespace(folder, "heimdall-pr-demo") if os.environ.get("KUBECONFIG") else nullcontext()


def main() -> int:
    """Exit code 1 where anything did not go as announced."""
    screen = Screen()
    try:
        for major in BROUGHT:
            show(screen, major)
    except (Failed, helms.Unavailable, clusters.Unusable) as error:
        screen.say(f"demo: FAILED: {error}", RED)
        return 1
    except KeyboardInterrupt:
        return 130
    screen.say(
        "\ndemo: everything went as announced: 2 Helms, 3 approaches, each refused once and accepted once", GREEN
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
