"""A ValidatingAdmissionPolicy whose expressions are those of a contract: what can be told of one Secret in base64."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from post_renderer.model.contract_file import ContractFile
from post_renderer.model.errors import UserError
from post_renderer.model.record import NamedTuple

# No parameter: an API server stops looking up ConfigMaps as parameters once a binding is gone (kubernetes#130887).
TEMPLATE = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: {name}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      # Never DELETE: deleting the namespace would hang.
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [secrets]
  matchConditions:
    - name: is-the-secret-of-the-contract
      expression: {is_secret}
    # One that is on its way out still has its finalizers taken away.
    - name: is-not-being-deleted
      expression: "!has(object.metadata.deletionTimestamp)"
  variables:
    - name: missing
      expression: {missing}
  validations:
    - expression: size(variables.missing) == 0
      reason: Invalid
      messageExpression: {needs}
{validations}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {name}
spec:
  policyName: {name}
  validationActions: {actions}
  matchResources:
    namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: {namespace}
"""
ADD = "add what is missing where the Secret is made, all keys at once"
NOTHING = "the contract asks for nothing that an API server can tell of a Secret"
NONE = "[''].filter(key, key != '')"  # an empty list in CEL would not be one of texts
ACTIONS = {"Deny": "[Deny]", "Audit": "[Audit, Warn]"}


class Validation(NamedTuple):
    """An expression in CEL that must be true, and the message if it is not."""

    expression: str
    message: str


def name_of(secret: str, namespace: str) -> str:
    """The policy's name, in no namespace itself. A namespace has no dot, so that no two Secrets have one policy."""
    return f"{namespace}.{secret}-contract"


def render(contract: ContractFile, secret: str, namespace: str, action: str, keys: Mapping[str, str]) -> str:
    """The policy and its binding.

    Args:
        contract: What the Secret must have.
        secret: The Secret's name.
        namespace: Its namespace.
        action: One of ACTIONS.
        keys: The Secret's keys of names in the contract that are variables.

    Raises:
        UserError: It would check nothing.
    """
    others = "".join(map(_written, validations(contract, secret, keys)))
    if not contract.required and not others:
        raise UserError(NOTHING, "a key that must be there, a length, a group, or two equal keys")
    required = [keys.get(name, name) for name in contract.required]
    absent = f"!has(object.data) || !(key in object.data) || {_empty('object.data[key]')}"
    missing = f"{required}.filter(key, {absent})" if required else NONE
    needs = f"'the Secret {secret} needs ' + variables.missing.join(', ') + ': {ADD}'"
    return TEMPLATE.format(
        name=json.dumps(name_of(secret, namespace)),
        is_secret=json.dumps(f"object.metadata.name == '{secret}'"),
        missing=json.dumps(missing),
        needs=json.dumps(needs),
        validations=others.rstrip("\n"),
        actions=ACTIONS[action],
        namespace=json.dumps(namespace),
    )


def _written(validation: Validation) -> str:
    expression, message = json.dumps(validation.expression), json.dumps(validation.message)
    return f"    - expression: {expression}\n      reason: Invalid\n      message: {message}\n"


def validations(contract: ContractFile, secret: str, keys: Mapping[str, str]) -> Iterator[Validation]:
    """What must be true of the Secret, besides that the required keys are there."""
    where = f"in the Secret {secret}: {ADD}"
    named = {name: keys.get(name, name) for name in contract.terms.specs}
    for name, spec in contract.terms.specs.items():
        key = named[name]
        if spec.least:
            message = f"{key} must have at least {spec.least} characters in the Secret {secret}"
            yield Validation(f"!({_there(key)}) || {_size(key)} >= {spec.least}", message)
        if spec.lengths:
            message = f"{key} must have {' or '.join(map(str, spec.lengths))} characters in the Secret {secret}"
            yield Validation(f"!({_there(key)}) || {_size(key)} in {list(spec.lengths)}", message)
    yield from _of_groups(contract, named, where)


def _of_groups(contract: ContractFile, named: Mapping[str, str], where: str) -> Iterator[Validation]:
    """What must be true of several keys."""
    for group in contract.terms.one_of:
        ways = [" && ".join(_there(named[name]) for name in names) for names in group]
        text = " or ".join(" with ".join(named[name] for name in names) for names in group)
        yield Validation(" || ".join(f"({way})" for way in ways), f"{text} must be there {where}")
    for names in contract.terms.together:
        count = " + ".join(f"({_there(named[name])} ? 1 : 0)" for name in names)
        text = " and ".join(named[name] for name in names)
        yield Validation(f"({count}) in [0, {len(names)}]", f"{text} belong together {where}")
    for name, other in contract.terms.equal:
        if "/" not in other:
            one, two = named[name], named[other]
            same = f"object.data['{one}'] == object.data['{two}']"
            is_open = f"!({_there(one)}) || !({_there(two)})"
            yield Validation(f"{is_open} || {same}", f"{one} and {two} must have the same value")


def _there(key: str) -> str:
    value = f"object.data['{key}']"
    return f"has(object.data) && '{key}' in object.data && !({_empty(value)})"


def _empty(value: str) -> str:
    """That a value is empty. The API server takes null for an empty one, and CEL knows no size of null."""
    return f"{value} == null || size({value}) == 0"


def _size(key: str) -> str:
    """The bytes of a value, from the size of its base64."""
    value = f"object.data['{key}']"
    return f"(size({value}) / 4 * 3 - ({value}.endsWith('==') ? 2 : {value}.endsWith('=') ? 1 : 0))"
