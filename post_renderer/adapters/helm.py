"""Runs the user's own helm: renders a chart, pulls one, shows its values."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from post_renderer.adapters import child, pipes, processes, sets
from post_renderer.masking import mask
from post_renderer.model.errors import UsageError, UserError
from post_renderer.model.record import NamedTuple
from post_renderer.report.text import plain

OLDEST = (3, 10)  # the first that has --set-json
INSTALL = "install Helm 3 or 4 (https://helm.sh/docs/intro/install/), or set HELM_BIN to its path"
LONGEST = 1 << 16  # bytes of a message
MANY = 200  # texts of --set, each of which takes a descriptor
NOISE = ("Use --debug flag to render out invalid YAML", "coalesce.go:", "level=")


class Values(NamedTuple):
    """The values that the user gave: `files` in order, `sets` as (kind, text), `stdin` is what the file `-` holds."""

    files: tuple[str, ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    stdin: bytes = b""

    @contextmanager
    def passed(self) -> Iterator[tuple[list[str], list[int]]]:
        """The arguments for one run of helm, and the descriptors that it inherits: texts of --set go by pipes.

        Raises:
            UserError: Helm would refuse a --set.
        """
        flags, files = sets.split(self.sets)
        texts = [step.text.encode(errors="surrogateescape") for step in files if isinstance(step, sets.Text)]
        if len(texts) > MANY:
            raise UsageError(f"there are more than {MANY} texts of --set", "use --values FILE")
        argv = [word for file in self.files for word in ("--values", _item(file))]
        argv += [word for kind, text in flags for word in (f"--{kind}", text)]
        with pipes.piped(texts) as readers:
            left = iter(readers)
            for step in files:
                text = f"{step.key}={pipes.path(next(left))}" if isinstance(step, sets.Text) else step.text
                argv += ["--set-file", text]
            yield argv, readers

    def __bool__(self) -> bool:
        return bool(self.files or self.sets)


def _item(file: str) -> str:
    """A path as an item of a list: helm splits what --values names at commas."""
    return '"' + file.replace('"', '""') + '"' if any(each in file for each in ',"\n') else file


class Render(NamedTuple):
    """How a chart is rendered: the release's name and namespace, the cluster's version and APIs, and if with CRDs."""

    release: str = ""
    namespace: str = ""
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    crds: bool = False

    @property
    def argv(self) -> list[str]:
        """As helm takes it."""
        flags = {"--namespace": self.namespace, "--kube-version": self.kube_version}
        words = [word for flag, text in flags.items() if text for word in (flag, text)]
        words += [word for version in self.api_versions for word in ("--api-versions", version)]
        return [*words, "--include-crds"] if self.crds else words


class Limit(NamedTuple):
    """How long helm may run.

    Attributes:
        seconds: The time limit.
        end: When it has passed for all runs together, by the monotonic clock; without it, each run has it for itself.
    """

    seconds: float
    end: float = 0.0

    @classmethod
    def together(cls, seconds: float) -> Limit:
        """A limit for all runs from now on."""
        return cls(seconds, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """The seconds for the next run."""
        return max(0.0, self.end - time.monotonic()) if self.end else self.seconds


LIMIT = Limit(120.0)


class Refused(UserError):
    """Helm refused.

    Attributes:
        output: Helm's own message, in which no value of the user's is left.
        rendering: Whether it refused to render a chart.
        values: The values that it refused, as far as they are known.
    """

    def __init__(self, message: str, output: str) -> None:
        details = "".join(f"        {plain(line)}\n" for line in output.splitlines())
        super().__init__(f"{message}; helm says:", details=details)
        self.output = output
        self.rendering = False
        self.values: Mapping[str, object] = {}


class Helm(NamedTuple):
    """A helm that was found.

    Attributes:
        path: Its path.
        limit: How long it may run.
        secrets: Variables of the user that it does not get, besides those that child.py names.
        major: Its major version; 0 if it is not known.
    """

    path: str
    limit: Limit
    secrets: tuple[str, ...] = ()
    major: int = 0

    def render(self, chart: str, values: Values, how: Render, hidden: Iterable[mask.Hidden]) -> bytes:
        """Run `helm template`. Raises UserError; Refused if helm does not render it."""
        name = [how.release] if how.release else []
        failed = f"the chart {mask.without_login(chart)} does not render"
        with values.passed() as (given, keep):
            try:
                argv = ["template", *how.argv, *given, "--", *name, chart]  # a name is no option, whatever it is
                return self.run(argv, values.stdin, failed, hidden, keep)
            except Refused as refused:
                refused.rendering = True
                raise

    def defaults(self, chart: str) -> bytes:
        """The chart's own values.yaml. Raises UserError."""
        return self.run(["show", "values", "--", chart], b"", f"{mask.without_login(chart)} is no chart", ())

    def pull(self, reference: str, version: str, repository: str, folder: str) -> str:
        """Pull a remote chart into a folder; return its path. Raises UserError."""
        flags = {"--version": version, "--repo": repository}
        argv = ["pull", "--destination", folder]
        argv += [word for flag, text in flags.items() if text for word in (flag, text)]
        argv += ["--", reference]
        shown, is_address = mask.without_login(reference), bool(repository) or "://" in reference
        subject = f"the chart {shown}" if is_address else f"there is no folder {shown} here, and as a remote chart it"
        hidden = [each for address in (reference, repository) for each in mask.in_address(address)]
        self.run(argv, b"", f"{subject} can't be pulled", hidden)
        found = sorted(Path(folder).glob("*.tgz"))
        if not found:
            raise UserError(f"helm pulled no chart for {shown}", "helm pull, run by hand, shows more")
        return str(found[0])

    def run(
        self, argv: list[str], stdin: bytes, failed: str, hidden: Iterable[mask.Hidden], keep: Sequence[int] = ()
    ) -> bytes:
        """Run helm.

        Args:
            argv: Its arguments.
            stdin: What its standard input holds.
            failed: The message if it refuses.
            hidden: What no message may show.
            keep: File descriptors that it inherits.

        Returns:
            Its standard output.

        Raises:
            UserError: It can't be run; Refused if it refuses.
        """
        done = _run([self.path, *argv], stdin, self.limit, self.secrets, keep)
        if done.code < 0:
            raise UserError(f"{self.path} was ended by signal {-done.code}", f"helm {argv[0]}, run by hand, shows more")
        if done.code:
            raise Refused(
                failed,
                mask.masked(_message(done.err), hidden)
                or f"(nothing that can be shown; its exit code was {done.code})",
            )
        return done.out


def find(environ: Mapping[str, str], limit: Limit = LIMIT, secrets: tuple[str, ...] = ()) -> Helm:
    """Find the helm to use: $HELM_BIN, else `helm` on PATH. Raises UserError if there is none, or a too old one.

    Args:
        environ: The user's environment.
        limit: How long it may run.
        secrets: Variables that helm does not get.
    """
    wanted = environ.get("HELM_BIN") or "helm"
    path = shutil.which(wanted)
    if path is None:
        is_set = bool(environ.get("HELM_BIN"))
        raise UserError(f"HELM_BIN is {wanted}, which is no executable" if is_set else "helm is not on PATH", INSTALL)
    done = _run([path, "version", "--short"], b"", limit, secrets)
    found = re.search(rb"\bv(\d+)\.(\d+)", done.out)
    if not found:
        raise UserError(f"{path} shows no version, so it is no helm that can be used", INSTALL)
    version = int(found[1]), int(found[2])
    if version < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise UserError(f"{path} is Helm {found[0].decode()[1:]}; {needed} or later is needed", INSTALL)
    return Helm(path, limit, secrets, version[0])


def _run(
    argv: list[str], stdin: bytes, limit: Limit, secrets: Sequence[str] = (), keep: Sequence[int] = ()
) -> processes.Done:
    env = {**child.environment(os.environ, secrets), "HELM_DEBUG": "false"}  # true: a failed render prints its output
    try:
        return processes.run(argv, env, stdin, seconds=limit.left, keep=keep)
    except processes.TooSlow:
        fix = "give it longer: --helm-timeout SECONDS"
        raise UserError(f"{argv[0]} {argv[1]} gave no answer within {limit.seconds:g} s and was ended", fix) from None
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise UserError(f"{argv[0]} can't be run: {reason}", INSTALL) from None
    except ValueError:  # an argument with a NUL byte
        raise UsageError("an argument holds a NUL byte", "give that value by --values FILE, as text") from None


def _message(err: bytes) -> str:
    """Helm's message without what only surrounds it."""
    if len(err) > LONGEST:  # up to a line's end: of a value that is cut in two, a part could stay
        err = err[:LONGEST].rpartition(b"\n")[0]
    lines = err.decode(errors="replace").splitlines()
    text = "\n".join(line for line in lines if not line.strip().startswith(NOISE))
    return mask.without_login(re.sub(r"\n{3,}", "\n\n", text).strip().removeprefix("Error: "))
