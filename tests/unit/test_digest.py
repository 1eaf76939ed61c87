"""The digest of the rules: another one if a judgment is another one, the same after a change of words."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from post_renderer.rules import policy
from post_renderer.rules.digest import DIGEST
from tests.support import LIBRARY, ROOT
from tools import generate_digest, generate_gate, generate_policy

Edit = Callable[[str], str]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources that the generators read."""
    for part in ("post_renderer", "hooks"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for module in (generate_digest, generate_gate):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def replaced(old: str, new: str) -> Edit:
    return lambda text: text.replace(old, new, 1)


JUDGES = [
    ("a pattern", "post_renderer/rules/policy.py", replaced("NO_WIDTH = ", 'NO_WIDTH = "a"')),
    (
        "a length",
        "post_renderer/rules/policy.py",
        lambda text: re.sub("^SHORTEST = .*", "SHORTEST = 9", text, flags=re.MULTILINE),
    ),
    ("a check", "post_renderer/rules/trailing_newline.py", replaced("endswith(", "startswith(")),
    ("a severity", "post_renderer/rules/shared_value.py", replaced("WARNING", "ERROR")),
    (
        "the rules that there are",
        "post_renderer/rules/__init__.py",
        replaced("    ciphertext,\n    unresolved_reference,", "    unresolved_reference,"),
    ),
    ("a module that a rule uses", "post_renderer/rules/shared.py", lambda text: f"{text}\nX = 1\n"),
]
WORDS: list[tuple[str, str, Edit]] = [
    ("a comment on a line of its own", "post_renderer/rules/policy.py", lambda text: f"# More.\n{text}"),
    (
        "a comment after code",
        "post_renderer/rules/policy.py",
        lambda text: re.sub("^(SHORTEST = .*)", r"\1  # more", text, flags=re.MULTILINE),
    ),
    ("a docstring", "post_renderer/rules/trailing_newline.py", replaced('"""Report each', '"""Report any')),
    ("a longer docstring", "post_renderer/rules/shared.py", replaced('"""', '"""More.\n\n# no comment\n')),
    ("empty lines", "post_renderer/rules/policy.py", lambda text: text.replace("\n\n\n", "\n\n\n\n")),
    ("how the gate waits", "hooks/gate_main.py", replaced("HEARTBEAT = 60", "HEARTBEAT = 61")),
    ("a rule about pods", "post_renderer/rules/workload/optional_key.py", lambda text: f"{text}\nX = 1\n"),
    ("how a contract is read", "post_renderer/requirements/contract.py", lambda text: f"{text}\nX = 1\n"),
    ("an older digest", "post_renderer/rules/digest.py", replaced(DIGEST, "0123456789ab")),
]


def edited(tree: Path, name: str, edit: Edit) -> str:
    """The digest after an edit that did change a file."""
    path = tree / name
    before = path.read_text()
    path.write_text(edit(before))
    assert path.read_text() != before
    return generate_digest.digest()


@pytest.mark.parametrize(("name", "edit"), [row[1:] for row in JUDGES], ids=[row[0] for row in JUDGES])
def test_another_one(tree: Path, name: str, edit: Edit) -> None:
    assert edited(tree, name, edit) != DIGEST


@pytest.mark.parametrize(("name", "edit"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
def test_the_same(tree: Path, name: str, edit: Edit) -> None:
    assert edited(tree, name, edit) == DIGEST


def test_another_one_if_the_chart_alone_judges_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(generate_policy.PATTERNS, "placeholder", "another")
    assert generate_digest.digest() != DIGEST
    monkeypatch.undo()
    monkeypatch.setattr(policy, "LEGACY", {})
    assert generate_digest.digest() != DIGEST


def test_a_hash_sign_in_a_text_is_no_comment() -> None:
    assert generate_digest.code('X = "a # b"  # c\n') == 'X = "a # b"'
    assert generate_digest.code('def f():\n    """D."""\n    return "x"\n') == 'def f():\n    return "x"'


def test_tool_gate_and_chart_have_the_same() -> None:
    assert re.fullmatch("[0-9a-f]{12}", DIGEST)
    assert (LIBRARY / "_digest.generated.tpl").read_text().splitlines()[-2] == DIGEST
    for gate in (ROOT / "hooks" / "gate.py", LIBRARY / "_gate.generated.tpl"):
        assert gate.read_text().count(f'DIGEST = "{DIGEST}"') == 1


def test_nothing_is_hashed_at_run_time() -> None:
    """The filter and the gate have it as a constant."""
    source = (ROOT / "post_renderer" / "rules" / "digest.py").read_text()
    assert not re.search("^(import|from) ", source, re.MULTILINE)
