"""The values that a user gives to a command: which files it takes, and what no message may show of a chart's own."""

import os
import tarfile
from pathlib import Path

import pytest

from post_renderer.adapters import values
from post_renderer.adapters.helm import Values
from post_renderer.masking import mask
from post_renderer.masking.mask import GONE
from post_renderer.model.errors import UsageError

CANARY = "kP3vQ8wZ1xR6yT4aB"

REFUSED: list[tuple[str, Values, str]] = [
    ("a pipe", Values(("pipe",)), "--values pipe is no file"),
    ("a pipe after a file", Values(("file.yaml", "pipe")), "--values pipe is no file"),
    ("a device", Values(("/dev/null",)), "--values /dev/null is no file"),
    ("a pipe for --set-file", Values((), (("set-file", "a=pipe"),)), "--set-file pipe is no file"),
    ("a second pair", Values((), (("set-file", "a=file.yaml,b=pipe"),)), "--set-file pipe is no file"),
]
TAKEN: list[tuple[str, Values]] = [
    ("a file", Values(("file.yaml",))),
    ("standard input", Values(("-",))),
    ("nothing there, which helm says", Values(("absent.yaml",))),
    ("a folder, which helm says", Values((".",))),
    ("a file for --set-file", Values((), (("set-file", "a=file.yaml"),))),
    ("a text that is a pipe's name", Values((), (("set", "a=pipe"),))),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a file and two pipes; one has the name that means standard input."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.yaml").write_text("a: b\n")
    for name in ("pipe", "-"):
        os.mkfifo(tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(("given", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
@pytest.mark.usefixtures("folder")
def test_what_can_be_read_once_is_refused(given: Values, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        values.usable(given)
    assert message in caught.value.message


@pytest.mark.parametrize("given", [row[1] for row in TAKEN], ids=[row[0] for row in TAKEN])
@pytest.mark.usefixtures("folder")
def test_what_is_taken(given: Values) -> None:
    assert values.usable(given) == given


@pytest.mark.parametrize("is_packed", [False, True], ids=["a folder", "a package"])
def test_secrets_in_a_chart_s_own_files_are_hidden(tmp_path: Path, is_packed: bool) -> None:
    chart = tmp_path / "chart"
    chart.mkdir()
    (chart / "values.yaml").write_text(f"heimdall:\n  secrets:\n    JWT_SECRET: {CANARY}\n  title: our-own-heimdall\n")
    path = chart
    if is_packed:
        path = tmp_path / "chart.tgz"
        with tarfile.open(path, "w:gz") as package:
            package.add(chart / "values.yaml", "chart/values.yaml")
    hidden = [each.text for each in values.hidden(Values(), {}, str(path))]
    assert CANARY in hidden
    assert "our-own-heimdall" not in hidden


def test_names_of_a_contract_file_are_shown(tmp_path: Path) -> None:
    """Those of Secrets and of keys; a file that can't be read is no matter of this message."""
    (tmp_path / "c.yaml").write_text("secret: shop-secrets\nkeys: {pg-password: {}, mail.token: {optional: true}}\n")
    (tmp_path / "v.yaml").write_text("secrets: {pg-password: x, hunter2-canary: x}\nname: shop-secrets\n")
    given, message = Values((str(tmp_path / "v.yaml"),)), "pg-password of shop-secrets, and hunter2-canary"
    for contract, shown in (("c.yaml", "pg-password of shop-secrets, and"), ("none.yaml", f"{GONE} of {GONE}, and")):
        hidden = values.hidden(given, {}, str(tmp_path / "no-chart"), (str(tmp_path / contract),))
        assert mask.masked(message, hidden) == f"{shown} {GONE}"
