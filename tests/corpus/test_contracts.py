"""The contracts that ship, over real renders: the default, complete Secrets, and each key missing or bad."""

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from post_renderer import pipeline
from post_renderer.adapters import contracts
from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, WARNING
from post_renderer.model.report import Outcome
from post_renderer.model.settings import Settings
from post_renderer.model.terms import BINARY, CONFIG, HASH, PASSWORD, PEM, TOKEN, USERNAME, Spec
from post_renderer.scaffold import guard
from post_renderer.scaffold.guard_options import Wanted
from tests.corpus.applications import APPLICATIONS

FOLDER = Path(os.environ.get("HEIMDALL_PR_CORPUS", "/nowhere")) / "popular"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="HEIMDALL_PR_CORPUS has no folder `popular`")
VALUES = {
    USERNAME: "somebody",
    PEM: "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ\n-----END PRIVATE KEY-----\n",
    HASH: "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
    CONFIG: "a: {{ b }}\n",
    BINARY: "\0",
}
Secrets = dict[tuple[str, str], dict[str, str]]


def stream(application: str, way: str, helm: str = "helm4") -> bytes:
    return (FOLDER / f"{application}.{way}.{helm}.yaml").read_bytes()


def judged(data: bytes, application: str) -> tuple[pipeline.Plan, Outcome]:
    plan = pipeline.plan(data, Settings(contracts=contracts.load([application])))
    return plan, pipeline.apply(plan, Facts())


def complaints(outcome: Outcome) -> list[str]:
    return sorted({each.rule for each in outcome.report.findings if each.severity in (ERROR, WARNING)})


def value(name: str, spec: Spec) -> str:
    """A good value for a key."""
    if spec.kind not in (PASSWORD, TOKEN):
        return VALUES[spec.kind]
    digits = hashlib.sha256(name.encode()).hexdigest() * 3
    return digits[: spec.lengths[0] if spec.lengths else 128]


def asked(plan: pipeline.Plan) -> Iterator[tuple[tuple[str, str], str, str, Spec]]:
    """Each key that a contract asks for: the Secret, the key in it, its name in the contract, and what it must be."""
    for asker in plan.askers:
        homes = {name: (each, key) for each in asker.found for name, key in each.requirement.keys.items()}
        for name, spec in asker.all.terms.specs.items():
            taken = [(each, each.sources[name].key) for each in asker.found if name in each.sources]
            found, key = homes.get(name) or (taken or [(asker.own, name)])[0]
            yield (found.requirement.namespace, found.requirement.secret), key or name, name, spec


def with_secrets(data: bytes, secrets: Secrets) -> bytes:
    """The stream with these Secrets in place of its own of their names."""
    documents = re.split(rb"(?m)^---[ \t]*$\n?", data)
    names = {name for _, name in secrets}
    kept = [each for each in documents if not (re.search(rb"(?m)^kind: Secret$", each) and name_of(each) in names)]
    for (namespace, name), values in secrets.items():
        encoded = {key: base64.b64encode(text.encode()).decode() for key, text in values.items()}
        metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
        made: dict[str, Any] = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": encoded}
        kept.append(yaml.safe_dump(made).encode())
    return b"---\n".join(kept)


def name_of(document: bytes) -> str:
    read = yaml.load(document, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # the safe one
    return str(read["metadata"]["name"])


def complete(plan: pipeline.Plan) -> Secrets:
    """Good values for all that is asked for."""
    secrets: Secrets = {}
    for secret, key, name, spec in asked(plan):
        secrets.setdefault(secret, {})[key] = value(name, spec)
    return secrets


def test_each_has_a_contract_and_each_contract_is_tested() -> None:
    assert [*APPLICATIONS, "vulcan"] == sorted([*contracts.shipped()], key=lambda name: (name == "vulcan", name))


@pytest.mark.parametrize("helm", ["helm3", "helm4"])
@pytest.mark.parametrize("application", [each for each in APPLICATIONS if each != "mariadb"])
def test_the_default(application: str, helm: str) -> None:
    way = {"gha-runner-scale-set": "token", "zitadel": "inline"}.get(application, "default")
    data = stream(application, way, helm)
    _, outcome = judged(data, application)
    assert complaints(outcome) == list(APPLICATIONS[application].wrong)
    assert outcome.report.judged
    assert not outcome.report.ok or b"".join(outcome.pieces) == data


@pytest.mark.parametrize("application", APPLICATIONS)
def test_complete_and_each_key_missing(application: str) -> None:
    """The contract is accepted; with good values nothing is wrong; without a key the report names it."""
    data = stream(application, APPLICATIONS[application].way)
    secrets = complete(judged(data, application)[0])
    plan, outcome = judged(with_secrets(data, secrets), application)
    assert (complaints(outcome), outcome.report.ok) == ([], True)
    assert all(each.seen for each in outcome.report.judged)
    lacking = [each for each in asked(plan) if not each[3].optional and not each[3].filled_by]
    for secret, key, name, _ in lacking:
        without = {each: dict(values) for each, values in secrets.items()}
        del without[secret][key]
        _, refused = judged(with_secrets(data, without), application)
        assert [each.key for each in refused.report.findings if each.rule == "missing-key"] == [name]
    groups = [group for asker in plan.askers for group in asker.all.terms.one_of]
    for group in groups:
        without = {
            each: {k: v for k, v in values.items() if not any(k in g for g in group)}
            for each, values in secrets.items()
        }
        _, refused = judged(with_secrets(data, without), application)
        assert "group-incomplete" in complaints(refused)
    assert lacking or groups or application == "argo-cd"


@pytest.mark.parametrize("application", APPLICATIONS)
def test_one_defect_for_each_key(application: str) -> None:
    """What a person leaves: each value that may be no placeholder is one."""
    data = stream(application, APPLICATIONS[application].way)
    plan, _ = judged(data, application)
    secrets = complete(plan)
    for secret, key, name, spec in asked(plan):
        if spec.kind in (PASSWORD, TOKEN, HASH, PEM):
            bad = {each: dict(values) for each, values in secrets.items()}
            bad[secret][key] = "changeme"
            _, refused = judged(with_secrets(data, bad), application)
            assert ("placeholder", name) in [(each.rule, each.key) for each in refused.report.findings]


# What people set: keys of their own, another registry, another account of the same publisher.
CHANGES = [
    ("postgresql", b"docker.io/bitnami/", b"docker.io/bitnamilegacy/"),
    ("postgresql", b"docker.io/", b"registry.example.com:5000/mirror/"),
    ("grafana", b"key: admin-password", b"key: pw"),
    ("oauth2-proxy", b"key: client-secret", b"key: oidc"),
    ("zitadel", b"zm", b"zitadel-login"),
]


@pytest.mark.parametrize(("application", "old", "new"), CHANGES)
def test_with_values_of_somebody(application: str, old: bytes, new: bytes) -> None:
    plain = stream(application, APPLICATIONS[application].way)
    data = plain.replace(old, new)
    assert data != plain
    plan, _ = judged(data, application)
    _, outcome = judged(with_secrets(data, complete(plan)), application)
    assert (complaints(outcome), outcome.report.ok) == ([], True)
    assert guarded(data, application, complete(plan)) == []


# A Secret that two applications take from: the pods of the other one need their keys of it as well.
BESIDE = {"wordpress": "mariadb"}


@pytest.mark.parametrize("application", APPLICATIONS)
def test_a_guard_by_the_manifests(application: str) -> None:
    """It asks for the keys that the pods take, and for nothing that they do not."""
    data = stream(application, APPLICATIONS[application].way)
    plan, _ = judged(data, application)
    secrets = complete(plan)
    if other := BESIDE.get(application):
        assert "unlisted-key" in {rule for rule, _ in guarded(data, application, secrets)}
        more = complete(judged(data, other)[0])
        secrets = {each: {**more.get(each, {}), **secrets.get(each, {})} for each in (*secrets, *more)}
    found = guarded(data, application, secrets)
    assert [each for each in found if other is None or each[0] != "unlisted-key"] == []
    for secret, key, _, spec in asked(plan):
        if not (spec.optional or spec.filled_by):
            without = {**secrets, secret: {each: text for each, text in secrets[secret].items() if each != key}}
            assert ("missing-key", key) in guarded(data, application, without)


def guarded(data: bytes, application: str, secrets: Secrets) -> list[tuple[str, str]]:
    """What a guard in the stream, and no contract file, reports of these Secrets."""
    wanted = Wanted(contracts=contracts.load([application]), manifests=data, namespace="apps", release="rel")
    text = with_secrets(data, secrets) + b"---\n" + guard.render(wanted).encode()
    found = pipeline.apply(pipeline.plan(text, Settings(namespace="apps")), Facts()).report.findings
    return [(each.rule, each.key) for each in found]
