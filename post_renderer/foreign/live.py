"""--live for charts that know nothing of contracts: the Secrets that a container takes its variables from."""

from post_renderer import wires
from post_renderer.approaches.case import Needs
from post_renderer.foreign.unit import Unit
from post_renderer.model import ERROR, Facts, Finding, Settings
from post_renderer.wires import Source


def needs(unit: Unit, settings: Settings) -> Needs:
    """The live Secrets that required variables come from or may come from, unless the stream tells as much."""
    names = [source.name for source in unit.secrets if not source.is_known and not _is_made(unit, source)]
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


def _is_made(unit: Unit, source: Source) -> bool:
    """Whether objects in the stream make it, with every key that is taken."""
    products = unit.objects.products(unit.container.resource, source.name)
    if not products:
        return False
    from post_renderer.producers import verdict

    keys = tuple(each.key for each in unit.sources.values() if each.name == source.name and each.key)
    return bool(
        verdict.judge(unit.data, unit.contract._replace(secret=source.name, required=keys or unit.required), products)[
            1
        ]
    )


def _nowhere(unit: Unit) -> Finding:
    message = f"{unit.container.title} has no namespace, so where to look for its Secrets is not known"
    mend = "--namespace NAME (HEIMDALL_PR_NAMESPACE=NAME)"
    return Finding(ERROR, "live-namespace", unit.place, message, "a namespace", mend)
