"""Which chart and release a stream is of, by the labels that charts usually set."""

from __future__ import annotations

CONTRACT = b"heimdall.mitre.org/secrets-contract"
# https://helm.sh/docs/chart_best_practices/labels/#standard-labels
LABELS = {"chart": b"helm.sh/chart:", "release": b"app.kubernetes.io/instance:"}
ALLOWED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
LONGEST = 63  # characters of a label's value


def described(data: bytes) -> str:
    """`chart heimdall-0.2.0, release heimdall`, from the contract's labels or else the first ones."""
    contract = data.find(CONTRACT)
    start = max(data.rfind(b"\n---", 0, contract), 0) if contract >= 0 else 0
    found = {name: _value(data, label, start) for name, label in LABELS.items()}
    return ", ".join(f"{name} {value}" for name, value in found.items() if value)


def _value(data: bytes, label: bytes, start: int) -> str:
    """The value of a label; empty if it is none that Kubernetes allows."""
    at = data.find(label, start)
    if at < 0:
        return ""
    line = data[at + len(label) : at + len(label) + LONGEST + 4].partition(b"\n")[0].strip().strip(b"\"'")
    return line.decode() if line and len(line) <= LONGEST and ALLOWED.issuperset(line) else ""
