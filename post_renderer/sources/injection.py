"""`--inject`: fills keys of a Secret whose chart does not know this tool, from files or the environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from post_renderer.kube import secret
from post_renderer.kube.manifest import SECRET
from post_renderer.model.facts import Facts
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.model.fix import Ways, command
from post_renderer.model.requirement import FILES, INLINE
from post_renderer.model.settings import Settings
from post_renderer.requirements.found import Asker, Found
from post_renderer.rules import policy
from post_renderer.sources import existing, files, fill, key_names, variables
from post_renderer.sources.files import Given
from post_renderer.sources.resolution import Needs, Resolution

GUARD = "heimdall-pr scaffold guard"  # what it prints makes the cluster refuse such an upgrade
FORGOTTEN = Ways(
    (
        command(*GUARD.split(), note="into the chart's extra objects: a forgotten flag is refused then"),
        "HEIMDALL_PR_INJECT=true in every install and upgrade",
        "an existing Secret",
    )
)
OF_VALUES = frozenset(("not-base64", "not-a-string"))  # rules about values, which a filled one no longer has


def needs(found: Found, asker: Asker, settings: Settings) -> Needs:
    """The files that the user's values name, or the variables that values refer to."""
    if found.requirement.approach == FILES:
        return files.needs(found, asker, settings)
    wanted = references(found, asker)
    needed = variables.needs(found.requirement, wanted, _paths(wanted, asker), settings)
    nothing = _nothing(asker) if found is asker.own else ()
    return needed._replace(findings=(*needed.findings, *nothing))


def resolve(found: Found, asker: Asker, facts: Facts) -> Resolution:
    """What the Secret will have: what the chart rendered, and what it is given."""
    if found.requirement.approach == FILES:
        return _from_files(found, asker, files.gather(found.requirement, facts))
    wanted = references(found, asker)
    filled, missing = variables.read(found.requirement, wanted, _paths(wanted, asker), facts)
    fills = {_key(found, asker, name): value for name, value in filled.values.items()}
    return _filled(found, asker, Given(filled, tuple(missing), variables.titles(filled, wanted)), fills)


def _from_files(found: Found, asker: Asker, given: Given) -> Resolution:
    """All that the files hold and a container takes from its main Secret."""
    held, places = given.values.values, given.values.places
    if found.resource is None:  # Helm left it out: what it will have is only checked
        taken = {name: value for name, value in held.items() if name in found.requirement.keys}
        fills: dict[str, bytes] = {}
    else:
        taken = {name: value for name, value in held.items() if _key(found, asker, name)}
        fills = {_key(found, asker, name): value for name, value in taken.items()}
    known = key_names.named(found.requirement)
    unused = [_unused(key_names.shown(name, known), places[name]) for name in held if name not in taken]
    values = given.values._replace(
        values=taken,
        places={name: places[name] for name in taken},
        renewers={name: fix for name, fix in given.values.renewers.items() if name in taken},
    )
    return _filled(found, asker, Given(values, (*given.findings, *unused), given.read), fills)


def references(found: Found, asker: Asker) -> dict[str, str]:
    """The variable that each name of a key refers to: in the user's values, or else as rendered."""
    given = asker.section.inline if asker.section and asker.section.winner == INLINE else {}
    texts = {name: text for name, text in given.items() if _key(found, asker, name)}
    for name, source in found.sources.items():
        if source.kind == SECRET and source.field and _key(found, asker, name):
            value = source.value.decode(errors="replace") if source.value is not None else source.field.value.text
            texts[name] = value if policy.reference(value) else texts.get(name, "")
    return {name: reference for name, text in texts.items() if (reference := policy.reference(text))}


def _paths(names: Iterable[str], asker: Asker) -> dict[str, str]:
    """The values path of each variable, as far as one is known."""
    section = asker.section
    inline = section.inline if section and section.winner == INLINE else {}
    known = key_names.named(asker.all)
    shown = {name: key_names.shown(name, known) for name in names}
    return {
        name: section.where(INLINE, shown[name]) if section and name in inline else asker.written.get(name, "")
        for name in names
    }


def _nothing(asker: Asker) -> Iterator[Finding]:
    """Report that there is nothing to fill."""
    workload = asker.workload
    if workload is None or workload.main is None or any(references(each, asker) for each in asker.found):
        return
    message = "--inject has nothing to fill here: the values name no secretsFiles, and the Secret has no ${NAME}"
    expected = "--values FILE that has one of them, as helm was given it"
    fix = "HEIMDALL_PR_VALUES=FILE, or leave --inject out"
    yield Finding(NOTE, "nothing-to-inject", workload.place, message, expected, fix)


def _filled(found: Found, asker: Asker, given: Given, fills: Mapping[str, bytes]) -> Resolution:
    """What the Secret has, with the values that it is given."""
    before, added = existing.resolve(found, asker, Facts()), given.values
    replaced = {found.sources[name].place for name in added.places if name in found.sources}
    kept = [each for each in before.findings if each.rule not in OF_VALUES or each.where not in replaced]
    known = {**before.values.values, **added.values}
    values = before.values._replace(
        values={name: value for name, value in known.items() if name not in added.unknown},
        places={**before.values.places, **added.places},
        unknown=frozenset(before.values.unknown - added.values.keys()) | added.unknown,
        renewers=added.renewers,
    )
    findings = (*kept, *given.findings, *_report(found, fills, given.read))
    return before._replace(values=values, findings=findings, read=(*given.read, *before.read), fills=fills)


def _report(found: Found, fills: Mapping[str, bytes], read: Sequence[str]) -> Iterator[Finding]:
    """Why the Secret can't be filled, or what a forgotten flag does."""
    if found.resource is None or not fills:
        return
    place = found.resource.place(found.objects.data)
    if problem := fill.problem(found.objects.data, found.resource, fills):
        fix = "have the chart render plain keys and values, or use an existing Secret"
        yield Finding(ERROR, "secret-damaged", place, f"the Secret {problem}: it can't be filled", "plain YAML", fix)
    else:
        count = f"{len(fills)} key{'s' * (len(fills) != 1)}"
        environment = all(source.startswith("environment variable ") for source in read)
        source = "the environment" if environment else ", ".join(read)
        message = f"--inject fills {count} from {source}; an upgrade that forgets it {_forgotten(found, fills)}"
        yield Finding(NOTE, "injected", place, message, "", FORGOTTEN)


def _forgotten(found: Found, fills: Iterable[str]) -> str:
    """What an upgrade without --inject does to the live Secret: it gets what the chart itself renders."""
    fields = found.objects.fields(found.resource) if found.resource else {}
    rendered = {key: secret.text(fields[key]) for key in fills if key in fields}
    names = sorted({text for text in rendered.values() if policy.reference(text)})
    others = any(not policy.reference(text) for text in rendered.values())
    done = (
        (names, f"makes the published text {' and '.join(names[:2])}{', …' * (len(names) > 2)} the live value"),
        (others, "puts back what the chart renders in its place"),
        (set(fills) - rendered.keys(), "deletes what the chart does not render"),
    )
    return ", ".join(text for happens, text in done if happens)


def _key(found: Found, asker: Asker, name: str) -> str:
    """The key of the Secret that a variable comes from, or would come from; empty if it is another Secret's."""
    if asker.workload is None:  # a contract file says which keys it is about
        source = found.sources.get(name)
        return source.key if source and name in {*found.requirement.keys, *asker.all.terms.specs} else ""
    target = asker.workload.target(name)
    return target[1] if target and target[0] is found.resource else ""


def _unused(shown: str, place: Place) -> Finding:
    message = f"{shown} is not filled: the container does not take it from this chart's Secret"
    return Finding(NOTE, "unused-key", place, message)
