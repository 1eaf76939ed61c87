"""A value is ciphertext: nothing decrypted it."""

from __future__ import annotations

from collections.abc import Iterator

from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.requirement import Requirement, Values
from post_renderer.rules import policy, shared

ID = "ciphertext"
SEVERITY = ERROR
IGNORABLE = True


def check(requirement: Requirement, values: Values) -> Iterator[Finding]:
    """Report each known key whose value is what an encryption made.

    SOPS, Ansible Vault, Sealed Secrets and others write such values. The application does not decrypt them: it would
    take the ciphertext, which is in a repository, for the secret.

    Fix: decrypt the file or value before it is used. A secrets file that SOPS encrypted as YAML needs no more than its
    name in `heimdall.secretsFiles`.

    Fails: `JWT_SECRET: "ENC[AES256_GCM,data:aGk=,iv:aGk=,tag:aGk=,type:str]"`
    Passes: `JWT_SECRET: 4b0f9a7c2d8e61530b9d7f2c6a1e8405`
    """
    for key, text in shared.texts(values, shared.known(requirement)):
        if policy.is_ciphertext(text):
            message = f"{key} is ciphertext, which nothing decrypted"
            yield Finding(SEVERITY, ID, values.where(key), message, "the value in plaintext", HOW, key)


HOW = "decrypt it before it is used (a SOPS file: sops decrypt FILE, or name it in heimdall.secretsFiles as YAML)"
