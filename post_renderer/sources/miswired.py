"""What is wrong with where a container's variables come from: one small function for each finding."""

from collections.abc import Callable, Iterator

from post_renderer.document.nodes import NULL, Mapping, Scalar
from post_renderer.kube import secret
from post_renderer.kube.environment import LITERAL, OTHER, Source
from post_renderer.kube.manifest import CONFIG_MAP, SECRET, Resource
from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding
from post_renderer.requirements.unit import Unit
from post_renderer.rules import policy
from post_renderer.sources import live
from post_renderer.sources.existing import LIST_KEYS

OF_VALUES = frozenset(
    ("not-base64", "not-a-string")
)  # the rules of values themselves, which a filled one no longer has

Check = Callable[[Unit], Iterator[Finding]]


def run(unit: Unit) -> list[Finding]:
    """All findings about a container's wires."""
    return [finding for check in CHECKS for finding in check(unit)]


def no_source(unit: Unit) -> Iterator[Finding]:
    """Each required variable that comes from nowhere; with an envFrom it may be the Secret that lacks it."""
    brought = any(source.kind == SECRET for source in unit.environment.whole) or unit.environment.unseen
    names = () if brought else (name for name in unit.required if name not in unit.environment.variables)
    for name in names:
        message = f"{name} comes from nowhere: no env and no envFrom of the container brings it"
        fix = f"env: [{{name: {name}, valueFrom: {{secretKeyRef: {{name: SECRET, key: {name}}}}}}}]"
        yield Finding(ERROR, "no-source", unit.place, message, "a secretKeyRef, or an envFrom of a Secret", fix, name)


def optional_keys(unit: Unit) -> Iterator[Finding]:
    """Each required variable without which the pod may start."""
    for name, source in unit.sources.items():
        if source.optional:
            message = f"{name} is optional in the pod: without it, the application starts all the same"
            yield Finding(
                WARNING, "optional-key", unit.place, message, "no `optional: true`", "remove `optional: true`", name
            )


def literals(unit: Unit) -> Iterator[Finding]:
    """Each required variable that stands in the pod itself."""
    for name, source in unit.sources.items():
        if source.kind == LITERAL and source.value != b"":
            message = f"{name} is a literal value: a secret in clear in the pod"
            yield Finding(WARNING, "literal-secret", source.place, message, "valueFrom.secretKeyRef", _move(name), name)


def config_maps(unit: Unit) -> Iterator[Finding]:
    """Each required variable that comes from a ConfigMap."""
    for name, source in unit.sources.items():
        if source.kind == CONFIG_MAP:
            message = f"{name} comes from {unit.title(source)}: a secret in clear, which more people may read"
            yield Finding(WARNING, "secret-in-configmap", source.place, message, "a Secret", _move(name), name)


def other_sources(unit: Unit) -> Iterator[Finding]:
    """Each required variable that a field of the pod, or the like, fills."""
    for name, source in unit.sources.items():
        if source.kind == OTHER:
            message = f"{name} comes from a field that is no secret"
            yield Finding(WARNING, "no-secret", source.place, message, "valueFrom.secretKeyRef", _move(name), name)


def unseen(unit: Unit) -> Iterator[Finding]:
    """Each object that is not in the stream, from which required variables come, may come, or are to come."""
    names: dict[str, list[str]] = {}
    sources: dict[str, Source] = {}
    unknown = [name for name in unit.required if name not in unit.environment.variables]
    may_come = [(name, source) for name in unknown for source in unit.environment.unseen]
    to_come = live.to_come(unit)
    for name, source in (*unit.sources.items(), *may_come, *to_come.items()):
        if source.name and (name in to_come or not source.is_known):
            title = unit.title(source)
            sources[title] = source
            names.setdefault(title, []).append(source.key or name.removeprefix(source.prefix))
    for title, source in sources.items():
        keys = tuple(dict.fromkeys(key if policy.is_data_key(key) else "an unknown key" for key in names[title]))
        yield from (
            _failed(unit, source)
            or _made(unit, source, keys)[0]
            or (_not_checked(unit, source, title, ", ".join(keys)),)
        )


def _made(unit: Unit, source: Source, keys: tuple[str, ...]) -> tuple[tuple[Finding, ...], str]:
    """What the objects in the stream say that make such a Secret, key by key, and who brings them all."""
    products = unit.objects.products(unit.container.resource, source.name) if source.kind == SECRET else ()
    if not products:
        return (), ""
    from post_renderer.producers import verdict

    return verdict.judge(unit.data, unit.contract._replace(secret=source.name, required=keys), products)


def _failed(unit: Unit, source: Source) -> tuple[Finding, ...]:
    """Why the cluster did not tell what such a Secret holds; one that is to come need not be there."""
    told = unit.objects.told(unit.container.resource, source.name) if source.kind == SECRET else None
    to_come = bool(told and told[1].absent and unit.objects.products(unit.container.resource, source.name))
    return told[1].findings if told and not to_come else ()


def _not_checked(unit: Unit, source: Source, title: str, keys: str) -> Finding:
    namespace = unit.container.resource.namespace
    fix = LIST_KEYS.format(name=source.name, namespace=f" --namespace {namespace}" if namespace else "")
    if unit.hidden and source.kind == SECRET:
        message = f"{title} is hidden, or not in the stream, so it is not checked here"
        return Finding(NOTE, "hidden", unit.place, message, "a render without --hide-secret", "leave --hide-secret out")
    fix = fix if source.kind == SECRET else fix.replace("get secret", "get configmap")
    message = f"{title}: not checked here; it is not in the stream"
    return Finding(NOTE, "not-checked", unit.place, message, f"keys {keys}", fix)


def dangerous_variables(unit: Unit) -> Iterator[Finding]:
    """Each variable by which whoever may write a Secret commands the process that takes it whole."""
    for name, source in unit.environment.variables.items():
        if source.kind == SECRET and source.node is None and policy.is_dangerous(name):
            shown = name if not name.startswith("LD_") else "LD_…"
            message = f"{shown} comes with the Secret: whoever may write it commands the application"
            fix = "remove it from the Secret, or take each key by secretKeyRef instead of envFrom"
            yield Finding(WARNING, "dangerous-variable", source.place, message, "secrets alone", fix)


def duplicates(unit: Unit) -> Iterator[Finding]:
    """Each Secret that is in the stream more than once, as for a contract's."""
    for source in unit.secrets:
        if source.resource is None:
            continue
        for again in unit.objects.all(SECRET, source.name, unit.container.resource)[1:]:
            if again.same(source.resource.namespace, source.name):
                message = f"{again.title} is in the stream more than once"
                fix = "render it once: two charts or files make the same object"
                yield Finding(ERROR, "duplicate-object", again.place(unit.data), message, "one", fix)


def damaged_values(unit: Unit) -> Iterator[Finding]:
    """Each value of a required variable that no API server would take."""
    for name, source in unit.sources.items():
        if source.field is None or source.kind != SECRET:
            continue
        value = source.field.value
        if not value.is_string and value.value not in NULL:
            fix = f"quotes, in the chart's template: `| quote` or --set-string for {name}"
            yield Finding(ERROR, "not-a-string", source.place, f"{name} is not a string in YAML", "quotes", fix, name)
        elif source.value is None:
            yield secret.not_base64(name, source.place)


def duplicate_keys(unit: Unit) -> Iterator[Finding]:
    """Each required variable whose key is there twice in one field of its Secret."""
    for name, source in unit.sources.items():
        for key in _again(source.resource, source.key) if source.resource and source.kind == SECRET else ():
            message = f"{name} is there twice: its key is repeated, and the last one counts"
            place = source.place._replace(line=source.resource.place(unit.data, key).line) if source.resource else None
            if place:
                fix = "set it in one way alone"
                yield Finding(ERROR, "duplicate-key", place, message, "each key once", fix, name)


def _again(resource: Resource, name: str) -> Iterator[Scalar]:
    """The keys of that name that come after another one in the same field."""
    for field in ("data", "stringData"):
        block = resource.node.get(field)
        keys = [key for key, _ in block.pairs if isinstance(key, Scalar)] if isinstance(block, Mapping) else []
        yield from [key for key in keys if key.text == name][1:]


def _move(name: str) -> str:
    return f"put it into a Secret, and take it by valueFrom.secretKeyRef: {{name: SECRET, key: {name}}}"


CHECKS: tuple[Check, ...] = (
    no_source,
    optional_keys,
    literals,
    config_maps,
    other_sources,
    unseen,
    dangerous_variables,
    duplicates,
    damaged_values,
    duplicate_keys,
)
