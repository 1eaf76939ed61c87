"""What can be a path, and what is a secret in the place of one."""

import pytest

from post_renderer.document.paths import is_path

HEX = "0123456789abcdef" * 8
PATHS = [
    "heimdall-secrets.yaml",
    "env/heimdall-secrets.yaml",
    "./env/heimdall-secrets.yaml",
    "../secrets.json",
    "/run/secrets/heimdall",
    "C:/secrets.yaml",
    "env/v1.2:prod/secrets.yaml",
    "a b/it's.yaml",
    "é/ü\u202e.yaml",
    "env=prod/secrets.yaml",
    "JWT_SECRET",
    "JWT_SECRET.yaml",
    "deadbeef",
    "deadbeef" * 3,
    f"{HEX}.yaml",
    f"env/{HEX}",
    "environments/production2/heimdall/secrets/files/ours",
    "Env/Prod2/heimdall/secrets/ours-of-all-the-others-here",
    "x" * 255,
    "x/" * 2047 + "x",
    "\udcff.yaml",
    "",
]
NO_PATHS = [
    ("a secrets file", f"JWT_SECRET: {HEX}\nAPI_KEY_SECRET: x\n"),
    ("a file of one line", f"JWT_SECRET: {HEX}"),
    ("a key alone", "JWT_SECRET:"),
    ("a key in quotes", f'"JWT_SECRET": "{HEX}"'),
    ("JSON", f'{{"JWT_SECRET":"{HEX}"}}'),
    ("a key of another case", "password: x"),
    ("a comment, then a pair", "# mine: x"),
    ("dotenv", f"JWT_SECRET={HEX}"),
    ("a shell's file", f" export JWT_SECRET={HEX}"),
    ("a line break at the end", "env/secrets.yaml\n"),
    ("a carriage return", "env/secrets.yaml\r"),
    ("a tab", "a\tb"),
    ("a NUL byte", "a\0b"),
    ("a terminal sequence", "a\x1b[0m"),
    ("a value", HEX),
    ("a value in capitals", HEX.upper()),
    ("a value between spaces", f" {HEX} "),
    ("the documented password", "Admin_0123456789abcdef"),
    ("base64", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ=="),
    ("a key's first line", "-----BEGIN PRIVATE KEY-----"),
    ("a name that is too long", "x" * 256),
    ("a name of too many bytes", "é" * 128),
    ("a path that is too long", "x/" * 2048),
]


@pytest.mark.parametrize("text", PATHS, ids=[repr(text)[:40] for text in PATHS])
def test_paths(text: str) -> None:
    assert is_path(text)


@pytest.mark.parametrize("text", [row[1] for row in NO_PATHS], ids=[row[0] for row in NO_PATHS])
def test_no_paths(text: str) -> None:
    assert not is_path(text)
