"""What is known of each key: its state, its length, where it comes from, and why the approach won."""

import pytest

from post_renderer.model.report import Judged
from post_renderer.model.settings import Settings
from tests.unit.streams import FILE, SOUND, contract, encoded, file, heimdall, mapped, run, secret, unfilled

FROM_ENVIRONMENT = {key: f"${{{key}}}" for key in SOUND}


def judged(stream: str, files: dict[str, bytes] | None = None, environ: dict[str, str] | None = None) -> Judged:
    """The only Secret of a stream."""
    (one,) = run(stream, files=files, environ=environ).report.judged
    return one


def inline(**changes: str) -> str:
    return secret(encoded({**SOUND, **changes})) + contract("inline")


NUMBER = secret({**SOUND, "API_KEY_SECRET": "10" * 33}, field="stringData").replace('"' + "10" * 33 + '"', "10" * 33)
ROWS: list[tuple[str, Judged, tuple[str, int]]] = [
    ("sound", judged(inline()), ("ok", 66)),
    ("short", judged(inline(API_KEY_SECRET="kP3-vQ8~wZ")), ("weak", 10)),
    ("characters, not bytes", judged(inline(API_KEY_SECRET="é" * 5 + "abcde")), ("weak", 10)),
    ("a placeholder", judged(inline(API_KEY_SECRET="CHANGE_ME")), ("refused", 9)),
    ("the same as another", judged(inline(API_KEY_SECRET=SOUND["JWT_SECRET"])), ("weak", 128)),
    ("empty", judged(inline(API_KEY_SECRET="")), ("missing", -1)),
    ("absent", judged(secret(encoded({"JWT_SECRET": "x"})) + contract("inline")), ("missing", -1)),
    ("not base64", judged(secret({**encoded(SOUND), "API_KEY_SECRET": "*"}) + contract("inline")), ("refused", -1)),
    ("a number in somebody else's chart", judged(NUMBER + heimdall(mapped())), ("refused", 66)),
    ("not in the stream", judged(contract("existing")), ("not checked", -1)),
    ("an unset variable", judged(secret(FROM_ENVIRONMENT) + contract("inline")), ("missing", -1)),
    ("a variable", judged(secret(FROM_ENVIRONMENT) + contract("inline"), environ=SOUND), ("ok", 66)),
    (
        "a variable that a chart may not read",
        judged(secret({**FROM_ENVIRONMENT, "API_KEY_SECRET": "${PATH}"}) + contract("inline"), environ=SOUND),
        ("missing", -1),
    ),
    ("a file", judged(secret(unfilled()) + contract("files"), {FILE: file(SOUND)}), ("ok", 66)),
    ("a file that is none", judged(secret(unfilled()) + contract("files"), {FILE: b"- x\n"}), ("not checked", -1)),
]


@pytest.mark.parametrize(("found", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_state(found: Judged, expected: tuple[str, int]) -> None:
    (state,) = (state for state in found.keys if state.key == "API_KEY_SECRET")
    assert (state.state, state.length) == expected
    assert str(state.source)


IGNORED = Settings(ignore={"placeholder": "a demo"})
# name, the value, the settings, the state
REFUSED = [
    ("a warning", "kP3-vQ8~wZ", Settings(), "weak"),
    ("a warning, and warnings are errors", "kP3-vQ8~wZ", Settings(strict=True), "refused"),
    ("an error that is ignored", "CHANGE_ME", IGNORED, "weak"),
    ("an ignored error, and warnings are errors", "CHANGE_ME", IGNORED._replace(strict=True), "weak"),
    ("another error than the ignored one", "", IGNORED, "missing"),
]


@pytest.mark.parametrize(("value", "settings", "state"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_key_is_refused_only_if_the_install_is(value: str, settings: Settings, state: str) -> None:
    report = run(inline(API_KEY_SECRET=value), settings).report
    assert {each.key: each.state for each in report.judged[0].keys}["API_KEY_SECRET"] == state
    assert report.ok == (state == "weak")


def test_a_note_leaves_a_key_ok() -> None:
    found = judged(inline(ADMIN_PASSWORD="Admin_4f81c09b7d2e635a"))
    assert [state.state for state in found.keys] == ["ok"] * 4


def test_keys_of_other_secrets_come_last() -> None:
    stream = secret(encoded(SOUND)) + contract("inline", sources="DATABASE_PASSWORD=pg-app/password")
    *_, last = judged(stream).keys
    assert (last.key, last.state, str(last.source)) == (
        "DATABASE_PASSWORD",
        "not checked",
        "heimdall.keys.DATABASE_PASSWORD, Secret ns/pg-app, key password",
    )


def test_two_secrets_each_by_itself() -> None:
    """What is wrong in one says nothing of the other."""
    stream = inline(API_KEY_SECRET="") + secret(encoded(SOUND), "b-secrets") + contract("inline", "b", valuesPath="b")
    first, second = run(stream, Settings(strict=True)).report.judged
    assert [state.state for state in first.keys] == ["ok", "missing", "ok", "ok"]
    assert [state.state for state in second.keys] == ["ok"] * 4


@pytest.mark.parametrize("approach", ["existing", "inline", "files"])
def test_why(approach: str) -> None:
    stream = secret(unfilled()) + contract(approach, ignored="secretsFiles" if approach != "files" else "")
    found = judged(stream, {FILE: file(SOUND)})
    assert found.why.startswith(f"{found.approach} is set, and ")
    assert found.ignored == (("heimdall.secretsFiles",) if approach != "files" else ())
