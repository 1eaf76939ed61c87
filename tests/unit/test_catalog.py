"""The catalog of rules knows every rule that the code has, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import post_renderer
from post_renderer.pipeline import UNCHECKED
from post_renderer.rules.catalog import RULES
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
    rules: dict[str, str] = {}
    for path in MODULES:
        tree = ast.parse(path.read_text())
        in_flaws = flaws(tree) if path.parent.name == "producers" else ()
        rules |= dict.fromkeys((*in_findings(tree), *kebab(path, tree), *in_flaws), path.name)
    return rules


def test_no_rule_is_missing() -> None:
    rules = found()
    assert {rule: rules[rule] for rule in rules.keys() - RULES.keys() - NO_RULES} == {}


def test_every_rule_is_in_the_code() -> None:
    text = "".join(path.read_text() for path in PACKAGE.rglob("*.py") if path.name != "catalog.py")
    assert [rule for rule in RULES if f'"{rule}"' not in text] == []
    assert len(found()) > 35


def test_each_is_one_sentence() -> None:
    assert [rule for rule, each in RULES.items() if not re.fullmatch(r"[A-Z].*[A-Za-z0-9]\.", each.sentence)] == []
    assert list(RULES) == sorted(RULES)


def test_what_was_not_checked_can_be_ignored() -> None:
    """Under --strict it is an error, and a person may know better; that a key is not there nobody can."""
    assert [rule for rule in UNCHECKED if not RULES[rule].ignorable] == []
    assert [rule for rule in ABSENT if RULES[rule].ignorable] == []
