"""A report shows 100 findings of a kind and says how many more there are, in every format; the exit code stays."""

import json
import os
from pathlib import Path

import pytest

from post_renderer.model.finding import ERROR, MOST, WARNING, Finding, Place, capped
from post_renderer.report.formats import FORMATS
from tests import in_process
from tests.unit.streams import SOUND, contract, encoded, secret

MORE = 900
# A key that no Secret can have, in a Secret that is otherwise as it should be: an error for each.
STREAM = contract("existing") + secret({**encoded(SOUND), **{f"k {n}": "" for n in range(MOST + MORE)}})


def finding(number: int, rule: str = "key-name", severity: str = ERROR) -> Finding:
    return Finding(severity, rule, Place(line=number), "wrong")


def test_of_each_kind_the_first_hundred() -> None:
    found = (
        [finding(n) for n in range(250)] + [finding(n, severity=WARNING) for n in range(100)] + [finding(1, "other")]
    )
    shown = capped(found)
    assert [each.where.line for each in shown if each.rule == "key-name" and each.severity == ERROR][:MOST] == [
        *range(100)
    ]
    assert [(each.rule, each.severity, each.times, each.message) for each in shown if each.times > 1] == [
        ("key-name", ERROR, 150, "and 150 more")
    ]
    assert sum(each.times for each in shown) == len(found)
    assert capped(shown) == shown
    assert sum(each.times for each in capped([*shown, *found])) == 2 * len(found)


def test_a_hundred_are_all_shown() -> None:
    found = tuple(finding(n) for n in range(MOST))
    assert capped(found) == found


def command(folder: Path, *args: str) -> in_process.Done:
    return in_process.run(args, env={"PATH": os.defpath, "HOME": str(folder)}, cwd=folder, stdin=STREAM.encode())


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_capped(name: str, tmp_path: Path) -> None:
    done = command(tmp_path, "check", "-", "--format", name)
    text = done.stdout.decode()
    assert done.returncode == 1
    assert text.count("a key is no name") in (MOST, 2 * MOST)  # twice if a format has it in two places
    assert f"and {MORE} more" in text
    if name == "json":
        assert json.loads(text)["summary"]["errors"] == MOST + MORE
    elif name in ("text", "markdown", "github"):
        assert f"{MOST + MORE} errors" in text


def test_the_filters_report_is_capped(tmp_path: Path) -> None:
    done = command(tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(f"heimdall-pr: nothing was installed: {MOST + MORE} errors".encode())
    assert done.stderr.count(b"\nerror ") == MOST + 1
    assert f"and {MORE} more".encode() in done.stderr
