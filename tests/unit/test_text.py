"""The report for a person."""

import pytest

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding, Place
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


def test_a_long_fix_of_several_parts_is_shown_a_part_a_line() -> None:
    ways = ("existing Secret: --set heimdall.existingSecret=NAME", "inline: a", f"files: {'x' * 60}", "by hand: y")
    shown = text.render(Report((MISSING._replace(fix="; ".join(ways)),)))
    assert f"fix       {ways[0]}\n{' ' * 18}{ways[1]}\n{' ' * 18}{ways[2]}\n{' ' * 18}{ways[3]}\n" in shown
    assert "fix       a; b\n" in text.render(Report((MISSING._replace(fix="a; b"),)))


PLAIN = [
    ("escape", "a\x1b[31mb", "a\\x1b[31mb"),
    ("line breaks", "a\nb\r\u2028", "a\\nb\\r\\u2028"),
    ("right to left", "a\u202eb", "a\\u202eb"),
    ("a name that is no UTF-8", "a\udcffb", "a\\udcffb"),
    ("wide", "é😀", "é😀"),
]


@pytest.mark.parametrize(("given", "expected"), [row[1:] for row in PLAIN], ids=[row[0] for row in PLAIN])
def test_plain(given: str, expected: str) -> None:
    assert text.plain(given) == expected


def test_coloured_marks_severities_alone() -> None:
    coloured = text.coloured(text.render(Report((MISSING, WARNED._replace(message="x error y")), (SEEN,))))
    assert "\n\x1b[31merror\x1b[0m   missing-key" in coloured
    assert coloured.count("\x1b[31m") == 1
