"""The catalog of rules knows every rule that the code has, and no other; what it says of each is true."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import post_renderer
from post_renderer import rules
from post_renderer.model.finding import ERROR, NOTE, WARNING, Place
from post_renderer.model.requirement import Requirement, Values
from post_renderer.pipeline import UNCHECKED
from post_renderer.requirements import terms
from post_renderer.rules import flat, pages, policy, reading
from post_renderer.rules.catalog import RULES, TABLES
from post_renderer.sources.key_status import ABSENT

PACKAGE = Path(post_renderer.__file__).parent
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
# Where findings are made; strings there that look like a rule but are none.
MAKERS = (
    "producers",
    "sources",
    "adapters/files.py",
    "adapters/git.py",
    "adapters/kubectl.py",
    "adapters/sops.py",
)
NO_RULES = {
    *("can-i", "check-ignore", "csi-aws", "get-contexts", "heimdall-front", "heimdall-pr", "ls-files", "utf-8"),
    *("set-file", "set-json", "set-literal", "set-string"),
}
MODULES = [path for path in PACKAGE.rglob("*.py") if "report" not in path.parts and "commands" not in path.parts]


def strings(node: ast.AST) -> Iterator[str]:
    return (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def in_findings(tree: ast.AST) -> Iterator[str]:
    """The second argument of each Finding that is made with its rule written out."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Finding":
            yield from (text for arg in call.args[1:2] for text in strings(arg))


def kebab(path: Path, tree: ast.AST) -> Iterator[str]:
    """Every string like a rule in a module that makes findings."""
    makes = any(isinstance(each, ast.Name) and each.id == "Finding" for each in ast.walk(tree))
    name = str(path.relative_to(PACKAGE))
    if makes and (("/" not in name) or name.startswith(MAKERS)):
        yield from (text for text in strings(tree) if KEBAB.fullmatch(text))


def flaws(tree: ast.AST) -> Iterator[str]:
    """The rules of a producer's flaws: the first argument of each Flaw, and of each pair that is yielded for one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Flaw":
            yield from (text for arg in node.args[:1] for text in strings(arg))
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            yield from (text for text in strings(node.value.elts[0]) if KEBAB.fullmatch(text))


def found() -> dict[str, str]:
    """Each rule in the code, with a module that has it."""
    ids: dict[str, str] = {}
    for path in MODULES:
        tree = ast.parse(path.read_text())
        in_flaws = flaws(tree) if path.parent.name == "producers" else ()
        ids |= dict.fromkeys((*in_findings(tree), *kebab(path, tree), *in_flaws), path.name)
    return ids


def test_no_rule_is_missing() -> None:
    ids = found()
    assert {rule: ids[rule] for rule in ids.keys() - RULES.keys() - NO_RULES} == {}


def test_every_rule_is_in_the_code() -> None:
    """An entry of the table is not enough: something makes the finding."""
    text = "".join(path.read_text() for path in PACKAGE.rglob("*.py") if path.name != "reading.py")
    assert [rule for rule in RULES if f'"{rule}"' not in text] == []
    assert len(found()) > 35


def test_no_finding_is_about_nothing() -> None:
    """The tests' `run` sees it of what is found; this is of what no test finds."""
    calls = [
        (path.name, node)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding"
    ]
    empty = [
        f"{name}:{each.lineno}"
        for name, call in calls
        for each in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "Place" and not (each.args or each.keywords)
    ]
    assert len(calls) > 60 and empty == []


def test_each_is_one_sentence() -> None:
    assert [rule for rule, each in RULES.items() if not re.fullmatch(r"[A-Z].*[A-Za-z0-9]\.", each.sentence)] == []
    assert list(RULES) == sorted(RULES)


def test_each_says_why_and_what_to_do() -> None:
    for rule, each in RULES.items():
        assert each.severity in (ERROR, WARNING, NOTE), rule
        assert re.fullmatch(r"(?s)[A-Z`].*[.)]", each.why), rule
        assert re.fullmatch(r"[A-Z`].*[.)]", each.fix), rule


def test_each_is_in_one_table_alone() -> None:
    ids = [rule.ID for table in TABLES.values() for rule in table]
    ids += [rule for room in reading.ROOMS.values() for rule in room]
    assert sorted(ids) == sorted(RULES)


def test_each_file_is_named_for_its_rule() -> None:
    files = {path.stem for path in (PACKAGE / "rules").rglob("*.py") if "\ndef check(" in path.read_text()}
    assert files == {rule.ID.replace("-", "_") for table in TABLES.values() for rule in table}


LENGTHS = {name: key.length for name, key in policy.KEYS.items()}
EXAMPLES = [
    (rule, passes, example)
    for rule in rules.RULES
    for passes in (False, True)
    for example in re.findall("`(.+?)`(?=, |$)", RULES[rule.ID].passes if passes else RULES[rule.ID].fails)
]


@pytest.mark.parametrize(
    ("rule", "passes", "example"),
    EXAMPLES,
    ids=[f"{rule.ID} {'passes' if good else 'fails'}" for rule, good, _ in EXAMPLES],
)
def test_the_examples_are_true(rule: rules.Rule, passes: bool, example: str) -> None:
    """What the documentation prints is what the rule does, for a Secret that has nothing but these keys."""
    written = yaml.safe_load(example)
    held = {key: value if isinstance(value, bytes) else str(value).encode() for key, value in written.items()}
    said = {field: held.pop(field).decode() for field in terms.EXPECTED if field in held}
    names = [key for key in held if key in policy.KEYS]
    asked = Requirement("a test", Place(), "s", "ns", {key: key for key in names}, LENGTHS)
    if said:
        named = "".join(f"{key}," for key in held if "oneOf" not in said and "together" not in said)
        found, problems = terms.read(flat.read({"required": named, **said}))
        assert not problems
        asked = asked._replace(keys={key: key for key in found.required}, lengths=found.lengths, terms=found.terms)
    assert bool(list(rule.check(asked, Values(held, {}, Place())))) != passes


def test_every_rule_with_a_check_has_both_examples() -> None:
    assert {(rule.ID, passes) for rule, passes, _ in EXAMPLES} == {
        (rule.ID, passes) for rule in rules.RULES for passes in (False, True)
    }


def test_a_page_has_it_all() -> None:
    text = pages.page("trailing-newline")
    assert text.startswith(
        "trailing-newline: A value ends in a line break.\n\nError; can be ignored (--ignore trailing-"
    )
    assert "Fix: Store the same value by `printf %s`" in text
    assert "Fails: `API_KEY_SECRET" in text
    assert "Passes: `API_KEY_SECRET" in text
    assert "can't be ignored" in pages.page("missing-key")
    with pytest.raises(KeyError):
        pages.page("no-such-rule")


def test_the_list_has_a_line_for_each() -> None:
    lines = pages.listing().splitlines()
    assert [line.split()[1] for line in lines] == list(RULES)
    assert lines[0] == f"warning  {'admin-rule':<{max(map(len, RULES))}}  {RULES['admin-rule'].sentence}"


def test_what_was_not_checked_can_be_ignored() -> None:
    """Under --strict it is an error, and a person may know better; that a key is not there nobody can."""
    assert [rule for rule in UNCHECKED if not RULES[rule].ignorable] == []
    assert [rule for rule in ABSENT if RULES[rule].ignorable] == []
