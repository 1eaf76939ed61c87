"""Fresh values for some keys of a secrets file, the rest untouched."""

import subprocess
from pathlib import Path

import pytest

from post_renderer.rules import policy
from post_renderer.secrets import generator
from post_renderer.secrets.formats import FORMATS
from post_renderer.secrets.formats.shared import Target
from tests.unit.streams import SOUND, contract, secret, unfilled
from tests.unit.test_edge import EXECUTABLE, environment, run
from tests.unit.test_generate_formats import READERS

TARGET = Target("f")
REST = "LDAP_PASSWORD: kept # c\n"
# A file of two keys, and what it becomes where X is the fresh JWT_SECRET.
WRITTEN = [
    ("yaml", "quoted", f"# a\nJWT_SECRET: 'old' # c\n{REST}", f'# a\nJWT_SECRET: "X" # c\n{REST}'),
    ("yaml", "plain", f"JWT_SECRET: old\r\n{REST}", f'JWT_SECRET: "X"\r\n{REST}'),
    ("yaml", "a block", f"JWT_SECRET: |\n  old\n\n# c\n{REST}", f'JWT_SECRET: "X"\n\n# c\n{REST}'),
    ("yaml", "a folded block at the end", f"{REST}JWT_SECRET: >-\n  o\n  ld\n", f'{REST}JWT_SECRET: "X"\n'),
    ("yaml", "empty", f"JWT_SECRET:\n{REST}", f'JWT_SECRET: "X"\n{REST}'),
    ("yaml", "absent", REST, f'{REST}JWT_SECRET: "X"\n'),
    ("yaml", "flow", "{JWT_SECRET: old, A: kept}", '{JWT_SECRET: "X", A: kept}'),
    ("json", "lines", '{\n "A": "kept",\n "JWT_SECRET": "old"\n}\n', '{\n "A": "kept",\n "JWT_SECRET": "X"\n}\n'),
    ("env", "exported", "export JWT_SECRET='o l d'\nA=kept\n", "export JWT_SECRET=X\nA=kept\n"),
]


@pytest.mark.parametrize(
    ("name", "content", "expected"), [(row[0], *row[2:]) for row in WRITTEN], ids=[row[1] for row in WRITTEN]
)
def test_nothing_else_changes(name: str, content: str, expected: str) -> None:
    rotated = generator.rotate(TARGET, content.encode(), ("JWT_SECRET",), format_name=name).content.decode()
    start, end = expected.split("X")
    assert (rotated.startswith(start), rotated.endswith(end)) == (True, True)
    fresh = rotated.removeprefix(start).removesuffix(end)
    assert (len(fresh), fresh.isalnum()) == (policy.KEYS["JWT_SECRET"].length, True)


@pytest.mark.parametrize("name", FORMATS)
def test_what_generate_made(tmp_path: Path, name: str) -> None:
    path = tmp_path / "f"
    run(tmp_path, "generate", "--format", name, "f")
    path.chmod(0o640)
    before = READERS[name](path)
    done = run(tmp_path, "rotate", "f", "ADMIN_PASSWORD", "JWT_SECRET", "JWT_SECRET", "--format", name)
    assert (done.returncode, done.stdout) == (0, b"")
    after = READERS[name](path)
    assert [key for key in after if after[key] != before[key]] == sorted(
        ["JWT_SECRET", "ADMIN_PASSWORD"], key=list(after).index
    )
    assert all(len(after[key]) == policy.KEYS[key].length for key in policy.KEYS)
    assert path.stat().st_mode & 0o777 == 0o640
    assert b"log in again" in done.stderr
    assert not any(value in done.stderr.decode() for value in {*before.values(), *after.values()})


def test_the_fix_of_a_report_fixes(tmp_path: Path) -> None:
    """Each command that a report prints is run as it stands."""
    values = {**SOUND, "JWT_SECRET": "hunter2", "API_KEY_SECRET": "CHANGE_ME", "ADMIN_PASSWORD": "hunter2hunter2"}
    path = tmp_path / "my secrets.yaml"
    path.write_text("".join(f"{key}: {value}\n" for key, value in values.items()))
    path.chmod(0o600)
    stream = secret(unfilled()) + contract("files", files="my secrets.yaml")
    refused = run(tmp_path, "--strict", stream=stream)
    lines = [line.split(maxsplit=1)[1] for line in refused.stderr.decode().splitlines() if " fix " in line]
    assert {line.split()[-1] for line in lines} == {"JWT_SECRET", "API_KEY_SECRET", "ADMIN_PASSWORD"}
    for line in dict.fromkeys(lines):
        words = ["sh", "-ec", line.replace("heimdall-pr", '"$H"', 1)]
        env = environment(tmp_path, H=EXECUTABLE)
        subprocess.run(words, cwd=tmp_path, env=env, check=True, capture_output=True)
    assert run(tmp_path, "--strict", stream=stream).returncode == 0


REFUSED = [
    ("no file", None, ["JWT_SECRET"], 1, "heimdall-pr generate f"),
    ("a key that was meant to be another", "DATABASE_PASWORD: kept", ["DATABASE_PASSWORD"], 1, "rename"),
    ("no secrets file", "a: [hunter2]", ["JWT_SECRET"], 1, "was left as it is"),
    ("an unknown key", "JWT_SECRET: hunter2", ["JWT_SECRT"], 2, "it is not one of 'JWT_SECRET'"),
    ("no key", "JWT_SECRET: hunter2", [], 2, "KEY"),
]


@pytest.mark.parametrize(
    ("content", "keys", "code", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_refused(tmp_path: Path, content: str | None, keys: list[str], code: int, told: str) -> None:
    path = tmp_path / "f"
    if content is not None:
        path.write_text(content)
    done = run(tmp_path, "rotate", "f", *keys)
    assert (done.returncode, done.stdout) == (code, b"")
    assert told in done.stderr.decode()
    assert "hunter2" not in done.stderr.decode()
    assert (path.read_text() if path.exists() else None) == content


@pytest.mark.needs("git")
def test_not_where_git_would_commit_it(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "f").write_text("JWT_SECRET: old\n")
    assert run(tmp_path, "rotate", "f", "JWT_SECRET").returncode == 1
    assert (tmp_path / "f").read_text() == "JWT_SECRET: old\n"
    assert run(tmp_path, "rotate", "f", "JWT_SECRET", "--allow-commit").returncode == 0
