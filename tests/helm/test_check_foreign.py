"""`heimdall-pr check` on other people's charts: what was rendered is what counts, whatever the values say."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.checking import VALUES, Checker, told
from tests.foreign import EXTERNAL, OLD, copied, in_chart
from tests.helms import Helm
from tests.support import KEYS, Values

SOPS = {"sops": {"enabled": True, "secrets": list(KEYS)}}
PASSWORD = "DATABASE_PASSWORD"


@pytest.fixture
def desk(helm: Helm, tmp_path: Path) -> Checker:
    return Checker(helm, tmp_path / "desk")


def found(desk: Checker, chart: Path, *args: str) -> dict[str, Any]:
    """The JSON of a check in which every finding has a place."""
    result = desk.found(*args, chart=chart)
    assert all(any(each["where"].values()) for each in result["findings"])
    return result


# --- what wins is what was rendered ----------------------------------------------------------------------------------


@pytest.mark.parametrize("left", [[], ["JWT_SECRET"], list(KEYS)], ids=["alone", "one left over", "all left over"])
def test_the_released_charts_sops(desk: Checker, tmp_path: Path, left: list[str]) -> None:
    """Its Secret comes otherwise: the flat values that are left are of no use, and no contradiction."""
    desk.write({**{OLD[key]: desk.secrets[key] for key in left}, **SOPS})
    result = found(desk, copied(tmp_path, "foreign-released"), "-f", VALUES)
    notes = [("ignored", None, f"{VALUES}:1")] if left else []
    assert result["ok"]
    assert told(result)[0][0] == "not-checked" and told(result)[1:] == notes


MERGED = [
    ("some by each", ["JWT_SECRET"], [key for key in KEYS if key != "JWT_SECRET"], []),
    ("all inline, and an empty file", list(KEYS), [], []),
    ("one by both: the last one of the Secret counts", ["JWT_SECRET"], list(KEYS), ["duplicate-key", "ignored"]),
]


@pytest.mark.parametrize(("inline", "filed", "rules"), [row[1:] for row in MERGED], ids=[row[0] for row in MERGED])
def test_the_next_charts_own_order(
    desk: Checker, tmp_path: Path, inline: list[str], filed: list[str], rules: list[str]
) -> None:
    chart = copied(tmp_path, "upstream-model")
    other = {key: value[::-1] for key, value in desk.secrets.items()}
    in_chart(chart, {key: other[key] for key in filed})
    desk.keep_back(other)
    desk.write({**EXTERNAL, "heimdall": {"secrets": {key: desk.secrets[key] for key in inline}}})
    result = found(desk, chart, "-f", VALUES)
    seen = [each for each in result["findings"] if each["rule"] not in ("admin-rule", "short-value", "taken-for")]
    assert [each["rule"] for each in seen] == rules
    assert [each["where"]["file"] for each in seen if each["rule"] == "ignored"] == [VALUES] * ("ignored" in rules)
    assert "wins" not in json.dumps(result) and "ignored, because" not in json.dumps(result)
    explained = desk.cli("explain", str(chart), "-f", VALUES).stdout
    assert "ignored" not in explained and "comes first" not in explained


# --- what is no text -------------------------------------------------------------------------------------------------

NO_TEXT = ["12345678", "1_234_567", "0x1F2E3D4C", "017171717", "1234.5678", "12e10", "12345678901234567890", "yes",
           "on", "true", "[a, b]", "{a: b}"]  # fmt: skip
TEXT = ['"12345678"', "'yes'", "2024-01-01", "12345678a", "0x1F2G3D4C", "1.2.3.4567", "'[a, b]'"]


HEAD = """\
postgresql: {enabled: false}
externalDatabase: {host: db}
heimdall:
  secretsFiles: []
  secrets:
"""


def write(desk: Checker, released: bool, value: str, key: str = PASSWORD) -> int:
    """A values file in which one secret is written so; its line."""
    names = OLD if released else {each: f"    {each}" for each in KEYS}
    head = "" if released else HEAD
    lines = [f"{names[each]}: {value if each == key else json.dumps(desk.secrets[each])}" for each in KEYS]
    (desk.folder / VALUES).write_text(head + "\n".join(lines) + "\n")
    return head.count("\n") + list(KEYS).index(key) + 1


@pytest.mark.parametrize("fixture", ["foreign-released", "upstream-model"])
def test_no_text_in_a_file(desk: Checker, tmp_path: Path, fixture: str) -> None:
    """Quote it, in that line: also if the chart then does not render, as b64enc takes texts alone."""
    chart = copied(tmp_path, fixture)
    for value in NO_TEXT:
        line = write(desk, fixture == "foreign-released", value)
        result = found(desk, chart, "-f", VALUES)
        (one,) = (each for each in result["findings"] if each["rule"] == "not-a-string")
        name = OLD[PASSWORD] if fixture == "foreign-released" else PASSWORD
        assert (one["where"]["file"], one["where"]["line"], one["key"]) == (VALUES, line, PASSWORD), value
        assert one["fix"] == f'quote it, in that line: {name}: "…"'
        others = {each["rule"] for each in result["findings"] if each["severity"] == "error"} - {"not-a-string"}
        assert others <= {"render-failed"} and "--values" not in json.dumps(result["findings"])


@pytest.mark.parametrize("fixture", ["foreign-released", "upstream-model"])
def test_a_text_in_a_file(desk: Checker, tmp_path: Path, fixture: str) -> None:
    chart = copied(tmp_path, fixture)
    for value in TEXT:
        write(desk, fixture == "foreign-released", value)
        rules = {rule for rule, _, _ in told(found(desk, chart, "-f", VALUES))}
        assert not {"not-a-string", "values-contradict", "render-failed"} & rules


SETS = [
    ("--set", f"heimdall.secrets.{PASSWORD}=true", f"--set-string heimdall.secrets.{PASSWORD}=…, for helm too"),
    ("--set", f"heimdall.secrets.{PASSWORD}={{a,b}}", f"--set-string heimdall.secrets.{PASSWORD}=…, for helm too"),
    ("--set-json", f"heimdall.secrets.{PASSWORD}=true", "a text, in double quotes, for helm too"),
    ("--set", f"heimdall.secrets.{PASSWORD}=12345678", f"--set-string heimdall.secrets.{PASSWORD}=…, for helm too"),
    ("--set-json", f"heimdall.secrets.{PASSWORD}=12345678", "a text, in double quotes, for helm too"),
]


@pytest.mark.parametrize(("flag", "text", "fix"), SETS, ids=[f"{flag} {text}" for flag, text, _ in SETS])
def test_no_text_by_set(desk: Checker, tmp_path: Path, flag: str, text: str, fix: str) -> None:
    write(desk, False, "")
    done = desk.check("-f", VALUES, flag, text, chart=copied(tmp_path, "upstream-model"))
    assert done.returncode in (1, 2) and f"fix       {fix}" in done.stdout + done.stderr


def test_a_text_by_set(desk: Checker, tmp_path: Path) -> None:
    write(desk, False, "")
    args = ("-f", VALUES, "--set-string", f"heimdall.secrets.{PASSWORD}=12345678")
    assert "not-a-string" not in {rule for rule, _, _ in told(found(desk, copied(tmp_path, "upstream-model"), *args))}


def test_no_text_for_our_own_chart(desk: Checker) -> None:
    """The chart refuses it, and the place is the key's."""
    values: Values = {"heimdall": {"secrets": {**desk.secrets, PASSWORD: 12345678}}}
    desk.write(values)
    result = desk.found("-f", VALUES)
    line = list(desk.secrets).index(PASSWORD) + 3
    assert told(result) == [("chart-refused", PASSWORD, f"{VALUES}:{line}")]
    assert result["findings"][0]["fix"] == f'quote it, in that line: {PASSWORD}: "…"'


# --- what an install with --inject will do ---------------------------------------------------------------------------


def test_inject(desk: Checker, tmp_path: Path) -> None:
    """`check` says what the filter does with the same option, and what an upgrade without it would do."""
    chart = copied(tmp_path, "foreign-released")
    desk.write({OLD[key]: f"${{{key}}}" for key in KEYS})
    result = desk.found("-f", VALUES, "--inject", chart=chart, env=desk.secrets)
    (note,) = result["findings"]
    assert (result["ok"], note["rule"]) == (True, "injected")
    assert "fills 4 keys from the environment; an upgrade that forgets it makes the published text" in note["message"]
    refused = desk.found("-f", VALUES, chart=chart, env=desk.secrets)
    assert {rule for rule, _, _ in told(refused, "error")} == {"placeholder"}
    unset = desk.found("-f", VALUES, "--inject", chart=chart)
    assert told(unset, "error") == [("env-unset", key, f"{VALUES}:{line}") for line, key in enumerate(KEYS, 1)]


# --- the user's file and line, and the value's name ------------------------------------------------------------------


def test_the_users_own_line(desk: Checker, tmp_path: Path) -> None:
    """What the values give has the file and line; what they lack has the chart's name for it."""
    chart = copied(tmp_path, "foreign-released")
    flat = {OLD[key]: desk.secrets[key] for key in KEYS if key != "ADMIN_PASSWORD"}
    desk.write({**flat, "adminPassword": "changeme"})
    weak = desk.found("-f", VALUES, chart=chart)
    assert told(weak, "error") == [("placeholder", "ADMIN_PASSWORD", f"{VALUES}:4")]
    desk.write({**flat, "adminPasword": "Admin_0123456789abcdef"})
    misspelt = desk.found("-f", VALUES, chart=chart)
    assert told(misspelt, "error") == [("missing-key", "ADMIN_PASSWORD", f"{VALUES}:4")]
    assert misspelt["findings"][0]["fix"] == "did you mean adminPassword? rename adminPasword in the values"
    desk.write(flat)
    lacking = desk.found("-f", VALUES, chart=chart)
    assert lacking["findings"][0]["fix"].endswith("as adminPassword in the values")
    assert lacking["findings"][0]["where"]["values"] == "adminPassword"
