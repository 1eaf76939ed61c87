"""What real Helms write to a post-renderer goes through byte by byte, but for the documents that are ours."""

import re
from pathlib import Path

import pytest
import yaml

from post_renderer import pipeline
from post_renderer.model.facts import Facts, FileFact
from post_renderer.model.settings import Settings
from tests.helm.recordings import FAKE, RECORDINGS, Recording, path, record
from tests.helms import NEWEST, Helm
from tests.support import FILE, KEYS, Values, digest, encoded

MAJORS = sorted(NEWEST)
REDACTED = "<redacted by heimdall-pr: not for installing>"
FACTS = Facts(
    {FILE: FileFact(FILE, "".join(f"{key}: {value}\n" for key, value in FAKE.items()).encode())},
    {key: value.encode() for key, value in FAKE.items()},
)
# What a Secret of ours holds, and the digest in its pods, a line each.
VALUE_LINES = re.compile(rb"^( +)(%s): .*\n" % "|".join(KEYS).encode(), re.MULTILINE)
DIGEST_LINE = re.compile(rb"^ +checksum/secrets: .*\n", re.MULTILINE)

each_recording = pytest.mark.parametrize("recording", RECORDINGS, ids=[each.name for each in RECORDINGS])
each_major = pytest.mark.parametrize("major", MAJORS)


@each_recording
def test_they_are_what_helm_gives(helm: Helm, tmp_path: Path, recording: Recording) -> None:
    """After a change of the chart or of a fixture: python -m tests.helm.recordings."""
    if helm.version != NEWEST[helm.major]:
        pytest.skip(f"recorded from Helm {NEWEST[helm.major]}, and this is {helm.version}")
    assert record(helm, recording, tmp_path) == path(helm.major, recording.name).read_bytes()


@each_major
@each_recording
def test_only_ours_is_changed(major: int, recording: Recording) -> None:
    """The guard is gone, our Secrets are filled, their pods have the digest; all the rest is the same bytes."""
    before = path(major, recording.name).read_bytes()
    after = filtered(before, Settings())
    pairs = paired(before, after)
    assert changed(pairs) == {("Secret", name) for name in recording.secrets} | {
        ("Deployment", name) for name in recording.pods
    }
    for old, new in pairs:
        if old != new and identity(old)[0] == "Secret":
            assert list(values_of(new).items()) == sorted((key, encoded(value)) for key, value in FAKE.items())
            assert VALUE_LINES.sub(b"", new) == VALUE_LINES.sub(b"", old)
        elif old != new:
            assert DIGEST_LINE.findall(new) == [
                line.replace(b'""', f'"{digest(FAKE)}"'.encode()) for line in DIGEST_LINE.findall(old)
            ]
            assert DIGEST_LINE.sub(b"", new) == DIGEST_LINE.sub(b"", old)


@each_major
@each_recording
def test_redacted(major: int, recording: Recording) -> None:
    """Each value of the judged Secrets is hidden, literals too; nothing is filled; the rest is the same bytes."""
    before = path(major, recording.name).read_bytes()
    pairs = paired(before, filtered(before, Settings(redact=True)))
    judged = {("Secret", name) for name in secrets_named(before)} & {identity(old) for old, _ in pairs}
    assert changed(pairs) == judged
    for old, new in pairs:
        if old != new:
            assert values_of(new) == dict.fromkeys(values_of(old), REDACTED)
            assert VALUE_LINES.sub(b"", new) == VALUE_LINES.sub(b"", old)


@each_major
def test_they_hold_what_they_are_for(major: int) -> None:
    """The oddities arrive as such: what one of the Helms takes away is not shown by that one."""
    data = path(major, "oddities").read_bytes()
    there = {
        b"# a comment": b"# indented by four",
        b"block scalar": b"    ---\n    kind: Secret\n",
        b"tabs": b"a\tb\t\n",
    }
    if major == 3:
        there |= {b"CRLF": b"kind: ConfigMap\r\n", b"JSON": b'\n{"apiVersion": ', b"List": b"kind: List\n"}
        there |= {b"U+2028": "\u2028".encode(), b"# Source": b"# Source: "}
    else:
        there |= {b"hook": b"helm.sh/hook: pre-install", b"filename": b"postrenderer.helm.sh/postrender-filename"}
    assert [name for name, part in there.items() if part not in data] == []


def filtered(data: bytes, settings: Settings) -> bytes:
    """What leaves the tool."""
    outcome = pipeline.apply(pipeline.plan(data, settings), FACTS)
    assert outcome.report.ok, outcome.report
    return b"".join(outcome.pieces)


def cut(data: bytes) -> list[bytes]:
    """The documents, each with the line of dashes before it."""
    return re.split(rb"^(?=---\s)", data, flags=re.MULTILINE)


def paired(before: bytes, after: bytes) -> list[tuple[bytes, bytes]]:
    """Each document but the guards, before and after."""
    old = [document for document in cut(before) if b"kind: NeedsPostRenderer" not in document]
    new = cut(after)
    assert len(old) == len(new)
    return list(zip(old, new, strict=True))


def changed(pairs: list[tuple[bytes, bytes]]) -> set[tuple[str, str]]:
    """Kind and name of those that are not the same bytes."""
    return {identity(old) for old, new in pairs if old != new}


def identity(document: bytes) -> tuple[str, str]:
    """Kind and name; nothing where there is no object."""
    read: Values = yaml.safe_load(document) or {}
    return str(read.get("kind", "")), str(read.get("metadata", {}).get("name", ""))


def values_of(document: bytes) -> dict[str, str]:
    """A Secret's data as it is written."""
    data: dict[str, str] = yaml.safe_load(document)["data"]
    return data


def secrets_named(stream: bytes) -> set[str]:
    """The Secrets that the contracts in a stream name."""
    return {match.decode() for match in re.findall(rb'^  secret: "(.+)"$', stream, re.MULTILINE)}
