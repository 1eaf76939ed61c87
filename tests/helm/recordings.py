"""Records what a post-renderer really gets from the newest Helm of each major, as files for other tests to read.

    python -m tests.helm.recordings

rewrites tests/fixtures/streams. All values in them are made up for tests; none was ever a secret. The
digest of the rules is left out, since it changes with every rule: these are streams of a chart that has none yet. So
is the chart's version, which changes with every release.
"""

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests import helms
from tests.helms import Helm
from tests.support import CHART, FIXTURES, FROM_ENVIRONMENT, Values, existing, files, inline, parent, plugin, shipped
from tests.unit.streams import SOUND

STREAMS = FIXTURES / "streams"
FAKE = SOUND
OWN = "r-heimdall-secrets"

DIGEST = re.compile(rb'^  policy: "[0-9a-f]{12}"\n', re.MULTILINE)
# What changes with every release of the chart: its version, and the digest of the settings, which are labelled with it.
VERSIONED = (
    (re.compile(rb'(?<=-)[0-9]+\.[0-9]+\.[0-9]+"$', re.MULTILINE), b'0.0.0"'),
    (re.compile(rb"(?<=checksum/config: )[0-9a-f]{64}"), b"0" * 64),
)
# A post-renderer that keeps what it gets and changes nothing.
TEE = '#!/bin/sh\nexec tee "$RECORDING"\n'


class Recording(NamedTuple):
    """What is rendered; which Secrets in it are to be filled, and which Deployments get their digest."""

    name: str
    values: Values
    chart: str = ""
    secrets: tuple[str, ...] = ()
    pods: tuple[str, ...] = ()


RECORDINGS = (
    Recording("files", files(), secrets=(OWN,), pods=("r-heimdall",)),
    Recording("inline", inline(FAKE)),
    Recording("inline-environment", inline(FROM_ENVIRONMENT), secrets=(OWN,), pods=("r-heimdall",)),
    Recording("inline-mixed", inline({**FAKE, "JWT_SECRET": "${JWT_SECRET}"}), secrets=(OWN,), pods=("r-heimdall",)),
    Recording("existing", existing("heimdall-production-secrets")),
    Recording("existing-in-the-stream", shipped(FAKE), "demo-parent", pods=("r-heimdall",)),
    Recording(
        "aliases",
        {"a": existing("", secrets=FAKE), "b": files()},
        "chart-parent",
        secrets=("r-b-secrets",),
        pods=("r-b",),
    ),
    Recording("oddities", {}, "odd-parent", secrets=(OWN,), pods=("r-heimdall",)),
    Recording("nothing-of-ours", {"heimdall": {"enabled": False}}, "odd-parent"),
)


def path(major: int, name: str) -> Path:
    """The file of a recording."""
    return STREAMS / f"helm{major}-{name}.yaml"


def record(helm: Helm, recording: Recording, folder: Path) -> bytes:
    """What this Helm writes to a post-renderer, without the digest of the rules and the chart's version."""
    chart = parent(folder, recording.chart) if recording.chart else CHART
    words = ["template", "r", str(chart), "--values", "-", *plugin(helm, "tee", TEE)]
    env = {"RECORDING": str(folder / "recording")}
    done = helm.run(*words, env=env, input=json.dumps(recording.values))
    assert done.returncode == 0, done.stderr
    found = DIGEST.sub(b"", (folder / "recording").read_bytes())
    for pattern, instead in VERSIONED:
        found = pattern.sub(instead, found)
    return found


def main() -> int:
    """Rewrites all of them, once all are there."""
    recorded = {}
    for major, version in helms.NEWEST.items():
        for recording in RECORDINGS:
            with tempfile.TemporaryDirectory() as name:
                helm = Helm(helms.fetch(version), version, Path(name))
                recorded[path(major, recording.name)] = record(helm, recording, Path(name))
    shutil.rmtree(STREAMS, ignore_errors=True)
    STREAMS.mkdir()
    for file, data in recorded.items():
        file.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
