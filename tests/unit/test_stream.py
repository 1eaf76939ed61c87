"""Cutting, and finding the documents that could be ours."""

import pytest

from post_renderer.document import stream

CUTS = [
    ("empty", b"", [b""]),
    ("one without marker", b"a: 1\n", [b"a: 1\n"]),
    ("marker first", b"---\na: 1\n---\nb: 2\n", [b"---\na: 1\n", b"---\nb: 2\n"]),
    ("comments before the first", b"# c\n---\na: 1", [b"# c\n", b"---\na: 1"]),
    (
        "content on the marker's line",
        b"a: 1\n--- {b: 2}\n--- # c\nc: 3\n",
        [b"a: 1\n", b"--- {b: 2}\n", b"--- # c\nc: 3\n"],
    ),
    ("marker at the end", b"a: 1\n---", [b"a: 1\n", b"---"]),
    ("carriage returns", b"a: 1\r\n---\r\nb: 2\r\n", [b"a: 1\r\n", b"---\r\nb: 2\r\n"]),
    ("a comment at the dashes", b"a: 1\n---#c\nb: 2\n", [b"a: 1\n", b"---#c\nb: 2\n"]),
    ("a no-break space", "a: 1\n---\u00a0\nb: 2\n".encode(), [b"a: 1\n", "---\u00a0\nb: 2\n".encode()]),
    ("markers in a row", b"---\n---\n---\n", [b"---\n", b"---\n", b"---\n"]),
    ("byte order mark", b"\xef\xbb\xbf---\na: 1\n---\nb: 2\n", [b"\xef\xbb\xbf---\na: 1\n", b"---\nb: 2\n"]),
]
UNCUT = [
    ("indented, in a block scalar", b"a: |\n  x\n  ---\n  y\n"),
    ("more dashes", b"a: 1\n----\nb: 2\n"),
    ("a word", b"a: 1\n---b\n"),
    ("after a carriage return alone", b"a: 1\r---\rb: 2\r"),
    ("after U+2028", "a: 1\u2028---\u2028b: 2".encode()),
    ("not at the line's start", b"a: 1 ---\nb: 2\n"),
]


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in CUTS], ids=[row[0] for row in CUTS])
def test_cut(data: bytes, expected: list[bytes]) -> None:
    assert pieces(data) == expected


@pytest.mark.parametrize("data", [row[1] for row in UNCUT], ids=[row[0] for row in UNCUT])
def test_cut_leaves_alone(data: bytes) -> None:
    assert pieces(data) == [data]


CANDIDATES = [
    ("a Secret", b"kind: Secret\n"),
    ("quoted", b'{"kind":"Secret"}'),
    ("at the very start", b"Secret"),
    ("escaped letters", b'kind: "\\x53ecret"\n'),
    ("escaped, long", b'kind: "\\u0053ecret"\n'),
    ("escaped, longest", b'kind: "\\U00000053ecret"\n'),
    ("joined lines", b'kind: "Sec\\\n  ret"\n'),
    ("joined lines, CRLF", b'kind: "Sec\\\r\n  ret"\n'),
    ("joined lines, CR", b'kind: "Sec\\\r  ret"\n'),
    ("joined lines, NEL", 'kind: "Sec\\\x85  ret"\n'.encode()),
    ("joined lines, U+2028", 'kind: "Sec\\\u2028  ret"\n'.encode()),
    ("joined lines, U+2029", 'kind: "Sec\\\u2029  ret"\n'.encode()),
    ("an escaped slash", b'image: "x\\/y"\n'),
    ("binary, by another handle", b"%TAG !e! tag:yaml.org,2002:\n"),
    ("UTF-16", b"\xfe\xff" + "kind: Secret".encode("utf-16-be")),
    ("UTF-16, the other way", b"\xff\xfe" + "kind: Secret".encode("utf-16-le")),
    ("binary", b"kind: !!binary U2VjcmV0\n"),
    ("binary, verbatim tag", b"kind: !<tag:yaml.org,2002:binary> U2VjcmV0\n"),
    ("a list of Secrets", b"kind: SecretList\n"),
    ("External Secrets", b"kind: ExternalSecret\n"),
    ("External Secrets, of a cluster, in JSON", b'{"kind":"ClusterExternalSecret"}'),
    ("a list of External Secrets", b"kind: ExternalSecretList\n"),
    ("Sealed Secrets", b"kind: SealedSecret\n"),
    ("Vault Secrets Operator", b"kind: VaultStaticSecret\n"),
    ("Vault Secrets Operator, dynamic", b"kind: 'VaultDynamicSecret'\n"),
    ("CSI driver", b"kind: SecretProviderClass\n"),
    ("CSI driver, a list", b"kind: SecretProviderClassList\n"),
    ("the contract", b"metadata: {labels: {heimdall.mitre.org/secrets-contract: v1}}\n"),
    ("the guard", b"kind: NeedsPostRenderer\n"),
    ("a checksum to fill", b'checksum/secrets: ""\n'),
    ("hidden by Helm", b"# HIDDEN: The Secret output has been suppressed\n"),
]
NO_CANDIDATES = [
    ("a Deployment", b"kind: Deployment\n"),
    ("a reference", b"valueFrom: {secretKeyRef: {name: x}}\n"),
    ("pull secrets", b"imagePullSecrets: [{name: x}]\n"),
    ("another kind", b"kind: PushSecret\n"),
    ("another kind that starts alike", b"kind: SecretStore\n"),
    ("another kind that starts as one that makes Secrets", b"kind: ExternalSecretStore\n"),
    ("where another kind is named", b"secretStoreRef: {kind: ClusterSecretStore}\n"),
    ("an escape that is no letter", b'a: "\\n\\t\\""\n'),
]


@pytest.mark.parametrize("data", [row[1] for row in CANDIDATES], ids=[row[0] for row in CANDIDATES])
def test_candidates(data: bytes) -> None:
    around = b"a: 1\n---\n" + data + b"\n---\nb: 2\n"
    found = b"".join(around[d.start : d.end] for d in stream.candidates(around, stream.cut(around)))
    assert data in b"---\n" + found


@pytest.mark.parametrize("data", [row[1] for row in NO_CANDIDATES], ids=[row[0] for row in NO_CANDIDATES])
def test_candidates_leaves_alone(data: bytes) -> None:
    assert stream.candidates(data, stream.cut(data)) == []


def test_candidates_are_numbered_and_found_once() -> None:
    data = b"a: 1\n---\nkind: Secret\nx: Secret\n---\nb: 2\n---\nkind: Secret\n"
    assert [document.number for document in stream.candidates(data, stream.cut(data))] == [2, 4]


COUNTS = [
    ("empty", b"", 0),
    ("comments alone", b"# c\n---\n# d\n", 0),
    ("two", b"---\na: 1\n---\n# c\nb: 2\n", 2),
    ("on the marker's line", b"--- {a: 1}\n", 1),
    ("byte order mark", b"\xef\xbb\xbf---\n", 0),
]


@pytest.mark.parametrize(("data", "expected"), [row[1:] for row in COUNTS], ids=[row[0] for row in COUNTS])
def test_count_documents(data: bytes, expected: int) -> None:
    assert stream.count_documents(data, stream.cut(data)) == expected


def pieces(data: bytes) -> list[bytes]:
    """The documents that a stream is cut into."""
    starts = stream.cut(data)
    return [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]
