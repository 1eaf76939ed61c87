"""The gate and the tool say the same of the same values."""

import base64
import runpy
from pathlib import Path
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as some

from post_renderer.model.finding import Finding
from post_renderer.rules import policy
from tests.unit.secret_values import BAD, GOOD, WARNED
from tests.unit.streams import SOUND, contract, run, secret
from tests.unit.test_gate import PROGRAM

# The file that the cluster gets: a change of the rules that it lacks is found here, too.
gate = SimpleNamespace(**runpy.run_path(str(PROGRAM), run_name="gate"))
# Where the rules' borders are: what they know, and a character more or less.
PARTS = [
    *("ignored", "from-ci-environment", "changeme", "CHANGE-ME", "insecure_default", "SecurePassword123!"),
    *("your-db-password", "randomly-generated-66-chars", *SOUND.values()),
    *(
        "<",
        ">",
        "your-",
        "_here",
        "${A}",
        "$(a)",
        "{{ x }}",
        "${",
        "$$",
        "\n",
        "\r",
        " ",
        "\t",
        "\0",
        "é",
        "\u2028",
        "a",
    ),
    *("aB1-" * 4, "Admin_4f81c09b7d2e635a", "x" * 8, "k" * 72, "=", base64.b64encode(b"text of a person").decode()),
]
MEANT = [value for table in (BAD, WARNED, GOOD) for values in table.values() for value in values]
VALUE = some.one_of(
    some.sampled_from(MEANT).map(str.encode),
    some.builds(lambda value, more: f"{value}{more}".encode(), some.sampled_from(MEANT), some.sampled_from(PARTS)),
    some.lists(some.sampled_from(PARTS), max_size=3).map("".join).map(str.encode),
    some.binary(max_size=140),
    some.text(max_size=140).map(str.encode),
    some.text(alphabet="0123456789abcdef", min_size=8, max_size=140).map(lambda text: base64.b64encode(text.encode())),
    some.sampled_from([value.encode() for value in SOUND.values()]),
)
NEAR = [f"{key[:-1]}" for key in policy.KEYS] + [key.lower() for key in policy.OPTIONAL] + list(policy.LEGACY)
KEY = some.one_of(
    some.sampled_from([*policy.KEYS, *policy.OPTIONAL, *NEAR, "with-dash", "1_A", "TOO.MANY"]),
    some.text(alphabet="ABCD_SECRETPWO-.", min_size=1, max_size=16).filter(lambda key: key.strip("-.")),
)
VALUES = some.builds(
    lambda sound, more, without: {key: value for key, value in {**sound, **more}.items() if key not in without},
    some.just({key: value.encode() for key, value in SOUND.items()}),
    some.dictionaries(KEY, VALUE, max_size=6),
    some.sets(some.sampled_from(list(policy.KEYS)), max_size=1),
)
REQUIRED, LENGTHS = ",".join(policy.KEYS), ",".join(f"{name}={key.length}" for name, key in policy.KEYS.items())


ASKED = some.sampled_from([(REQUIRED, LENGTHS), ("TOKEN,JWT_SECRETS", "TOKEN=101")])


def told(finding: Finding) -> tuple[str, str, str, str, str]:
    fix = "" if finding.rule in ("near-miss", "missing-key") else str(finding.fix)
    return finding.severity, finding.rule, finding.message, finding.expected, fix


@given(VALUES, ASKED)
def test_the_same_findings(values: dict[str, bytes], asked: tuple[str, str]) -> None:
    """Severity, rule, message, expectation and fix of each; for another application too.

    The gate knows no values of the user: a key of another name is renamed there, not named in `heimdall.keys`.
    """
    required, lengths = asked
    ask = gate.parse(["--dir=x", f"--required={required}", f"--lengths={lengths}"], "gate")
    ours = gate.findings(ask, gate.Seen(values, {}))
    found = [told(one) for one in ours]
    written = {f'"{key}': base64.b64encode(value).decode() for key, value in values.items()}
    head = contract("existing", required=required, lengths=lengths)
    stream = head + secret({f'{key}"': value for key, value in written.items()})
    theirs = run(stream).report.findings
    assert sorted(found) == sorted(map(told, theirs))


@given(VALUES)
def test_missing_means_the_same(values: dict[str, bytes]) -> None:
    """What it waits for is what it then reports."""
    ask = gate.parse(["--dir=x"], "gate")
    seen = gate.Seen(values, {})
    assert gate.lacking(ask, seen) == [one.key for one in gate.findings(ask, seen) if one.rule == "missing-key"]


def test_the_loader_has_the_same_file() -> None:
    """`heimdall-pr gate` runs hooks/gate.py."""
    from post_renderer.commands import gate as command

    assert Path(PROGRAM) == command.CHECKOUT
