"""secrets: the values that the chart rendered; exactly `${NAME}` is filled from the environment."""

from collections.abc import Iterator, Mapping

from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.fix import Assignment, command
from post_renderer.model.options import PREFIX as OWN_PREFIX
from post_renderer.model.requirement import Requirement, Values
from post_renderer.model.settings import Settings
from post_renderer.requirements.found import Asker, Found
from post_renderer.rules import policy
from post_renderer.sources import existing, fillable
from post_renderer.sources.resolution import Needs, Resolution


def needs(found: Found, asker: Asker, settings: Settings) -> Needs:
    """The variables that values refer to; those that a chart may not read are findings."""
    wanted = references(found, asker)
    refused = [
        _not_allowed(path(found, asker, key), key, name)
        for key, name in wanted.items()
        if not _is_allowed(name, settings)
    ]
    allowed = dict.fromkeys(name for name in wanted.values() if _is_allowed(name, settings))
    return Needs(variables=tuple(allowed), findings=(*refused, *_nothing(found, asker)))


def resolve(found: Found, asker: Asker, facts: Facts) -> Resolution:
    """What the Secret will have: the literals, and the variables."""
    if asker.workload is not None:
        from post_renderer.sources import injection

        return injection.from_environment(found, asker, facts)
    if problems := fillable.problems(found):
        return Resolution(found, existing.unseen(found), problems, seen=False)
    wanted = references(found, asker)
    given = {key: each for key, each in found.sources.items() if key not in wanted and not each.is_missing}
    literals = found._replace(sources=given)
    values = existing.values(literals)
    filled, missing = environment(found, asker, facts)
    places = {key: place._replace(values=path(found, asker, key)) for key, place in values.places.items()}
    values = Values(
        values={**values.values, **filled.values},
        places={**places, **filled.places},
        whole=Place(values=found.requirement.value()),
        unknown=values.unknown | filled.unknown,
    )
    read = tuple(f"environment variable {wanted[key]}" for key in filled.values)
    return Resolution(found, values, (*existing.damaged(literals), *missing), read, fills=filled.values)


def environment(found: Found, asker: Asker, facts: Facts) -> tuple[Values, list[Finding]]:
    """What environment variables give, and a finding for each that is not there."""
    wanted = references(found, asker)
    places = {
        key: Place(f"environment variable {name}", values=path(found, asker, key)) for key, name in wanted.items()
    }
    filled = {key: facts.environ[name] for key, name in wanted.items() if facts.environ.get(name)}
    missing = [key for key in wanted if key not in filled]
    findings = [_unset(found.requirement, places[key], key, wanted[key]) for key in missing]
    return Values(filled, places, Place(), unknown=frozenset(missing)), findings


def references(found: Found, asker: Asker) -> Mapping[str, str]:
    """The name in each variable's value that is exactly `${NAME}`: as rendered, or else in the user's values.

    A contract's chart renders it raw: as base64 it would be a literal.
    """
    names = {key: policy.reference(text) for key, text in _texts(found, asker)}
    return {key: name for key, name in names.items() if name}


def path(found: Found, asker: Asker, key: str) -> str:
    """The values path of a variable, as far as one is known."""
    shown = key if key in asker.all.keys else policy.shown(key)
    if asker.workload is None:
        return found.requirement.value(shown)
    section = asker.section
    is_named = section and section.winner == found.requirement.approach and key in section.inline
    return section.where(section.winner, shown) if section and is_named else ""


def _nothing(found: Found, asker: Asker) -> Iterator[Finding]:
    """Report, once for a workload, that --inject has nothing to fill."""
    if asker.workload is not None and found is asker.own:
        from post_renderer.sources import injection

        yield from injection.nothing(asker)


def _texts(found: Found, asker: Asker) -> Iterator[tuple[str, str]]:
    if asker.workload is None:
        for key, source in found.sources.items():
            if source.field and source.field.encoded:
                yield key, source.field.value.text
        return
    from post_renderer.sources import injection

    yield from injection.texts(found, asker)


def _is_allowed(name: str, settings: Settings) -> bool:
    own = settings.profile.required if settings.profile else ()
    is_ours = name.startswith(OWN_PREFIX)  # an option of this tool, such as HEIMDALL_PR_SET, may hold secrets
    is_built_in = name in policy.BUILT_IN_VARIABLES or (name.startswith(policy.BUILT_IN_PREFIX) and not is_ours)
    return is_built_in or name in settings.env or name in own


def _not_allowed(values: str, key: str, name: str) -> Finding:
    shown = policy.shown(key)
    message = f"{shown} asks for the environment variable {name}, which a chart may not read"
    expected = f"one of {', '.join(policy.KEYS)} or {policy.BUILT_IN_PREFIX}…"
    fix = f"HEIMDALL_PR_ENV={name} (or --env {name}), if you want it to be read"
    return Finding(ERROR, "env-not-allowed", Place(values=values), message, expected, fix, shown)


def _unset(requirement: Requirement, place: Place, key: str, name: str) -> Finding:
    """The finding for a key whose variable is not there."""
    shown = key if key in requirement.keys else policy.shown(key)
    message = f"{shown} is missing: the environment variable {name} is not set or empty"
    fix = command("export", Assignment(name, policy.words(key, requirement.lengths.get(key, 0))))
    return Finding(ERROR, "env-unset", place, message, requirement.expected(key), fix, shown)
