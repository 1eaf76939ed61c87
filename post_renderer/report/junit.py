"""The report as JUnit's XML: a test case for each finding, and one for each key that is right or not checked."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from post_renderer.model.finding import ERROR, Finding
from post_renderer.report.checked import Checked
from post_renderer.report.text import labelled, shown
from post_renderer.sources import key_status

NAME = "heimdall-pr check"


def render(checked: Checked) -> str:
    """One suite: errors fail, ignored findings and unchecked keys are skipped, all else passes."""
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
        case.set("file", shown(checked.path(finding)))
        case.set("line", str(finding.where.line or 1))
    text = "\n".join(labelled(finding, checked.about(finding.rule)))
    if finding.severity == ERROR:
        _element(case, "failure", message=finding.message, type=finding.rule).text = text
    else:
        _element(case, "system-out").text = f"{finding.severity}: {text}"


def _name(finding: Finding) -> str:
    return f"{finding.rule}: {finding.where}"


def _element(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, {name: shown(text) for name, text in attributes.items()})


def _document(suite: ET.Element) -> str:
    """The document, with the counts that readers want in the suite and in the root."""
    counts = {"tests": len(suite), "failures": len(suite.findall("*/failure")), "errors": 0}
    counts["skipped"] = len(suite.findall("*/skipped"))
    suites = ET.Element("testsuites", name=NAME)
    for element in (suites, suite):
        for name, number in counts.items():
            element.set(name, str(number))
    suites.append(suite)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"
