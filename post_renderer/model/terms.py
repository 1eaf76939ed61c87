"""What a contract says of the keys of a Secret: what each must be, and how they belong together."""

from __future__ import annotations

from collections.abc import Mapping

from post_renderer.model.record import NamedTuple

PASSWORD, TOKEN, HASH, TEXT = "password", "token", "hash", "text"
USERNAME, PEM, CONFIG, BINARY = "username", "pem", "config", "binary"
KINDS = (PASSWORD, TOKEN, USERNAME, PEM, CONFIG, BINARY, HASH)  # TEXT is what a contract of version 1 has
SELF, THIRD_PARTY = "self", "third-party"
ISSUERS = (SELF, THIRD_PARTY)


class Spec(NamedTuple):
    """What the value of a key must be.

    Attributes:
        kind: One of KINDS: which rules apply.
        least: The shortest length in characters; a shorter value is an error. 0: there is none.
        lengths: The lengths that it may have; empty: any.
        form: The format: `hex`, `base64:32`, `jwt`, …; empty: any.
        forbidden: Published values that it must not have.
        optional: It may be absent, alone or as a part of a group.
        issuer: Who makes the value: SELF, or THIRD_PARTY, whose value nobody here can make.
        rotation: How it is renewed, a sentence for the report.
        filled_by: Who writes the value after the installation: it may be empty until then.
    """

    kind: str = PASSWORD
    least: int = 0
    lengths: tuple[int, ...] = ()
    form: str = ""
    forbidden: tuple[str, ...] = ()
    optional: bool = False
    issuer: str = SELF
    rotation: str = ""
    filled_by: str = ""


class Terms(NamedTuple):
    """What is asked of the keys besides that they are there.

    Attributes:
        specs: What each key must be, by its name; empty if the contract says no more than version 1 can.
        one_of: Groups of alternatives, each some keys: at least one alternative must be there.
        together: Groups of keys that are all there, or none of them.
        equal: Pairs of keys with the same value; the second one may be `SECRET/KEY`.
    """

    specs: Mapping[str, Spec] = {}
    one_of: tuple[tuple[tuple[str, ...], ...], ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    equal: tuple[tuple[str, str], ...] = ()
