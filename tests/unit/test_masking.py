"""What is taken out of helm's messages, and what is left in them."""

import hashlib
import json
import sys
from base64 import b32encode, b64encode, urlsafe_b64encode
from binascii import b2a_base64
from pathlib import Path
from urllib.parse import quote

import pytest

from post_renderer.adapters import helm
from post_renderer.masking import mask
from post_renderer.masking.mask import GONE, Hidden
from tests.support import leaks

VALUE = "kP3vQ8wZ1xR6yT4aB"
ENCODED = b2a_base64(VALUE.encode(), newline=False).decode()

GONE_ROWS: list[tuple[str, str, str]] = [
    ("the value", VALUE, f"got '{VALUE}', want"),
    ("twice", VALUE, f"{VALUE} is not {VALUE}"),
    ("cut short, as Go's YAML does", VALUE, f"cannot unmarshal !!str `{VALUE[:7]}...` into int"),
    ("its end alone", VALUE, f"…{VALUE[-8:]}"),
    ("base64", VALUE, f"illegal {ENCODED}"),
    ("quotes and backslashes, escaped", 'a"b\\c"d\\e', 'value "a\\"b\\\\c\\"d\\\\e" is wrong'),
    ("one line of several", f"first\n{VALUE}\nlast", f"line 3: {VALUE}"),
    ("a number with its exponent", "1234567890", "got 1.23456789e+09"),
]
ODD = "kP3v<Q8&wZ>1xR\"6yT+4aB/zz'Lm~Q%9eé?~?"
RAW = ODD.encode()
# What functions of templates make of it, each within a longer text.
SPELT: list[tuple[str, str]] = [
    ("lower case", ODD.lower()),
    ("upper case", ODD.upper()),
    ("another case", ODD.swapcase()),
    ("base64", b64encode(RAW).decode()),
    ("base64, after a byte", b64encode(b"x" + RAW).decode()),
    ("base64, after two bytes", b64encode(b"xx" + RAW + b"yyy").decode()),
    ("base64 for addresses", urlsafe_b64encode(b"x" + RAW).decode()),
    ("base64 without padding", b64encode(RAW + b"x").decode().rstrip("=")),
    ("base64 twice", b64encode(b64encode(RAW)).decode()),
    ("base32", b32encode(RAW).decode()),
    ("hexadecimal", RAW.hex()),
    ("hexadecimal, capitals", RAW.hex().upper()),
    ("an address", quote(ODD, safe="")),
    (
        "JSON of Go",
        json.dumps(ODD, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
    ),
    ("JSON in ASCII", json.dumps(ODD)),
    (
        "HTML",
        ODD.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;").replace("'", "&#39;"),
    ),
    ("YAML", "'" + ODD.replace("'", "''") + "'"),
    ("backwards", ODD[::-1]),
    ("letters and digits alone", "".join(filter(str.isalnum, ODD))),
    ("a digest", hashlib.sha256(RAW).hexdigest()),
    ("its first half", ODD[:17]),
]


@pytest.mark.parametrize("spelling", [row[1] for row in SPELT], ids=[row[0] for row in SPELT])
def test_however_it_is_spelt(spelling: str) -> None:
    shown = mask.masked(f"x.yaml:1:3: first {spelling} last", [Hidden(ODD)])
    first, last = shown.removeprefix("x.yaml:1:3: first ").removesuffix(" last"), "\"'="
    assert shown.startswith("x.yaml:1:3: first ")
    assert shown.endswith(" last")
    assert set(first.replace(GONE, "")) <= set(last)


KEPT_ROWS: list[tuple[str, Hidden, str]] = [
    ("another value", Hidden(VALUE), "values don't meet the schema at '/heimdall/secrets'"),
    ("names that everybody knows", Hidden("JWT_SECRET and API_KEY_SECRET"), "heimdall.secrets.JWT_SECRET"),
    ("what only looks like it in another case", Hidden("Postgres"), "the chart has no database, and no postgr"),
    ("a path beside it", Hidden("qL7-wX9-kP3"), "heimdall/charts/postgresql/templates/secret.yaml:3:4 <.Values.auth>"),
    ("a short one within a word", Hidden("err"), "Error: error"),
    ("an address of a login, as our chart has it", Hidden("https://api.github.com/"), "heimdall.auth.github.baseUrl"),
    ("what is hidden whole, in part", Hidden("ghcr.io/mitre/heimdall2", whole=True), "heimdall2 ghcr.io"),
]


@pytest.mark.parametrize(("value", "message"), [row[1:] for row in GONE_ROWS], ids=[row[0] for row in GONE_ROWS])
def test_gone(value: str, message: str) -> None:
    shown = mask.masked(message, [Hidden(value)])
    assert GONE in shown
    assert not leaks(shown, [value])
    assert "1.23" not in shown


@pytest.mark.parametrize(("hidden", "message"), [row[1:] for row in KEPT_ROWS], ids=[row[0] for row in KEPT_ROWS])
def test_kept(hidden: Hidden, message: str) -> None:
    assert mask.masked(message, [hidden]) == message


def test_short_one_as_a_word() -> None:
    assert mask.masked('key "abc" has no value, abcd', [Hidden("abc")]) == f'key "{GONE}" has no value, abcd'


HIDDEN: list[tuple[str, object, set[str]]] = [
    ("secrets of any length", {"heimdall": {"secrets": {"JWT_SECRET": "abc"}}}, {"abc"}),
    ("numbers", {"heimdall": {"secrets": {"JWT_SECRET": 12}}}, {"12"}),
    ("the name of an unknown key", {"heimdall": {"secrets": {VALUE: "xyz"}}}, {VALUE, "xyz"}),
    ("in a list", {"passwords": [VALUE]}, {VALUE}),
    ("other values", {"image": {"repository": "ghcr.io/x"}}, {"ghcr.io/x"}),
    ("a port, a flag, a reference", {"authPort": 8080, "tls": True, "secrets": {"A": "${JWT_SECRET}"}}, {"A"}),
    ("an existing Secret's name", {"heimdall": {"existingSecret": "live-secret"}}, {"live-secret"}),
    ("nothing", {"a": None, "b": {}, "c": []}, set()),
]


@pytest.mark.parametrize(("values", "expected"), [row[1:] for row in HIDDEN], ids=[row[0] for row in HIDDEN])
def test_in_values(values: object, expected: set[str]) -> None:
    assert {each.text for each in mask.in_values(values)} == expected


def test_names_are_hidden_only_whole() -> None:
    (hidden,) = mask.in_values({"apiKeys": {"userNames": "heimdall-production-users"}})
    assert hidden.whole
    (hidden,) = mask.in_values({"apiKeys": {"password": "hunter2-canary"}})
    assert not hidden.whole


KEYS = {"A": {"secret": "pg-own", "key": "user-password"}}
# name, the user's values, a name in them that a message of the chart shows
SHOWN: list[tuple[str, object, str]] = [
    ("an existing Secret", {"heimdall": {"existingSecret": "live-secret"}}, "live-secret"),
    ("another spelling of that", {"auth": {"existingSecretName": "live-secret"}}, "live-secret"),
    ("a key of it", {"auth": {"existingSecretPasswordKey": "admin-password"}}, "admin-password"),
    ("a mapping", {"auth": {"existingSecret": {"name": "live-secret", "key": "x"}}}, "live-secret"),
    ("where a key is", {"heimdall": {"existingSecret": "x", "keys": KEYS}}, "pg-own"),
    ("the key itself", {"heimdall": {"existingSecret": "x", "keys": KEYS}}, "user-password"),
    ("an object", {"extraObjects": [{"kind": "Secret", "metadata": {"name": "live-secret"}}]}, "live-secret"),
    ("its kind", {"extraObjects": [{"kind": "Secret", "metadata": {"name": "live-secret"}}]}, "Secret"),
    ("its version", {"extraObjects": [{"apiVersion": "external-secrets.io/v1"}]}, "external-secrets.io/v1"),
    ("a variable", {"extraEnv": [{"valueFrom": {"secretKeyRef": {"name": "own-more", "key": "k"}}}]}, "own-more"),
    ("all variables", {"envFrom": [{"secretRef": {"name": "own-more"}}]}, "own-more"),
    ("a reference", {"auth": {"passwordSecretRef": {"name": "own-more"}}}, "own-more"),
    ("a volume", {"volumes": [{"secret": {"secretName": "live-secret"}}]}, "live-secret"),
    ("to pull images", {"imagePullSecrets": [{"name": "registry-login"}]}, "registry-login"),
    ("in another place too", {"existingSecret": "live-secret", "note": "live-secret"}, "live-secret"),
]
UNSHOWN: list[tuple[str, object, str]] = [
    ("it is a secret too", {"existingSecret": "live-secret", "auth": {"password": "live-secret"}}, "live-secret"),
    ("in another case", {"existingSecret": "live-secret", "auth": {"password": "LIVE-secret"}}, "live-secret"),
    ("a part of a secret", {"existingSecret": "live-secret", "auth": {"password": "my-live-secret-1"}}, "live-secret"),
    ("random digits", {"existingSecret": VALUE}, VALUE),
    ("hexadecimal digits", {"existingSecret": "a1f93bc07d5e4821"}, "a1f93bc07d5e4821"),
    ("a password", {"existingSecret": "hunter2!canary"}, "hunter2!canary"),
    ("too long", {"existingSecret": "a-b" * 22}, "a-b" * 22),
    ("among secrets", {"heimdall": {"secrets": {"existingSecret": "live-secret"}}}, "live-secret"),
    ("among a Secret's data", {"objects": [{"stringData": {"kind": "live-secret"}}]}, "live-secret"),
    ("keys without a choice beside them", {"keys": KEYS}, "pg-own"),
    ("keys that are values", {"existingSecret": "x", "keys": {**KEYS, "B": "hunter-canary"}}, "hunter-canary"),
    ("keys beside values", {"existingSecret": "x", "keys": {**KEYS, "B": {"value": "x"}}}, "pg-own"),
    ("keys among secrets", {"secrets": {"existingSecret": "x", "keys": KEYS}}, "pg-own"),
    ("a secret of its own", {"oauth": {"secret": "live-secret"}}, "live-secret"),
]


@pytest.mark.parametrize(("values", "name"), [row[1:] for row in SHOWN], ids=[row[0] for row in SHOWN])
def test_a_known_name_is_shown(values: object, name: str) -> None:
    message = f"an entry makes the object {name}: it comes too late"
    assert mask.masked(message, mask.in_values(values)) == message


@pytest.mark.parametrize(("values", "name"), [row[1:] for row in UNSHOWN], ids=[row[0] for row in UNSHOWN])
def test_what_may_be_a_secret_is_no_known_name(values: object, name: str) -> None:
    shown = mask.masked(f"an entry makes the object {name}: it comes too late", mask.in_values(values))
    assert shown == f"an entry makes the object {GONE}: it comes too late"


# name, the name of a key in the values, the chart's message, whether it shows that name
MEANT = [
    ("near a name of the chart", "MAIL_TOKENS", "unknown key MAIL_TOKENS: did you mean mail.token?", True),
    ("not near", "hunter2-canary", "unknown key hunter2-canary: did you mean mail.token?", False),
    ("no name of the chart", "MAIL_TOKENS", "unknown key MAIL_TOKENS: did you mean MAIL_TOKENX?", False),
    ("what it is itself", "MAIL_TOKENS", "unknown key MAIL_TOKENS: did you mean MAIL_TOKENS?", False),
    ("no question", "MAIL_TOKENS", "unknown key MAIL_TOKENS: no mail.token?", False),
]


@pytest.mark.parametrize(("name", "message", "shown"), [row[1:] for row in MEANT], ids=[row[0] for row in MEANT])
def test_a_mistyped_key_is_shown_with_what_was_meant(name: str, message: str, shown: bool) -> None:
    hidden = [
        each._replace(words=frozenset(("mail.token",))) for each in mask.in_values({"a": {"secrets": {name: "x"}}})
    ]
    assert (name in mask.masked(message, hidden)) == shown


def test_words_of_a_file_that_is_no_yaml() -> None:
    found = {each.text for each in mask.in_file(f'heimdall:\n  secrets:\n    JWT_SECRET: "{VALUE}\n'.encode())}
    assert found == {VALUE}


def test_aliases_of_aliases_take_no_time() -> None:
    lines = ["a0: &a0 [one-scalar]", *(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 60))]
    assert {each.text for each in mask.in_file("\n".join(lines).encode())} == {"one-scalar"}


SETS: list[tuple[str, str, set[str]]] = [
    ("one", f"heimdall.secrets.JWT_SECRET={VALUE}", {VALUE}),
    ("two", f"image.tag=1,heimdall.secrets.JWT_SECRET={VALUE}", {VALUE}),
    ("a comma in it", f"heimdall.secrets.JWT_SECRET={VALUE},rest", {f"{VALUE},rest", VALUE, "rest"}),
    ("a value cut at a comma", f"heimdall.secrets.DATABASE_PASSWORD=abcdefgh,{VALUE}==", {"abcdefgh", VALUE}),
    (
        "a colon in place of the equals sign",
        f"heimdall.secrets.JWT_SECRET:{VALUE}",
        {"heimdall.secrets.JWT_SECRET", VALUE},
    ),
    ("json", f'heimdall.secrets={{"JWT_SECRET": "{VALUE}"}}', {f'{{"JWT_SECRET": "{VALUE}"}}', VALUE}),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in SETS], ids=[row[0] for row in SETS])
def test_in_set(text: str, expected: set[str]) -> None:
    assert {each.text for each in mask.in_set("set", text)} == expected


LOGINS = [
    ("in a text", "got https://me:word@host/x.tgz and oci://h/a@sha", "got https://host/x.tgz and oci://h/a@sha"),
    ("two addresses", "https://me:word@host/x.tgz and oci://h/a@sha", "https://host/x.tgz and oci://h/a@sha"),
    ("an at sign in it", "https://me:p@word@host/x.tgz?sig=word", "https://host/x.tgz?…"),
    ("a slash in it", "oci://me:wo/rd@host/x", "oci://host/x"),
    ("a hash in it", "oci://me:wo#rd@host/x", "oci://host/x"),
    ("a question mark in it", "oci://me:wo?rd@host/x", "oci://host/x"),
    ("a space in it", "oci://me:wo rd@host/x", "oci://host/x"),
    ("a digest", "oci://me:word@host/x@sha256:0af", "oci://host/x@sha256:0af"),
    ("a digest alone", "oci://host/x@sha256:0af", "oci://host/x@sha256:0af"),
    ("no address", "env/me:word@host.yaml", "env/me:word@host.yaml"),
    ("a query with an at sign", "https://host:1/x.tgz?token=wo@rd", "https://…"),
    ("a query with a space", "https://host:1/x.tgz?token=wo rd", "https://host:1/x.tgz?…"),
    ("a query with a quote", "https://host/x.tgz?token=wo'rd", "https://host/x.tgz?…"),
    ("a fragment", "https://host/x.tgz#wo rd", "https://host/x.tgz#…"),
    ("a fragment with an at sign", "https://host/x.tgz#wo@rd", "https://…"),
    ("a port", "https://host:8443/x.tgz", "https://host:8443/x.tgz"),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in LOGINS], ids=[row[0] for row in LOGINS])
def test_without_login(text: str, expected: str) -> None:
    assert mask.without_login(text) == expected


TARGETS = [
    ("no scheme", "me:wo/rd@host/x", "…@host/x"),
    ("half a scheme", "oci:/me:word@host/x", "…@host/x"),
    ("slashes alone", "//me:wo?rd@host/x", "…@host/x"),
    ("no slashes", "https:me:word@host/x", "…@host/x"),
    ("a whole address", "oci://me:word@host/x", "oci://host/x"),
    ("a path", "charts/heimdall", "charts/heimdall"),
    ("a path with an at sign", "charts/me@home/x.yaml", "charts/me@home/x.yaml"),
    ("a path with a colon", "C:/charts/x.yaml", "C:/charts/x.yaml"),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in TARGETS], ids=[row[0] for row in TARGETS])
def test_target(text: str, expected: str) -> None:
    assert mask.target(text) == expected


ADDRESSES = [
    ("a password", "oci://me:pass/word-1@host/x", 'invalid port ":pass" after host', '"'),
    ("encoded", "oci://me:hunter2%20x@host/x", "login me:hunter2 x is wrong", "login"),
    ("a token", "https://ghp_abcdefgh@host/x", "no ghp_abcdefgh", "no"),
    ("a bad escape", "https://me:wo%zzrd@host/x", 'invalid URL escape "%zz"', "escape"),
    ("a fragment", "https://host/x.tgz#hunter2-frag", "404 for https://host/x.tgz#hunter2-frag", "404"),
    ("a signature", "https://host/x.tgz?sig=hunter2-sig", "403 for hunter2-sig", "403"),
]


@pytest.mark.parametrize(
    ("address", "message", "kept"), [row[1:] for row in ADDRESSES], ids=[row[0] for row in ADDRESSES]
)
def test_in_address(address: str, message: str, kept: str) -> None:
    shown = mask.masked(message, mask.in_address(address))
    assert GONE in shown and kept in shown
    assert not any(part in shown for part in ("pass", "hunter2", "ghp_", "%zz"))


@pytest.mark.parametrize("address", ["oci://host/x", "https://host/x.tgz", "repo/chart", "", "oci://host/x@sha256:0af"])
def test_nothing_is_hidden_of_an_address_without_a_login(address: str) -> None:
    assert list(mask.in_address(address)) == []


def test_a_value_that_is_cut_in_two_is_not_shown(tmp_path: Path) -> None:
    """Of a message that is one line, longer than is shown, nothing can be."""
    value = "Zq7-CANARY-x9vQ8wZ1-xR6"
    program = tmp_path / "helm"
    line = "x" * (helm.LONGEST - 10) + value + "\\n"
    program.write_text(f"#!{sys.executable}\nimport sys\nsys.stderr.write('{line}')\nsys.exit(1)\n")
    program.chmod(0o755)
    with pytest.raises(helm.Refused) as caught:
        helm.Helm(str(program), helm.LIMIT).run(["template"], b"", "failed", [mask.Hidden(value)])
    assert value[:8] not in caught.value.output
    assert caught.value.output == "(nothing that can be shown; its exit code was 1)"
