"""A value is a document, an address or an assignment."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy, shared

ID = "not-a-password"
SEVERITY = ERROR
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each known key of a password whose value is something else.

    That is a certificate or private key in PEM, JSON or XML, the path of a file, an address, or the assignment itself.
    It came there whole, and only a part of it was meant. Keys of addresses and certificates, such as `DATABASE_URL`
    and `DATABASE_SSL_CERT`, are not looked at.

    Fix: write the password alone.

    Fails: `JWT_SECRET: "JWT_SECRET=4b0f9a7c2d8e6153"`, `JWT_SECRET: '{"jwt": "4b0f9a7c2d8e6153"}'`
    Passes: `DATABASE_SSL_CERT: "-----BEGIN CERTIFICATE-----"`
    """
    for key, text in shared.passwords(requirement, values):
        if shared.spec(requirement, key).form == "url":
            continue
        if policy.is_document(text) and not (policy.is_ciphertext(text) or policy.is_reference(text)):
            message = f"{key} is a document, an address or an assignment"
            yield Finding(SEVERITY, ID, values.where(key), message, "the password alone", key=key)
