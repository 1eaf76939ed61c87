"""The report for a person."""

import pytest

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding, Place
from post_renderer.model.fix import Command, Fix, Ways, command
from post_renderer.model.report import Judged, Report
from post_renderer.report import text

MISSING = Finding(
    ERROR,
    "missing-key",
    Place(file="env/s.yaml", values="heimdall.secretsFiles[0]"),
    "API_KEY_SECRET is missing",
    "66 characters",
    "make it",
)
WARNED = Finding(WARNING, "short-value", Place("here"), "JWT_SECRET has only 20 characters")
NOTED = Finding(NOTE, "ignored", Place(values="heimdall.secrets"), "ignored")
SEEN = Judged("Secret ns/h-secrets", "heimdall.secretsFiles", True, 4, ("env/s.yaml",))
UNSEEN = Judged("Secret ns/other", "heimdall.existingSecret", False, 4)

REPORTS = [
    (
        "refused, errors first",
        Report((NOTED, WARNED, MISSING), (SEEN,), documents=14),
        """heimdall-pr: nothing was installed: 1 error in a stream of 14 documents
heimdall-pr: read: env/s.yaml

error   missing-key   API_KEY_SECRET is missing
        where     env/s.yaml, heimdall.secretsFiles[0]
        expected  66 characters
        fix       make it

warning short-value   JWT_SECRET has only 20 characters
        where     here

note    ignored   ignored
        where     heimdall.secrets

more: heimdall-pr explain missing-key short-value
""",
    ),
    (
        "notes alone lead nowhere",
        Report((NOTED,), (SEEN,)),
        """heimdall-pr: ok: Secret ns/h-secrets has its 4 required keys (heimdall.secretsFiles; read: env/s.yaml)

note    ignored   ignored
        where     heimdall.secrets
""",
    ),
    (
        "one rule by its name",
        Report((MISSING, MISSING), (SEEN,), documents=1),
        """heimdall-pr: nothing was installed: 2 errors in a stream of 1 document
heimdall-pr: read: env/s.yaml

error   missing-key   API_KEY_SECRET is missing
        where     env/s.yaml, heimdall.secretsFiles[0]
        expected  66 characters
        fix       make it

error   missing-key   API_KEY_SECRET is missing
        where     env/s.yaml, heimdall.secretsFiles[0]
        expected  66 characters
        fix       make it

more: heimdall-pr explain missing-key
""",
    ),
    (
        "accepted",
        Report((), (SEEN,)),
        "heimdall-pr: ok: Secret ns/h-secrets has its 4 required keys (heimdall.secretsFiles; read: env/s.yaml)\n",
    ),
    (
        "never ok about what was not checked",
        Report((), (SEEN, UNSEEN)),
        """heimdall-pr: ok: Secret ns/h-secrets has its 4 required keys (heimdall.secretsFiles; read: env/s.yaml)
heimdall-pr: not checked here: Secret ns/other (heimdall.existingSecret)
""",
    ),
    ("nothing", Report(()), "heimdall-pr: nothing to check\n"),
]


@pytest.mark.parametrize(("report", "expected"), [row[1:] for row in REPORTS], ids=[row[0] for row in REPORTS])
def test_render(report: Report, expected: str) -> None:
    assert text.render(report) == expected


LONG = "x" * 150
FIXES: list[tuple[str, Fix, str]] = [
    (
        "long ways, a line each",
        Ways((f"a {LONG}", "b; c", command("d", "e f"))),
        f"a {LONG}\n{18 * ' '}b; c\n{18 * ' '}d 'e f'",
    ),
    ("short ways", Ways(("a", "b")), "a; b"),
    ("long prose, whose semicolons are a name's", f"a {LONG}; ::stop-commands::x", f"a {LONG}; ::stop-commands::x"),
    ("a long command", command("a", f"{LONG}; ::stop-commands::x"), f"a '{LONG}; ::stop-commands::x'"),
    (
        "a way that is a workflow command",
        Ways((f"a {LONG}", "::stop-commands::x")),
        f"a {LONG}\n{18 * ' '}\\x3a:stop-commands::x",
    ),
    ("prose without end", "x" * 5000, f"{'x' * 1000}…"),
    ("a command without end", Command((("a", "x" * 5000),)), "a command of 5002 characters, too long to show"),
    ("a command of some length", Command((("a", "x" * 3000),)), f"a {'x' * 3000}"),
]


@pytest.mark.parametrize(("fix", "expected"), [row[1:] for row in FIXES], ids=[row[0] for row in FIXES])
def test_fix(fix: Fix, expected: str) -> None:
    """Lines are broken between our own ways alone, never in a name."""
    assert f"        fix       {expected}\n" in text.render(Report((MISSING._replace(fix=fix),)))


PLAIN = [
    ("escape", "a\x1b[31mb", "a\\x1b[31mb"),
    ("line breaks", "a\nb\r\u2028\u2029\x85\x0b", "a\\nb\\r\\u2028\\u2029\\x85\\x0b"),
    ("right to left", "a\u202eb\u2066", "a\\u202eb\\u2066"),
    ("a workflow command in a line", "a ##[set-output name=x]y", "a #\\x23[set-output name=x]y"),
    ("of Azure Pipelines", "##vso[task.x]", "#\\x23vso[task.x]"),
    ("of TeamCity", "##teamcity[x]", "#\\x23teamcity[x]"),
    ("with one sign more", "###[x]", "##\\x23[x]"),
    ("at the start", "::stop-commands::x", "\\x3a:stop-commands::x"),
    ("after spaces", "  ::x::", "  \\x3a:x::"),
    ("two colons in a line", "a::b ::c::", "a::b ::c::"),
    ("one colon at the start", ":a: ::b", ":a: ::b"),
    ("signs that no runner obeys", "## a # [b] #[c] ##", "## a # [b] #[c] ##"),
    ("a name that is no UTF-8", "a\udcffb", "a\\udcffb"),
    ("wide", "é😀", "é😀"),
]


@pytest.mark.parametrize(("given", "expected"), [row[1:] for row in PLAIN], ids=[row[0] for row in PLAIN])
def test_plain(given: str, expected: str) -> None:
    assert text.plain(given) == expected
    assert text.plain(expected) == expected


def test_lines() -> None:
    """Another program's error keeps its line breaks and nothing else."""
    assert text.lines("a\n::b\n\x1b ##[c]\r\n") == "a\n\\x3a:b\n\\x1b #\\x23[c]\\r\n"


def test_coloured_marks_severities_alone() -> None:
    coloured = text.coloured(text.render(Report((MISSING, WARNED._replace(message="x error y")), (SEEN,))))
    assert "\n\x1b[31merror\x1b[0m   missing-key" in coloured
    assert coloured.count("\x1b[31m") == 1
