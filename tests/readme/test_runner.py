"""The runner of Markdown: what it takes for a block, and what it lets pass."""

import os
from pathlib import Path

import pytest

from tests.readme.runner import Bad, Mismatch, lacking, matches, parse, run

FENCE = "```"


def markdown(*blocks: str) -> str:
    return "\n\n".join(blocks)


def block(text: str, comment: str = "", language: str = "bash") -> str:
    above = f"<!-- {comment} -->\n" if comment else ""
    return f"{above}{FENCE}{language}\n{text}\n{FENCE}"


PASSES = [
    ("nothing to run", "# A title", 0),
    ("another language is not run", block("exit 1", language="yaml"), 0),
    ("a shell", block("true"), 1),
    ("sh too", block("true", language="sh"), 1),
    ("in a list", "- so:\n  ```bash\n  cat <<E\n  x\n  E\n  ```\n", 1),
    ("skipped, with a reason", markdown("*Not run by a test: it needs a printer.*\n" + block("exit 1")), 0),
    ("skipped, above an empty line", markdown("*Not run by a test: it needs a printer.*", block("exit 1")), 0),
    ("skipped, in a list", "- so:\n  *Not run by a test: it needs a printer.*\n  ```bash\n  exit 1\n  ```\n", 0),
    ("must fail and does", block("exit 3", "test: fails"), 1),
    ("for the other Helm", block("exit 1", "test: helm3"), 0),
    ("for this Helm", block("true", "test: helm4"), 1),
    ("for either", block("true", "test: helm3 helm4"), 1),
    ("for a cluster", block("exit 1", "test: cluster"), 0),
    (
        "variables and folder are kept",
        markdown(block("mkdir d; cd d; export A=1"), block('[ "$A" = 1 ]; rmdir ../d')),
        2,
    ),
    ("also after a failure", markdown(block("export A=1; exit 1", "test: fails"), block('[ "$A" = 1 ]')), 2),
    ("a file", markdown(block("a: 1", "file: d/x.yaml", "yaml"), block('[ "$(cat d/x.yaml)" = "a: 1" ]')), 1),
    ("an output", markdown(block("echo 1; echo 2 >&2"), block("1\n2", "output", "text")), 1),
    ("an output with …", markdown(block("seq 9"), block("1\n…\n9", "output", "text")), 1),
    ("an output of the other Helm", markdown(block("seq 1"), block("9", "output: helm3", "text")), 1),
    ("a text that is no output", markdown(block("seq 1"), block("9", language="text")), 1),
    ("a console", block("$ echo 1\n1\n$ echo \\\n  2\n2", language="console"), 2),
    ("a console whose last command fails", block("$ true\n$ echo no; exit 1\nno", "test: fails", "console"), 2),
]

MISMATCHES = [
    ("a failure", block("false"), "line 1: exit code 1"),
    ("a skip without a reason", markdown("*Not run by a test.*", block("false")), "line 3: exit code 1"),
    ("a skip of another block", markdown("*Not run by a test: x.*", "Text.", block("false")), "line 5: exit code 1"),
    ("a failure on the way", block("false; true"), "line 1: exit code 1"),
    ("a failure in a pipe", block("false | true"), "line 1: exit code 1"),
    ("must fail and does not", block("true", "test: fails"), "line 2: exit code 0"),
    ("the second block", markdown(block("true"), block("false")), "line 5: exit code 1"),
    ("another output", markdown(block("seq 2"), block("1", "output", "text")), "line 6: expected"),
    ("no output", markdown(block("true"), block("1", "output", "text")), "line 6: expected"),
    ("a console's output", block("$ true\n$ echo 2\n1", language="console"), "line 3: expected"),
    ("a console's first command fails", block("$ false\n$ false", "test: fails", "console"), "line 3: exit code 1"),
]

BAD = [
    ("an unknown word", block("true", "test: helm5"), "line 2: helm5"),
    (
        "a skip that no reader sees",
        block("true", "test: skip it needs a printer"),
        "line 2: a, it, needs, printer, skip",
    ),
    ("an output of nothing", block("1", "output", "text"), "line 2: an output without"),
    ("a console without a command", block("true", language="console"), "line 1: a console begins"),
]


@pytest.mark.parametrize(("text", "ran"), [c[1:] for c in PASSES], ids=[c[0] for c in PASSES])
def test_passes(text: str, ran: int, tmp_path: Path) -> None:
    assert run(parse(text), {"helm4"}, folder(tmp_path), os.environ) == ran


@pytest.mark.parametrize(("text", "told"), [c[1:] for c in MISMATCHES], ids=[c[0] for c in MISMATCHES])
def test_does_not_let_pass(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Mismatch, match=told):
        run(parse(text), {"helm4"}, folder(tmp_path), os.environ)


@pytest.mark.parametrize(("text", "told"), [c[1:] for c in BAD], ids=[c[0] for c in BAD])
def test_bad_markdown(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Bad, match=told):
        run(parse(text), {"helm4"}, folder(tmp_path), os.environ)


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a", "a  \n", True),
        ("", "", True),
        ("a…c", "abc\n", True),
        ("…", "", True),
        ("a\n…", "a\nb\nc\n", True),
        ("a\n  b", "a\nb\n", False),
        ("a…c", "a\nc\n", False),
        ("a.c", "abc\n", False),
        ("a", "a\nb\n", False),
        ("a\n…\nc", "a\nb\n", False),
    ],
)
def test_matches(expected: str, printed: str, *, same: bool) -> None:
    assert matches(expected, printed) is same


LACKING = [
    ("at the start", "jq .", ["jq"]),
    ("in a pipe", "cat x | jq .", ["jq"]),
    ("within a command", 'x="$(openssl rand -hex 8)"', ["openssl"]),
    ("several", "git add . && helm template x", ["git", "helm"]),
    ("an argument", "echo jq .", []),
    ("a part of a word", "my-jq .", []),
    ("nothing", "true", []),
]


@pytest.mark.parametrize(("text", "programs"), [c[1:] for c in LACKING], ids=[c[0] for c in LACKING])
def test_lacking(text: str, programs: list[str], tmp_path: Path) -> None:
    assert lacking(text, "/nonexistent") == programs
    for name in programs:
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0o755)
    assert lacking(text, str(tmp_path)) == []


def folder(tmp_path: Path) -> Path:
    path = tmp_path / "work"
    path.mkdir()
    return path
