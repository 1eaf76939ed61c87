"""That the look for secrets, which every other test relies on, finds them."""

import base64
import hashlib

import pytest

from tests.support import fresh, leaks, without_secrets

VALUE = fresh()["JWT_SECRET"]

TOLD = [
    ("the value", VALUE),
    ("a part of it", f"it begins with {VALUE[:12]}…"),
    ("its base64", base64.b64encode(VALUE.encode()).decode()),
    ("within another base64, one byte on", base64.b64encode(f"x{VALUE}y".encode()).decode()),
    ("within another base64, two bytes on", base64.b64encode(f"xy{VALUE}z".encode()).decode()),
    ("its digest", hashlib.sha256(VALUE.encode()).hexdigest()),
    ("in a document of another kind", without_secrets(f"---\nkind: ConfigMap\ndata: {VALUE}\n---\nkind: Secret\n")),
]
NOT_TOLD = [
    ("nothing", ""),
    ("its length", f"{len(VALUE)} characters"),
    ("another secret", fresh()["JWT_SECRET"]),
    ("in the Secret", without_secrets(f"---\nkind: Pod\n---\nkind: Secret\ndata: {VALUE}\n---\nkind: Pod\n")),
]


@pytest.mark.parametrize(("name", "text"), TOLD, ids=[row[0] for row in TOLD])
def test_found(name: str, text: str) -> None:
    assert leaks(text, [VALUE]), name


@pytest.mark.parametrize(("name", "text"), NOT_TOLD, ids=[row[0] for row in NOT_TOLD])
def test_not_found(name: str, text: str) -> None:
    assert not leaks(text, [VALUE]), name
