"""What Helm itself prints of the user's values, which --redact can't change: the tool warns, on Helm's own channel."""

import json
from pathlib import Path

import pytest

from tests.clusters import Cluster
from tests.helms import Helm, run
from tests.support import CHART, FROM_ENVIRONMENT, Desk, Values, inline

RULE = "helm-prints-values"
DATABASE: Values = {"externalDatabase": {"host": "nobody-asks-it.example.com"}}
ROWS = [
    ("literals, --debug", True, ["--dry-run=server", "--debug"], True),
    ("literals, JSON", True, ["--dry-run=server", "-o", "json"], True),
    ("literals alone", True, ["--dry-run=server"], False),
    ("from the environment, --debug", False, ["--dry-run=server", "--debug"], False),
]


@pytest.mark.parametrize(("literal", "flags", "warned"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_redact(helm: Helm, cluster: Cluster, tmp_path: Path, literal: bool, flags: list[str], warned: bool) -> None:
    """It warns if, and only if, Helm prints a secret."""
    desk = Desk(helm, tmp_path / "desk", cluster)
    values = desk.folder / "values.json"
    values.write_text(json.dumps({**inline(desk.secrets if literal else FROM_ENVIRONMENT), **DATABASE}))
    words = [str(helm.path), "install", "r", str(CHART), "--values", str(values), *flags, *helm.post_renderer]
    done = run(words, cwd=desk.folder, env={**helm.env, **desk.secrets, "HEIMDALL_PR_REDACT": "true"})
    assert done.returncode == 0, done.stderr
    assert any(secret in done.stdout + done.stderr for secret in desk.secrets.values()) == warned
    assert (RULE in done.stderr) == warned, done.stderr
