"""The report as SARIF 2.1.0, which code scanning reads."""

from __future__ import annotations

import hashlib
import os
import re
from urllib.parse import quote

from post_renderer import __version__
from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.report.checked import Checked
from post_renderer.report.gitlab import identity
from post_renderer.report.json import dump
from post_renderer.report.text import cut, fix, shown
from post_renderer.rules import catalog, pages

# https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BRACKET = re.compile(r"[\[\]\\]")
LEVELS = {ERROR: "error", WARNING: "warning", NOTE: "note"}


def render(checked: Checked) -> str:
    """One run; ignored findings are results with a suppression."""
    every = [*checked.findings, *(each.finding for each in checked.ignored)]
    rules = sorted({finding.rule for finding in every})
    results = [_result(checked, finding, rules) for finding in every]
    for result, each in zip(results[len(checked.findings) :], checked.ignored, strict=True):
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": shown(each.reason)}]
    run = {
        "tool": {"driver": _driver(checked, rules)},
        "invocations": [{"executionSuccessful": True}],
        "results": results,
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _driver(checked: Checked, rules: list[str]) -> dict[str, object]:
    return {"name": "heimdall-pr", "version": __version__, "rules": [_rule(checked, rule) for rule in rules]}


def _rule(checked: Checked, rule: str) -> dict[str, object]:
    """A rule with its whole page, which code scanning shows beside a finding; its address if that is known."""
    found: dict[str, object] = {"id": rule, "shortDescription": {"text": catalog.sentence(rule)}}
    if rule in catalog.RULES:
        found["help"] = {"text": pages.page(rule), "markdown": pages.markdown(rule)}
    if address := checked.page(rule):
        found["helpUri"] = address
    return found


def _result(checked: Checked, finding: Finding, rules: list[str]) -> dict[str, object]:
    rest = (("Expected", shown(finding.expected)), ("Fix", fix(finding.fix)))
    text = "\n".join((shown(finding.message), *(f"{label}: {text}" for label, text in rest if text)))
    subject = identity(checked, finding).encode(errors="backslashreplace")
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": LEVELS[finding.severity],
        "message": {"text": _without_links(text)},
        "locations": [_location(checked, finding)],
        "partialFingerprints": {"heimdallPr/v1": hashlib.sha256(subject).hexdigest()[:32]},
    }


def _without_links(text: str) -> str:
    """A text in which `[text](target)` is no link (SARIF 3.11.6): its brackets and backslashes are escaped."""
    return BRACKET.sub(r"\\\g<0>", text) if "](" in text else text


def _location(checked: Checked, finding: Finding) -> dict[str, object]:
    """The file and line, or the fallback file; and the values path or the object by name."""
    where = finding.where
    line = (where.line if where.file else 0) or 1
    names = [("member", where.values), ("object", where.what)]
    location: dict[str, object] = {
        "physicalLocation": {"artifactLocation": _artifact(checked.path(finding)), "region": {"startLine": line}}
    }
    if logical := [{"fullyQualifiedName": shown(name), "kind": kind} for kind, name in names if name]:
        location["logicalLocations"] = logical
    return location


def _artifact(path: str) -> dict[str, str]:
    """A path relative to the root of the checkout; an absolute one as it is."""
    uri = quote(os.fsencode(cut(path)))
    if os.path.isabs(path):
        return {"uri": f"file://{uri}"}
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}
