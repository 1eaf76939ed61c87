"""Tool, chart and gate of different versions: a difference is in the report, and fails nothing by itself."""

import pytest

from post_renderer.model.facts import LiveFact
from post_renderer.model.settings import Settings
from post_renderer.report import formats, text
from post_renderer.report.checked import Checked
from post_renderer.report.formats import FORMATS
from post_renderer.rules.digest import DIGEST
from tests.unit.streams import FILE, SOUND, contract, encoded, file, output, rules_of, run, secret, unfilled

OTHER = "0123456789ab"
STREAM = secret(encoded(SOUND))
HOSTILE = {
    "a line break": "x\\n::error::pwned",
    "a sequence of a terminal": "\\e[31mpwned",
    "a workflow command": "##[set-output name=pwned]",
    "markup": "[pwned](javascript:pwned) `pwned` <b>pwned</b>",
    "a secret where a digest should be": "pwned" * 20,
    "a longer digest": OTHER * 5,
    "a digest in capitals": OTHER.upper(),
    "other digits": "\u0661" * len(OTHER),
}


def noted(stream: str, strict: bool = False) -> list[str]:
    """The messages about rules; nothing else is in the report, and the stream leaves as it came."""
    outcome = run(stream, Settings(strict=strict))
    assert output(outcome) == stream
    found = outcome.report.findings
    assert [(each.rule, each.severity) for each in found] == [("rules-differ", "note")] * len(found)
    return [each.message for each in found]


def test_the_same_rules() -> None:
    assert noted(STREAM + contract("existing", policy=DIGEST)) == []


@pytest.mark.parametrize("strict", [False, True])
def test_other_rules(strict: bool) -> None:
    """Both digests, for the one who has to find the versions; under --strict too it is but a note."""
    (message,) = noted(STREAM + contract("existing", policy=OTHER), strict=strict)
    assert message == f"the chart has other rules ({OTHER}) than this heimdall-pr ({DIGEST}): their versions differ"


def test_a_chart_without_rules() -> None:
    """An older chart of ours, or one of somebody else: there is nothing to compare."""
    assert noted(STREAM + contract("existing")) == noted(STREAM + contract("existing", policy="")) == []


def test_a_field_of_a_later_chart_is_no_damage() -> None:
    assert noted(STREAM + contract("existing", nextYear="x", policy=DIGEST)) == []


def test_each_contract_once() -> None:
    both = secret(encoded(SOUND), "b-secrets") + contract("existing", "b", policy=OTHER)
    assert len(noted(STREAM + contract("existing", policy=OTHER) + both)) == 2
    assert len(noted(STREAM + contract("existing", policy=DIGEST) + both)) == 1


def test_files_are_filled_all_the_same() -> None:
    outcome = run(secret(unfilled()) + contract("files", policy=OTHER), files={FILE: file(SOUND)})
    assert output(outcome) == secret(dict(sorted(encoded(SOUND).items()))) + contract("files", policy=OTHER)
    assert rules_of(outcome, "note") == ["rules-differ"]


def test_with_a_live_secret() -> None:
    """What a cluster has is judged in a second round, and the note is not there twice."""
    live = LiveFact({key: value.encode() for key, value in SOUND.items()})
    outcome = run(contract("existing", policy=OTHER), Settings(live=True), live={"h-secrets": live})
    assert rules_of(outcome, "note") == ["rules-differ"]


def test_beside_an_error() -> None:
    """A person who looks for the reason of a refusal reads of the versions too."""
    outcome = run(secret(encoded({**SOUND, "JWT_SECRET": "CHANGE_ME"})) + contract("existing", policy=OTHER))
    assert (rules_of(outcome), rules_of(outcome, "note")) == (["placeholder"], ["rules-differ"])


@pytest.mark.parametrize("policy", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_digest_is_not_shown(policy: str) -> None:
    """In no format, and never "the same"."""
    outcome = run(STREAM + contract("existing", policy=policy))
    report = outcome.report
    (finding,) = report.findings
    assert finding.message == f"the chart has other rules than this heimdall-pr ({DIGEST}): their versions differ"
    checked = Checked(("r.yaml",), report.findings, (), report.judged, "r.yaml", "")
    shown = text.render(report) + "".join(formats.render(name, checked) for name in FORMATS)
    assert not any(word in shown for word in ("pwned", OTHER, OTHER.upper(), "\u0661"))


def test_it_can_be_ignored() -> None:
    outcome = run(STREAM + contract("existing", policy=OTHER), Settings(ignore={"rules-differ": "pinned"}))
    assert (outcome.report.findings, len(outcome.report.ignored)) == ((), 1)


VERSIONS = [
    ("the next one", "v3", "upgrade heimdall-pr", "pip install --upgrade heimdall-pr"),
    ("a much later one", "v10", "upgrade heimdall-pr", "pip install --upgrade heimdall-pr"),
    ("none", '""', "no version that this heimdall-pr knows", "as it was released"),
    ("an earlier one", "v0", "no version that this heimdall-pr knows", "as it was released"),
    ("another word", "latest", "no version that this heimdall-pr knows", "as it was released"),
    ("hostile", '"v2\\n::error::pwned"', "no version that this heimdall-pr knows", "as it was released"),
]


@pytest.mark.parametrize(("label", "told", "fix"), [row[1:] for row in VERSIONS], ids=[row[0] for row in VERSIONS])
def test_a_contract_of_another_version(label: str, told: str, fix: str) -> None:
    outcome = run(STREAM + contract("existing", label=label, policy=OTHER))
    assert rules_of(outcome) == ["contract-version"]
    (finding,) = outcome.report.findings
    assert told in finding.message
    assert fix in str(finding.fix)
    assert "pwned" not in text.render(outcome.report)
