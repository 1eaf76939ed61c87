"""secrets: the values that the chart rendered; exactly `${NAME}` is filled from the environment."""

from __future__ import annotations

from post_renderer.model.facts import Facts
from post_renderer.model.finding import Place
from post_renderer.model.requirement import Values
from post_renderer.model.settings import Settings
from post_renderer.requirements.found import Asker, Found
from post_renderer.rules import policy
from post_renderer.sources import existing, fillable, key_names, variables
from post_renderer.sources.resolution import Needs, Resolution


def needs(found: Found, asker: Asker, settings: Settings) -> Needs:
    """The variables that values refer to; those that a chart may not read are findings."""
    wanted = references(found)
    return variables.needs(found.requirement, wanted, {key: _path(found, key) for key in wanted}, settings)


def resolve(found: Found, asker: Asker, facts: Facts) -> Resolution:
    """What the Secret will have: the literals, and the variables."""
    if problems := fillable.problems(found):
        return Resolution(found, existing.unseen(found), problems, seen=False)
    wanted = references(found)
    given = {key: each for key, each in found.sources.items() if key not in wanted and not each.is_missing}
    literals = found._replace(sources=given)
    values = existing.values(literals)
    filled, missing = variables.read(found.requirement, wanted, {key: _path(found, key) for key in wanted}, facts)
    places = {key: place._replace(values=_path(found, key)) for key, place in values.places.items()}
    values = Values(
        values={**values.values, **filled.values},
        places={**places, **filled.places},
        whole=Place(values=found.requirement.value()),
        unknown=values.unknown | filled.unknown,
    )
    read = variables.titles(filled, wanted)
    return Resolution(found, values, (*existing.damaged(literals), *missing), read, fills=filled.values)


def references(found: Found) -> dict[str, str]:
    """The variable that each key refers to: the chart renders `${NAME}` raw, since as base64 it would be a literal."""
    written = {key: source.field for key, source in found.sources.items() if source.field and source.field.encoded}
    names = {key: policy.reference(field.value.text) for key, field in written.items()}
    return {key: name for key, name in names.items() if name}


def _path(found: Found, key: str) -> str:
    """The values path of a key."""
    return found.requirement.value(key_names.shown(key, key_names.named(found.requirement)))
