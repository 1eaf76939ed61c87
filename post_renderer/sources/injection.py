"""`--inject`: fills keys of a Secret whose chart does not know this tool, from files or the environment."""

from collections.abc import Iterator, Mapping

from post_renderer.kube.manifest import SECRET
from post_renderer.kube.workload import Workload
from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.requirement import INLINE, Values
from post_renderer.requirements.found import Asker, Found
from post_renderer.rules import policy
from post_renderer.sources import existing, fill, inline
from post_renderer.sources.files import Gathered
from post_renderer.sources.resolution import Resolution

FORGOTTEN = "an upgrade that forgets --inject deletes what was filled: the chart itself does not render it"
OF_VALUES = frozenset(("not-base64", "not-a-string"))  # rules about values, which a filled one no longer has


def from_files(found: Found, asker: Asker, gathered: Gathered) -> Resolution:
    """All that the files hold and a container takes from its main Secret."""
    held, places = gathered.values.values, gathered.values.places
    if found.resource is None:  # Helm left it out: what it will have is only checked
        taken = {name: value for name, value in held.items() if name in found.requirement.keys}
        fills: dict[str, bytes] = {}
    else:
        taken = {name: value for name, value in held.items() if _key(found, asker, name)}
        fills = {_key(found, asker, name): value for name, value in taken.items()}
    unused = [_unused(name, places[name]) for name in held if name not in taken]
    values = gathered.values._replace(
        values=taken,
        places={name: places[name] for name in taken},
        renewers={name: fix for name, fix in gathered.values.renewers.items() if name in taken},
    )
    return _filled(found, asker, values, fills, (*gathered.findings, *unused), gathered.read)


def from_environment(found: Found, asker: Asker, facts: Facts) -> Resolution:
    """All values of a Secret that are exactly `${NAME}`."""
    filled, missing = inline.environment(found, asker, facts)
    wanted = inline.references(found, asker)
    fills = {_key(found, asker, name): value for name, value in filled.values.items()}
    read = tuple(f"environment variable {wanted[name]}" for name in filled.values)
    return _filled(found, asker, filled, fills, tuple(missing), read)


def texts(found: Found, asker: Asker) -> Iterator[tuple[str, str]]:
    """The values of a workload's variables that may refer to the environment: the user's, then as rendered."""
    given = asker.section.inline if asker.section and asker.section.winner == INLINE else {}
    rendered = {
        name: source.value.decode(errors="replace") if source.value is not None else source.field.value.text
        for name, source in found.sources.items()
        if source.kind == SECRET and source.field
    }
    for name, text in given.items():
        if _key(found, asker, name) and not policy.reference(rendered.get(name, "")):
            yield name, text
    yield from ((name, text) for name, text in rendered.items() if policy.reference(text))


def nothing(asker: Asker) -> Iterator[Finding]:
    """Report that there is nothing to fill."""
    workload = asker.workload
    if workload is None or workload.main is None or any(inline.references(each, asker) for each in asker.found):
        return
    message = "--inject has nothing to fill here: the values name no secretsFiles, and the Secret has no ${NAME}"
    expected = "--values FILE that has one of them, as helm was given it"
    fix = "HEIMDALL_PR_VALUES=FILE, or leave --inject out"
    yield Finding(NOTE, "nothing-to-inject", workload.place, message, expected, fix)


def _filled(
    found: Found,
    asker: Asker,
    given: Values,
    fills: Mapping[str, bytes],
    findings: tuple[Finding, ...],
    read: tuple[str, ...],
) -> Resolution:
    """What the Secret has, with the values that it is given."""
    before = existing.resolve(found, asker, Facts())
    replaced = {found.sources[name].place for name in given.places if name in found.sources}
    kept = [each for each in before.findings if each.rule not in OF_VALUES or each.where not in replaced]
    values = Values(
        values={
            name: each for name, each in {**before.values.values, **given.values}.items() if name not in given.unknown
        },
        places={**before.values.places, **given.places},
        whole=before.values.whole,
        fillers=before.values.fillers,
        unknown=frozenset(before.values.unknown - given.values.keys()) | given.unknown,
        renewers=given.renewers,
    )
    return before._replace(
        values=values,
        findings=(*kept, *findings, *_report(found, fills)),
        read=(*read, *before.read),
        fills=fills,
    )


def _report(found: Found, fills: Mapping[str, bytes]) -> Iterator[Finding]:
    """Why the Secret can't be filled, or what a forgotten flag does."""
    if found.resource is None or not fills:
        return
    place = found.resource.place(found.objects.data)
    if problem := fill.problem(found.objects.data, found.resource, fills):
        fix = "have the chart render plain keys and values, or use an existing Secret"
        yield Finding(ERROR, "secret-damaged", place, f"the Secret {problem}: it can't be filled", "plain YAML", fix)
    else:
        count = f"{len(fills)} key{'s' * (len(fills) != 1)}"
        fix = "HEIMDALL_PR_INJECT=true in every install and upgrade, or an existing Secret"
        yield Finding(NOTE, "injected", place, f"{count} filled; {FORGOTTEN}", "", fix)


def _key(found: Found, asker: Asker, name: str) -> str:
    """The key of the Secret that a variable comes from, or would come from; empty if it is another Secret's."""
    workload = asker.workload
    assert isinstance(workload, Workload)
    target = workload.target(name)
    return target[1] if target and target[0] is found.resource else ""


def _unused(name: str, place: Place) -> Finding:
    message = f"{policy.shown(name)} is not filled: the container does not take it from this chart's Secret"
    return Finding(NOTE, "unused-key", place, message)
