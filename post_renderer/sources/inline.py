"""secrets: the values that the chart rendered; exactly `${NAME}` is filled from the environment."""

from collections.abc import Mapping

from post_renderer.kube import secret
from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.report import Edit
from post_renderer.model.settings import Settings
from post_renderer.requirements.contract import Contract
from post_renderer.rules import policy
from post_renderer.sources.case import Case, Needs, Verdict, unfillable


def needs(case: Case, settings: Settings) -> Needs:
    """The variables that values refer to; those that a chart may not read are findings."""
    return needed(
        _references(case), {key: case.contract.value(policy.shown(key)) for key in _references(case)}, settings
    )


def needed(wanted: Mapping[str, str], paths: Mapping[str, str], settings: Settings) -> Needs:
    """The variables that keys want, as far as they may be read; `paths` says where in the values each key is."""
    refused = [
        Finding(
            ERROR,
            "env-not-allowed",
            Place(values=paths[key]),
            f"{policy.shown(key)} asks for the environment variable {name}, which a chart may not read",
            f"one of {', '.join(policy.KEYS)} or {policy.BUILT_IN_PREFIX}…",
            f"HEIMDALL_PR_ENV={name} (or --env {name}), if you want it to be read",
            policy.shown(key),
        )
        for key, name in wanted.items()
        if not _is_allowed(name, settings)
    ]
    allowed = dict.fromkeys(name for name in wanted.values() if _is_allowed(name, settings))
    return Needs(variables=tuple(allowed), findings=tuple(refused))


def judge(case: Case, facts: Facts) -> Verdict:
    """What the Secret will hold: the literals, and the variables."""
    problems = unfillable(case)
    if case.resource is None or problems:
        return Verdict(None, problems)
    wanted = _references(case)
    literals = {key: field for key, field in secret.fields(case.resource).items() if key not in wanted}
    data, findings = secret.read(case.data, case.resource, literals)
    filled = {key: facts.environ[name] for key, name in wanted.items() if facts.environ.get(name)}
    places = {
        key: Place(f"environment variable {name}", values=case.contract.value(policy.shown(key)))
        for key, name in wanted.items()
    }
    findings += [
        unset(case.contract, places[key], key, wanted[key]) for key in wanted if not facts.environ.get(wanted[key])
    ]
    literal_places = {
        key: place._replace(values=case.contract.value(policy.shown(key))) for key, place in data.places.items()
    }
    data = data._replace(
        values={**data.values, **filled},
        places={**literal_places, **places},
        whole=Place(values=case.contract.value()),
        unknown=data.unknown | wanted.keys() - filled.keys(),
    )
    read = tuple(f"environment variable {wanted[key]}" for key in filled)
    return Verdict(data, tuple(findings), read)


def edits(case: Case, verdict: Verdict) -> list[Edit]:
    """Each `${NAME}` becomes its value."""
    assert case.resource is not None and verdict.secret is not None
    fields = secret.fields(case.resource)
    return [secret.fill_one(case.data, fields[key], verdict.secret.values[key]) for key in _references(case)]


def _references(case: Case) -> dict[str, str]:
    """The variable of each key whose value is exactly `${NAME}`, raw: as base64 it would be a literal."""
    written = secret.fields(case.resource) if case.resource else {}
    names = {key: policy.reference(field.value.text) for key, field in written.items() if field.encoded}
    return {key: name for key, name in names.items() if name}


def _is_allowed(name: str, settings: Settings) -> bool:
    own = settings.profile.required if settings.profile else ()
    is_built_in = name in policy.BUILT_IN_VARIABLES or name.startswith(policy.BUILT_IN_PREFIX)
    return is_built_in or name in settings.env or name in own


def unset(contract: Contract, place: Place, key: str, name: str) -> Finding:
    """The finding for a key whose variable is not there."""
    message = f"{policy.shown(key)} is missing: the environment variable {name} is not set or empty"
    fix = f'export {name}="$({contract.recipe(key)})"'
    return Finding(ERROR, "env-unset", place, message, contract.expects(key), fix, policy.shown(key))
