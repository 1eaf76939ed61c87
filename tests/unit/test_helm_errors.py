"""Why helm did not render: each refusal a finding, with the values path that it is about."""

import pytest

from post_renderer.adapters import helm_errors
from post_renderer.model.fix import QUOTE

OWN = """execution error at (heimdall/templates/contract.yaml:1:4):

heimdall: nothing was rendered: 6 errors

heimdall.secrets: API_KEY_SECRET is missing; expected: 66 characters, openssl rand -hex 33
heimdall.secrets: ADMIN_PASSWORD is missing; expected: 22 characters, echo "Admin_$(openssl rand -hex 8)"
heimdall.secrets: DATABASE_PASSWORD is not a string (write it in quotes, or use --set-string); expected: 9 characters, x
heimdall.secrets: JWT_SECRET is not a string (write it in quotes, or use --set-string); expected: a text
replicaCount must be 1: each process has a session secret of its own.
No secrets: set one of these three.
  existing Secret  --set heimdall.existingSecret=NAME
  files            heimdall-pr generate env/heimdall-secrets.yaml
                   --set 'heimdall.secretsFiles={env/heimdall-secrets.yaml}'
"""
SCHEMA = """values don't meet the specifications of the schema(s) in the following chart(s):
heimdall:
- at '/heimdall/secrets': got string, want object
- at '': additional properties 'heimdal' not allowed
- heimdall.image.tag: Invalid type. Expected: string, given: integer
- at '/heimdall/secrets/JWT_SECRET': got number, want string
- replicas: Invalid type. Expected: integer, given: string
- (root): Additional property x is not allowed
"""
CHOICE = (
    "the chart says: existing Secret: --set heimdall.existingSecret=NAME; "
    "files: heimdall-pr generate env/heimdall-secrets.yaml, "
    "then --set 'heimdall.secretsFiles={env/heimdall-secrets.yaml}'"
)
OTHER = "parse error at (x/templates/y.yaml:3): unclosed action"

Row = tuple[str, str, str, str, str]
ROWS: list[tuple[str, str, list[Row]]] = [
    (
        "the chart's own",
        OWN,
        [
            (
                "chart-refused",
                "heimdall.secrets.API_KEY_SECRET",
                "API_KEY_SECRET is missing",
                "66 characters",
                "openssl rand -hex 33",
            ),
            (
                "chart-refused",
                "heimdall.secrets.ADMIN_PASSWORD",
                "ADMIN_PASSWORD is missing",
                "22 characters",
                'echo "Admin_$(openssl rand -hex 8)"',
            ),
            *(
                (
                    "chart-refused",
                    f"heimdall.secrets.{key}",
                    f"{key} is not a string (write it in quotes, or use --set-string)",
                    expected,
                    QUOTE,
                )
                for key, expected in (("DATABASE_PASSWORD", "9 characters"), ("JWT_SECRET", "a text"))
            ),
            (
                "chart-refused",
                "replicaCount",
                "replicaCount must be 1: each process has a session secret of its own.",
                "",
                "",
            ),
            (
                "chart-refused",
                "",
                "No secrets: set one of these three.",
                "",
                CHOICE,
            ),
        ],
    ),
    (
        "what the chart's author wrote: no value is wrong",
        "shop: nothing was rendered: 1 error\n\nthe chart's list of secrets (shop.secrets): keys is not a mapping\n",
        [("chart-refused", "", "the chart's list of secrets (shop.secrets): keys is not a mapping", "", "")],
    ),
    (
        "a schema, of both majors' validators",
        SCHEMA,
        [
            ("values-schema", "heimdall.secrets", "got string, want object", helm_errors.SCHEMA_EXPECTED, ""),
            (
                "values-schema",
                "heimdal",
                "additional properties 'heimdal' not allowed",
                helm_errors.SCHEMA_EXPECTED,
                "",
            ),
            (
                "values-schema",
                "heimdall.image.tag",
                "Invalid type. Expected: string, given: integer",
                helm_errors.SCHEMA_EXPECTED,
                QUOTE,
            ),
            (
                "values-schema",
                "heimdall.secrets.JWT_SECRET",
                "got number, want string",
                helm_errors.SCHEMA_EXPECTED,
                QUOTE,
            ),
            (
                "values-schema",
                "replicas",
                "Invalid type. Expected: integer, given: string",
                helm_errors.SCHEMA_EXPECTED,
                "",
            ),
            ("values-schema", "x", "Additional property x is not allowed", helm_errors.SCHEMA_EXPECTED, ""),
        ],
    ),
    (
        "anything else",
        OTHER,
        [("render-failed", "", f"helm can't render the chart: {OTHER}", "a chart that renders", "helm template ./c")],
    ),
]


@pytest.mark.parametrize(("output", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_findings(output: str, expected: list[Row]) -> None:
    found = helm_errors.findings(output, "./c")
    assert [(each.rule, each.where.values, each.message, each.expected, str(each.fix)) for each in found] == expected
    assert all(each.severity == "error" and str(each.where) for each in found)


def test_the_words_of_a_chart_are_not_our_advice() -> None:
    """Any chart can print what our own does."""
    output = "heimdall: nothing was rendered: 1 error\n\nheimdall.secrets: JWT_SECRET is missing; expected: x, run me\n"
    assert [str(each.fix) for each in helm_errors.findings(output, "./c")] == ["the chart says: run me"]


def test_a_hostile_chart_s_name_is_quoted() -> None:
    (found,) = helm_errors.findings(OTHER, "$(id)")
    assert str(found.fix) == "helm template '$(id)'"


def test_a_long_message_is_cut() -> None:
    (found,) = helm_errors.findings("x" * 5000, "c")
    assert len(found.message) < 700
