"""The scaffolds: what they print is read back by our own producers, and no option can be more than a text."""

import itertools
import json
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from post_renderer.model.errors import UsageError
from post_renderer.model.settings import Settings
from post_renderer.scaffold import scaffold
from post_renderer.scaffold.systems import MADE, OPTIONS, SYSTEMS
from post_renderer.scaffold.systems import shape as wanted
from tests import in_process
from tests.readme.runner import lacking
from tests.support import Done
from tests.unit.streams import SOUND, contract, rules_of, run

KEYS = tuple(SOUND)
NAME = "heimdall-production-secrets"
STREAM = contract("existing", secret=NAME).replace("namespace: ns", "namespace: heimdall")


def objects(system: str, **given: str) -> list[Any]:
    """The objects of a scaffold."""
    return list(yaml.load_all(scaffold.render(scaffold.filled(system, given)), yaml.CSafeLoader))


@pytest.mark.parametrize("system", [name for name in MADE if name != "sealed-secrets"])
def test_our_own_producers_find_the_four_keys(system: str) -> None:
    text = scaffold.render(scaffold.filled(system, {}))
    outcome = run(f"{STREAM}---\n{text}", Settings(strict=True))
    assert rules_of(outcome) == []
    assert rules_of(outcome, "note") == ["values-unseen"]
    assert outcome.report.judged[0].provider.endswith(f"heimdall/{'heimdall' if system.startswith('csi') else NAME}")
    # Each key by itself: that there are four is not enough.
    for key in KEYS:
        lacking = text.replace(f"secretKey: {key}", "secretKey: X").replace(f"key: {key}\n", "key: X\n")
        lacking = lacking.replace(f"        {key}:\n", "        X:\n")
        assert rules_of(run(f"{STREAM}---\n{lacking}")) == ["missing-key"]


def test_the_sealed_one_has_the_four_keys_but_no_values() -> None:
    outcome = run(f"{STREAM}---\n{scaffold.render(scaffold.filled('sealed-secrets', {}))}")
    assert rules_of(outcome) == ["not-sealed"] * 4
    assert [finding.message.split()[0] for finding in outcome.report.findings] == list(KEYS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_option_is_used(system: str) -> None:
    """And every default is valid; a role that only the pod has is in the values."""
    plain = scaffold.filled(system, {})
    for name in SYSTEMS[system]:
        text = {"refresh": "2h", "schedule": "1 2 * * 3"}.get(name, "another")
        other = scaffold.filled(system, {name: text})._replace(command=plain.command)
        changed = scaffold.render(other) != scaffold.render(plain)
        assert changed or scaffold.values(other) != scaffold.values(plain), name


# Texts that mean something in YAML, in a shell, or in both.
TEXTS = [
    "a: b", "# c", "- d", "yes", "null", "1e3", "0x1f", "'", '"', "\\", "$(touch bad)", "`touch bad`", "; touch bad;",
    "*x", "&x", "!x", "{a}", "[a]", "|", ">", "%", "@", "é😀", " x ", "${PATH}", "---", "--flag",
]  # fmt: skip  # a list to read


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_options_are_texts_and_nothing_else(system: str, text: str) -> None:
    """The objects are those of plain words, with the text where the word was."""
    free = [name for name in SYSTEMS[system] if not wanted(system, name)]
    words = {name: f"word{number:02}" for number, name in enumerate(free)}
    plain = objects(system, **words)
    for name in free:
        odd = objects(system, **{**words, name: text})
        escaped = {text: text, json.dumps(text): text, shlex.quote(text): text}
        assert shape(odd) == shape(plain)
        for found, expected in zip(leaves(odd), leaves(plain), strict=True):
            if words[name] not in str(expected):
                assert found == expected
            elif "\n" not in str(expected):  # a text in which another language is: its own tests are below
                assert any(found == expected.replace(words[name], each) for each in spelled(text, escaped))


def spelled(text: str, escaped: dict[str, str]) -> list[str]:
    """How a text may stand within another: as it is, for a shell, or as a regular expression."""
    return [text, *escaped, re.escape(text), shlex.quote(f"heimdall.secretsFiles={{{text}}}")]


def shape(value: Any) -> Any:  # noqa: ANN401  # whatever YAML holds
    """The same without its texts."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    return [shape(each) for each in value] if isinstance(value, list) else type(value)


def leaves(value: Any) -> list[Any]:  # noqa: ANN401  # whatever YAML holds
    """All that is no collection."""
    if isinstance(value, dict):
        value = list(value.values())
    return [leaf for each in value for leaf in leaves(each)] if isinstance(value, list) else [value]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("system", "path"),
    [("csi-aws", ("objects",)), ("csi-vault", ("objects",))],
)
def test_yaml_within_yaml(system: str, path: tuple[str, ...], text: str) -> None:
    """The providers read a text as YAML once more."""
    (found,) = objects(system, remote=text)
    inner = yaml.safe_load(found["spec"]["parameters"][path[0]])
    named = [each.get("objectName") if system == "csi-aws" else each for each in inner]
    assert all(text in json.dumps(each, ensure_ascii=False) or text in str(each) for each in named) or "\\" in text


STUB = """#!/bin/sh
for word; do printf '%s\\0' "$word"; done >> {folder}/{name}.words
cat > {folder}/{name}.stdin
"""
PUTS = {
    "eso-aws": "aws",
    "eso-gcp": "gcloud",
    "eso-azure": "az",
    "eso-vault": "vault",
    "csi-gcp": "gcloud",
    "github": "gh",
}


@pytest.mark.parametrize("text", ["plain", "$(touch bad)", "'; touch bad; '", '" && touch bad', "--flag x"])
@pytest.mark.parametrize(("system", "program"), PUTS.items())
def test_the_commands_that_put_the_secrets_there(tmp_path: Path, system: str, program: str, text: str) -> None:
    """They are run as they stand in the comment: the values go by standard input, the options are single words."""
    (option,) = {"eso-azure": ["vault"], "eso-gcp": ["project"], "csi-gcp": ["project"], "github": [""]}.get(
        system, ["remote"]
    )
    given = {option: text} if option else {}
    lines = scaffold.render(scaffold.filled(system, given)).split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("# Store the four secrets"))
    commands = itertools.takewhile(lambda line: line.startswith("#   "), lines[start + 1 :])
    block = "\n".join(line.removeprefix("#   ") for line in commands)
    for name in (program, "heimdall-pr"):
        (tmp_path / name).write_text(STUB.format(folder=tmp_path, name=name))
        (tmp_path / name).chmod(0o755)
    (tmp_path / "heimdall-pr").write_text(f"#!/bin/sh\necho '{json.dumps(SOUND)}'\n")
    path = os.environ["PATH"]
    if absent := lacking(block, os.pathsep.join([str(tmp_path), path])):
        pytest.skip(f"{', '.join(absent)} is not on PATH")
    env = {"PATH": os.pathsep.join([str(tmp_path), path])}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block], cwd=tmp_path, env=env, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    words = (tmp_path / f"{program}.words").read_text().split("\0")
    assert not any(value in word for word in words for value in SOUND.values())
    assert any(value in (tmp_path / f"{program}.stdin").read_text() for value in SOUND.values())
    assert not given or any(word.startswith(text) for word in words)
    assert not (tmp_path / "bad").exists()


REFUSED = [
    ("a line break", "eso-aws", {"remote": "a\nb: c"}, "--remote"),
    ("another line break", "eso-aws", {"remote": "a\u2028b"}, "--remote"),
    ("an escape", "github", {"release": "a\x1b[31m"}, "--release"),
    ("a template of Helm", "vso", {"remote": "{{ .Values }}"}, "--remote"),
    ("an expression of GitHub", "github", {"chart": "${{ secrets.X }}"}, "--chart"),
    ("no name", "eso-gcp", {"secret": "A b"}, "--secret"),
    ("nothing", "eso-gcp", {"project": ""}, "--project"),
    ("nothing of AWS", "eso-aws", {"remote": ""}, "--remote"),
    ("nothing of Google", "csi-gcp", {"remote": ""}, "--remote"),
    ("a path for Google", "eso-gcp", {"remote": "heimdall/production"}, "--remote"),
    ("an underscore for Azure", "csi-azure", {"remote": "heimdall_production"}, "--remote"),
    ("two units, which VSO refuses", "vso", {"refresh": "1h30m"}, "--refresh"),
    ("no unit", "eso-vault", {"refresh": "60"}, "--refresh"),
    ("no times", "drift", {"schedule": "daily"}, "--schedule"),
    ("a word too many", "drift-github", {"schedule": "1 2 * * * *"}, "--schedule"),
    ("an option of another", "vso", {"region": "x"}, "--region"),
    ("a typo", "eso-was", {}, "did you mean eso-aws"),
    ("a part", "gcp", {}, "eso-gcp or csi-gcp"),
    ("nothing like it", "zzz", {}, "no scaffold of that name"),
]


@pytest.mark.parametrize(("system", "given", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(system: str, given: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        scaffold.filled(system, given)
    assert told in caught.value.message
    assert caught.value.fix
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("system", ["github", "drift"])
def test_values_are_for_what_makes_a_secret(system: str) -> None:
    with pytest.raises(UsageError):
        scaffold.values(scaffold.filled(system, {}))


def command(*args: str) -> Done:
    """The command itself."""
    return in_process.text(["scaffold", *args], env={"PATH": "/usr/bin", "COLUMNS": "200"})


def test_the_command() -> None:
    done = command("eso-aws", "--region=us-east-1", "--remote", "prod/heimdall")
    assert (done.returncode, done.stderr) == (0, "")
    assert "region: us-east-1" in done.stdout
    assert "heimdall-pr scaffold eso-aws --remote=prod/heimdall --region=us-east-1 |" in done.stdout
    assert command("eso-aws").stdout == scaffold.render(scaffold.filled("eso-aws", {}))
    assert command("vso", "--values").stdout == scaffold.values(scaffold.filled("vso", {}))
    done = command("vualt")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean eso-vault" in done.stderr


def test_the_help_names_everything() -> None:
    shown = command("--help").stdout
    assert [name for name in SYSTEMS if name not in shown] == []
    assert [name for name in OPTIONS if scaffold.flag(name) not in shown] == []


@pytest.mark.parametrize("system", ["github", "gitlab"])
def test_pipelines(system: str) -> None:
    """Each render is redacted, so that no value is in the log; a check of somebody's change gets no secret."""
    text = scaffold.render(scaffold.filled(system, {}))
    assert text.index("First replace OWNER and COMMIT") < text.index("OWNER/heimdall-pr@COMMIT")
    (pipeline,) = yaml.safe_load_all(text)
    jobs = pipeline["jobs"] if system == "github" else pipeline
    check, install = json.dumps(jobs["check"]), json.dumps(jobs["install"])
    assert "HEIMDALL_PR_REDACT" in check
    assert "secrets.JWT_SECRET }}" not in check
    assert "production" not in check
    assert "heimdall-pr generate" in check
    assert install.index("HEIMDALL_PR_REDACT=true helm template") < install.index("helm upgrade --install")
    for script in (line for line in leaves(jobs) if isinstance(line, str) and "helm template" in line):
        assert subprocess.run(["bash", "-n", "-c", script], check=False).returncode == 0
        assert all(f"--set-string 'heimdall.secrets.{key}=${{{key}}}'" in script for key in KEYS)
