"""What a reader relies on in each page: commands are run, a file has one name and content, Helms are side by side."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.readme import pages, runner
from tests.readme.runner import Fence
from tests.readme.test_links import PAGES
from tests.support import ROOT

NAMES = [str(path.relative_to(ROOT)) for path in PAGES]
# The languages of files. `text` is output, unless a comment calls it a file.
OF_FILES = frozenset(("yaml", "json", "hcl", "toml", "ini", "dockerfile", "python"))
FILE = re.compile(r"`((?:[\w.-]+/)*[\w.-]*\.?[\w-]+)`")
HELMS = frozenset(("helm3", "helm4"))


def fences(page: str) -> list[Fence]:
    return list(runner.fences((ROOT / page).read_text()))


def paragraph(text: str, fence: Fence) -> str:
    """The text above a fence: the nearest paragraph, without comments."""
    before = "\n".join(line for line in text.splitlines()[: fence.line - 1] if not line.startswith("<!--"))
    return before.rstrip().rpartition("\n\n")[2]


# --- each command is run ---------------------------------------------------------------------------------------------


def runs(text: str) -> bool:
    return any(step.kind == "test" for step in runner.parse(text))


def test_every_page_with_commands_is_run() -> None:
    """A page that is new has no test, until somebody writes one."""
    assert {name for name in NAMES if runs((ROOT / name).read_text())} == set(pages.RUN_BY)


CHECK = ("docs/check.md", True)  # whose name the tool has that writes its tables


@pytest.mark.parametrize(("page", "test"), pages.RUN_BY.items(), ids=pages.RUN_BY)
def test_the_test_runs_the_page(page: str, test: str) -> None:
    """It has the page's name, and gives pages to the runner."""
    text = (ROOT / test).read_text()
    name = Path(page).name if Path(page).parent != Path("docs") else Path(page).stem
    assert re.search(rf'"(?:[\w/.-]+/)?{name}(?:\.md)?"', text) or (page, "check_table.TARGET" in text) == CHECK
    assert "runner.run(" in text


def test_what_is_not_run_has_a_reason() -> None:
    """A reader sees it. A comment would be hidden."""
    reasons = [each.words for name in NAMES for each in fences(name) if each.kind == runner.SKIPPED]
    assert len(reasons) > 30
    assert [reason for reason in reasons if len(reason.split()) < 3] == []


# --- files -----------------------------------------------------------------------------------------------------------


def saved(text: str) -> Iterator[tuple[str, Fence]]:
    """What a reader would save: the name that the paragraph above shows last, and the fence."""
    for fence in runner.fences(text):
        if fence.kind == "file" or fence.language in OF_FILES:
            shown = FILE.findall(paragraph(text, fence))
            yield (shown[-1] if shown else ""), fence


def unnamed(text: str) -> list[int]:
    """The lines of files whose name no reader sees, or another one than is written."""
    found = []
    for name, fence in saved(text):
        wanted = fence.words if fence.kind == "file" else name
        shown = FILE.findall(paragraph(text, fence))
        if not wanted or wanted not in shown:
            found.append(fence.line)
    return found


def ambiguous(text: str) -> list[str]:
    """The names that stand for two contents."""
    contents: dict[str, set[str]] = {}
    for name, fence in saved(text):
        contents.setdefault(fence.words if fence.kind == "file" else name, set()).add(fence.text)
    return [name for name, texts in contents.items() if len(texts) > 1]


@pytest.mark.parametrize("page", NAMES)
def test_every_file_has_its_name(page: str) -> None:
    assert unnamed((ROOT / page).read_text()) == []


@pytest.mark.parametrize("page", NAMES)
def test_one_name_is_one_content(page: str) -> None:
    assert ambiguous((ROOT / page).read_text()) == []


A, B = "```yaml\na: 1\n```\n", "```yaml\nb: 1\n```\n"
FILES = [
    ("named", f"`a.yaml`:\n\n{A}", [], []),
    ("named in a sentence", f"Write `a.yaml` so:\n\n<!-- file: a.yaml -->\n{A}", [], []),
    ("in a folder", f"`x/a.yaml`:\n\n<!-- file: x/a.yaml -->\n{A}", [], []),
    ("twice the same", f"`a.yaml`:\n\n{A}\n`a.yaml`:\n\n{A}", [], []),
    ("two names", f"`a.yaml`:\n\n{A}\n`b.yaml`:\n\n{B}", [], []),
    ("output", "```text\nx\n```\n", [], []),
    ("no name", A, [1], []),
    ("a name in a comment alone", f"Text:\n\n<!-- file: a.yaml -->\n{A}", [4], []),
    ("another name", f"`b.yaml`:\n\n<!-- file: a.yaml -->\n{A}", [4], []),
    ("a name two paragraphs above", f"`a.yaml`:\n\nText.\n\n{A}", [5], []),
    ("one name, two contents", f"`a.yaml`:\n\n{A}\n`a.yaml`:\n\n{B}", [], ["a.yaml"]),
]


@pytest.mark.parametrize(("text", "lines", "names"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_files(text: str, lines: list[int], names: list[str]) -> None:
    assert (unnamed(text), ambiguous(text)) == (lines, names)


# --- Helm's majors ---------------------------------------------------------------------------------------------------


def alone(text: str) -> list[int]:
    """The lines of what is for one Helm, without what the other one does beside it.

    A group is fences that follow each other and are for one Helm. It has both, or the paragraph above names the other.
    """
    found, group = [], []
    every = [*runner.fences(text), None]
    for fence in every:
        if fence and HELMS & set(fence.words.split()) and fence.kind in {"test", "output"}:
            group.append(fence)
            continue
        if group:
            found += _lonely(text, group)
        group = []
    return found


def _lonely(text: str, group: list[Fence]) -> list[int]:
    helms = {word for fence in group for word in fence.words.split()} & HELMS
    other = {"helm3": "Helm 4", "helm4": "Helm 3"}
    first = group[0]
    if helms == HELMS or all(other[helm] in paragraph(text, first) for helm in helms):
        return []
    return [first.line]


@pytest.mark.parametrize("page", NAMES)
def test_the_helms_are_side_by_side(page: str) -> None:
    assert alone((ROOT / page).read_text()) == []


def block(words: str, above: str = "Text.") -> str:
    return f"{above}\n\n<!-- test: {words} -->\n```bash\ntrue\n```\n\n"


SIDES = [
    ("both", block("helm3") + block("helm4"), []),
    (
        "an output of each",
        block("") + "<!-- output: helm3 -->\n```text\n```\n\n<!-- output: helm4 -->\n```text\n```\n",
        [],
    ),
    ("one, and the text names the other", block("helm4", "Helm 3 needs none."), []),
    ("for both at once", block("cluster"), []),
    ("one alone", block("helm4"), [4]),
    ("the other one is far away", block("helm3") + block("cluster") + block("helm4"), [4, 18]),
]


@pytest.mark.parametrize(("text", "lines"), [row[1:] for row in SIDES], ids=[row[0] for row in SIDES])
def test_sides(text: str, lines: list[int]) -> None:
    assert alone(text) == lines
