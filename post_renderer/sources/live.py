"""--live for charts that know nothing of contracts: the Secrets that a container takes its variables from."""

from post_renderer.kube import environment as wires
from post_renderer.kube.environment import Source
from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, Finding
from post_renderer.model.settings import Settings
from post_renderer.requirements.unit import Unit
from post_renderer.sources.case import Needs


def needs(unit: Unit, settings: Settings) -> Needs:
    """The live Secrets that required variables come from or may come from, unless they are in the stream."""
    names = [source.name for source in unit.secrets if not source.is_known]
    namespace = unit.container.resource.namespace or settings.namespace
    if names and not namespace:
        return Needs(findings=(_nowhere(unit),))
    return Needs(secrets=tuple((namespace, name) for name in names))


def seen(unit: Unit, facts: Facts) -> Unit:
    """The same with what the cluster told."""
    objects = unit.objects.beside_live(facts.live)
    return unit._replace(objects=objects, environment=wires.environment(objects, unit.container, unit.profile.required))


def read(unit: Unit) -> tuple[str, ...]:
    """What was read from the cluster."""
    sources = (*unit.environment.variables.values(), *unit.environment.whole)
    names = dict.fromkeys(source.name for source in sources if source.held is not None)
    found = (unit.objects.told(unit.container.resource, name) for name in names)
    return tuple(told[0] for told in found if told)


def to_come(unit: Unit) -> dict[str, Source]:
    """The required variables that a live Secret lacks, and that an object in the stream brings to it; and which."""
    whole = [source for source in unit.environment.whole if source.held is not None]
    sources = {name: [each] if (each := unit.environment.variables.get(name)) else whole for name in unit.required}
    return {name: each for name, found in sources.items() for each in found if _is_brought(unit, each, name)}


def _is_brought(unit: Unit, source: Source, name: str) -> bool:
    """Whether the Secret was read without the key of a variable, and an object makes it with that key."""
    key = source.key or name.removeprefix(source.prefix)
    if source.held is None or key in source.held:
        return False
    return any(key in product.keys for product in unit.objects.products(unit.container.resource, source.name))


def _nowhere(unit: Unit) -> Finding:
    message = f"{unit.container.title} has no namespace, so where to look for its Secrets is not known"
    fix = "--namespace NAME (HEIMDALL_PR_NAMESPACE=NAME)"
    return Finding(ERROR, "live-namespace", unit.place, message, "a namespace", fix)
