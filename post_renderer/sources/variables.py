"""Environment variables that values refer to: which may be read, and what they give."""

from __future__ import annotations

from collections.abc import Mapping

from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.fix import Assignment, Command, Fix, Substitution, command
from post_renderer.model.options import PREFIX as OWN_PREFIX
from post_renderer.model.requirement import Requirement, Values
from post_renderer.model.settings import Settings
from post_renderer.rules import policy, shared
from post_renderer.sources import key_names
from post_renderer.sources.resolution import Needs

NOT_ALLOWED, UNSET = "env-not-allowed", "env-unset"
FIRST = "if this is the first install; else export the value that the release has"
Names = Mapping[str, str]  # the environment variable that each key refers to, or the values path of each key


def needs(requirement: Requirement, wanted: Names, paths: Names, settings: Settings) -> Needs:
    """The variables that keys refer to; those that a chart may not read are findings."""
    refused = [
        _not_allowed(requirement, paths[key], key, name)
        for key, name in wanted.items()
        if not _is_allowed(name, settings)
    ]
    allowed = dict.fromkeys(name for name in wanted.values() if _is_allowed(name, settings))
    return Needs(variables=tuple(allowed), findings=tuple(refused))


def read(requirement: Requirement, wanted: Names, paths: Names, facts: Facts) -> tuple[Values, list[Finding]]:
    """What the variables give, and a finding for each that is not there."""
    places = {key: Place(f"environment variable {name}", values=paths[key]) for key, name in wanted.items()}
    values = {key: facts.environ[name] for key, name in wanted.items() if facts.environ.get(name)}
    missing = [key for key in wanted if key not in values]
    findings = [_unset(requirement, places[key], key, wanted[key], facts.setter) for key in missing]
    return Values(values, places, Place(), unknown=frozenset(missing)), findings


def titles(values: Values, wanted: Names) -> tuple[str, ...]:
    """The variables that gave a value, as reports name them."""
    return tuple(f"environment variable {wanted[key]}" for key in values.values)


def _is_allowed(name: str, settings: Settings) -> bool:
    own = {name for each in settings.profiles for name in each.required}
    is_ours = name.startswith(OWN_PREFIX)  # an option of this tool, such as HEIMDALL_PR_SET, may hold secrets
    is_built_in = name in policy.BUILT_IN_VARIABLES or (name.startswith(policy.BUILT_IN_PREFIX) and not is_ours)
    return settings.any_env or is_built_in or name in settings.env or name in own


def _not_allowed(requirement: Requirement, path: str, key: str, name: str) -> Finding:
    shown = key_names.shown(key, key_names.named(requirement))
    message = f"{shown} asks for the environment variable {name}, which a chart may not read"
    expected = f"one of {', '.join(policy.KEYS)} or {policy.BUILT_IN_PREFIX}…"
    fix = f"HEIMDALL_PR_ENV={name} (or --env {name}), if you want it to be read"
    place = Place("" if path else f"environment variable {name}", values=path)
    return Finding(ERROR, NOT_ALLOWED, place, message, expected, fix, shown)


def _unset(requirement: Requirement, place: Place, key: str, name: str, setter: str) -> Finding:
    shown = key_names.shown(key, key_names.named(requirement))
    message = f"{shown} is missing: the environment variable {name} is not set or empty"
    fix = f"set {name} in {setter}" if setter else _export(requirement, key, name)
    return Finding(ERROR, UNSET, place, message, requirement.expected(key), fix, shown)


def _export(requirement: Requirement, key: str, name: str) -> Fix:
    """The command that gives a variable a fresh value; none makes what another service issued, or a person writes."""
    is_named = key in requirement.terms.specs or key in policy.KEYS
    made = policy.GIVEN if not is_named and policy.is_given(name) else shared.made(requirement, key)
    if not isinstance(made, Command):
        return f"export {name}: {made}"
    note = f"{FIRST}; {made.note}" if made.note else FIRST
    if len(made.pipeline) > 1:
        return f"export {name}: what this makes, {note}: {made._replace(note='')}"
    recipe = tuple(word for word in made.pipeline[0] if isinstance(word, (str, Substitution)))
    return command("export", Assignment(name, recipe), note=note)
