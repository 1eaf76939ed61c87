"""A value has not the format that the contract asks for."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.model.terms import PEM
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
    for key, text in shared.texts(values, [key for key, spec in specs.items() if spec.form or spec.kind == PEM]):
        spec = specs[key]
        is_password = spec.kind in shared.OF_ONE_LINE
        if shared.is_of_another_kind(text, False) or shared.is_placeholder(text, is_password):
            continue
        if spec.kind == PEM and MARK not in text:
            yield Finding(SEVERITY, ID, values.where(key), f"{key} is no PEM", f"{MARK}...", key=key)
        elif spec.form and not forms.fits(text if spec.form == "htpasswd" else text.rstrip("\r\n"), spec.form):
            yield Finding(SEVERITY, ID, values.where(key), f"{key} is not {spec.form}", spec.form, key=key)
