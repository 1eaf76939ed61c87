"""A value has not the format that the contract asks for."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.model.terms import BINARY, PEM
from post_renderer.rules import forms, shared

ID = "wrong-format"
SEVERITY = ERROR
IGNORABLE = True
MARK = "-----BEGIN "


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each key whose value has not the contract's format, or whose kind is `pem` and that is no PEM.

    The application decodes the value when it starts, and fails if it can't. The formats are hex, base64, base64url,
    bcrypt, htpasswd, jwt, uuid and url; `base64:32` is of 32 bytes.

    Fix: make a value with the command that the report names.

    Fails: `{formats: "k=base64:32", k: 4b0f9a7c2d8e6153}`, `{kinds: k=pem, k: 4b0f9a7c2d8e6153}`
    Passes: `{formats: k=hex, k: 4b0f9a7c2d8e6153}`
    """
    specs = requirement.terms.specs
    for key, text in _texts(requirement, values):
        spec = specs[key]
        if shared.is_reported(spec.kind, text):
            continue
        if spec.kind == PEM and MARK not in text:
            yield Finding(SEVERITY, ID, values.where(key), f"{key} is no PEM", f"{MARK}...", key=key)
        elif spec.form and not forms.fits(text if spec.form == "htpasswd" else text.rstrip("\r\n"), spec.form):
            yield Finding(SEVERITY, ID, values.where(key), f"{key} is not {spec.form}", spec.form, key=key)


def _texts(requirement: Requirement, values: Values) -> Iterator[tuple[str, str]]:
    """The keys of a format that have a text; what is none has a rule of its own, unless its kind is binary."""
    specs = requirement.terms.specs
    yield from shared.texts(values, [key for key, spec in specs.items() if spec.form or spec.kind == PEM])
    for key in (key for key, spec in specs.items() if spec.form and spec.kind == BINARY):
        value = values.values.get(key, b"")
        if b"\0" in value or not shared.is_utf8(value):
            yield key, ""
