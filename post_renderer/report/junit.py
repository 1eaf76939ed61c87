"""The report as JUnit's XML: a test case for each finding, and one for each key that is as it should be."""

from xml.etree import ElementTree as ET

from post_renderer.model.finding import ERROR, Finding
from post_renderer.report.checked import Checked
from post_renderer.report.text import plain
from post_renderer.sources import key_status

NAME = "heimdall-pr check"


def render(checked: Checked) -> str:
    """One suite: errors fail, what was ignored or not checked is skipped, all else passes."""
    suite = ET.Element("testsuite", name=NAME)
    for finding in checked.findings:
        _case(checked, suite, finding)
    for each in checked.ignored:
        case = _element(suite, "testcase", name=_name(each.finding), classname=checked.path(each.finding))
        _element(case, "skipped", message=f"ignored: {each.reason}")
    for judged in checked.judged:
        for state in judged.keys:
            if state.state in (key_status.OK, key_status.NOT_CHECKED):
                case = _element(suite, "testcase", name=f"{state.key} is {state.state}", classname=judged.secret)
                if state.state == key_status.NOT_CHECKED:
                    _element(case, "skipped", message=f"not checked here: {state.source}")
    if not len(suite):
        _element(suite, "testcase", name="nothing to check", classname=checked.fallback)
    return _document(suite)


def _case(checked: Checked, suite: ET.Element, finding: Finding) -> None:
    case = _element(suite, "testcase", name=_name(finding), classname=checked.path(finding))
    if finding.where.file:
        case.set("file", plain(checked.path(finding)))
        case.set("line", str(finding.where.line or 1))
    parts = (("", finding.message), ("where: ", str(finding.where)), ("expected: ", finding.expected))
    said = "\n".join(f"{label}{plain(text)}" for label, text in (*parts, ("fix: ", str(finding.fix))) if text)
    if finding.severity == ERROR:
        _element(case, "failure", message=finding.message, type=finding.rule).text = said
    else:
        _element(case, "system-out").text = f"{finding.severity}: {said}"


def _name(finding: Finding) -> str:
    return f"{finding.rule}: {finding.where}"


def _element(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, {name: plain(text) for name, text in attributes.items()})


def _document(suite: ET.Element) -> str:
    """With the counts that readers want at the suite and at the top."""
    counts = {"tests": len(suite), "failures": len(suite.findall("*/failure")), "errors": 0}
    counts["skipped"] = len(suite.findall("*/skipped"))
    suites = ET.Element("testsuites", name=NAME)
    for element in (suites, suite):
        for name, number in counts.items():
            element.set(name, str(number))
    suites.append(suite)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"
