"""A PyYAML without libyaml reads the same, and slowly: so it reads less."""

import subprocess
import sys

from post_renderer.requirements.gather import SLOW_CAP
from tests.reader import oracles
from tests.reader.test_reader import TABLE
from tests.unit.streams import SOUND, contract, encoded, secret

# Before anything of ours is imported, PyYAML becomes one that was built without libyaml.
WITHOUT = "import sys, yaml; del yaml.CBaseLoader; "
MAIN = WITHOUT + "from post_renderer.__main__ import main; sys.exit(main())"
COMPARE = (
    WITHOUT
    + """
from tests.reader import comparing, oracles, test_reader
with oracles.Oracle("newest") as oracle:
    for name, text in test_reader.TABLE:
        found = comparing.compare(text.encode(), oracle.read(text.encode()))
        print(name, found if found != (comparing.SAME, []) else "alike")
"""
)
GOOD = secret(encoded(SOUND)) + contract("existing")


def filtered(stream: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", MAIN], input=stream, capture_output=True, text=True, check=False)


def test_a_small_stream_is_read() -> None:
    done = filtered(GOOD)
    assert (done.returncode, done.stdout) == (0, GOOD), done.stderr


def test_a_large_stream_that_need_not_be_read_is_passed_on() -> None:
    stream = GOOD + "---\nkind: ConfigMap\ndata: {a: b}\n" * (SLOW_CAP // 20)
    done = filtered(stream)
    assert (done.returncode, done.stdout) == (0, stream), done.stderr


def test_a_large_stream_is_refused() -> None:
    stream = GOOD + secret({"A": "a" * SLOW_CAP}, name="other")
    done = filtered(stream)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no-libyaml" in done.stderr


def test_with_libyaml_it_is_not() -> None:
    stream = GOOD + secret({"A": "a" * SLOW_CAP}, name="other")
    command = [sys.executable, "-m", "post_renderer"]
    done = subprocess.run(command, input=stream, capture_output=True, text=True, check=False)
    assert "no-libyaml" not in done.stderr


def test_the_table_is_read_alike() -> None:
    oracles.bring("newest")
    done = subprocess.run([sys.executable, "-c", COMPARE], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(TABLE)
    assert [line for line in lines if not line.endswith(" alike")] == []
