"""Holds what the user's values say against what was rendered: which of them lost, and where the two contradict."""

from collections.abc import Iterator, Mapping

from post_renderer.kube.manifest import SECRET
from post_renderer.model.finding import ERROR, NOTE, Finding, Place
from post_renderer.requirements import user_values
from post_renderer.requirements.contract import VALUES, Contract
from post_renderer.requirements.unit import Unit
from post_renderer.requirements.user_values import Section
from post_renderer.rules import policy

FIX = "give heimdall-pr the same --values and --set as helm; a chart that holds this one may set others"


def of_unit(unit: Unit) -> Iterator[Finding]:
    """What the values say of one container."""
    section = unit.section
    if section is None:
        return
    yield from _losers(section)
    yield from _of_secrets(unit, section)
    yield from _of_values(unit, section) if section.winner == "inline" else ()


def of_contract(contract: Contract, values: Mapping[str, object]) -> Iterator[Finding]:
    """What the values say of a chart that has a contract, whose losers it tells itself."""
    section = user_values.section(values, contract.values_path)
    if not section.winner:
        return
    rendered = contract.value()
    if section.winner != contract.approach and VALUES[section.winner] not in contract.ignored:
        yield _finding(section, f"the contract says that {rendered} won")
    elif section.winner == contract.approach == "existing" and section.existing != contract.secret:
        yield _finding(section, f"the contract names {contract.title}")
    elif section.winner == contract.approach == "files" and section.files != contract.files:
        yield _finding(section, f"the contract has {len(contract.files)} other or differently ordered files")


def _losers(section: Section) -> Iterator[Finding]:
    for loser in section.set[1:]:
        message = f"ignored, because {section.where(section.winner)} is set and wins whole"
        yield Finding(NOTE, "ignored", Place(values=section.where(loser)), message)


def _of_secrets(unit: Unit, section: Section) -> Iterator[Finding]:
    """Whether the container takes its variables from where the values say."""
    titles = ", ".join(unit.title(source) for source in unit.secrets) or "no Secret"
    if section.winner == "existing":
        if section.existing not in [source.name for source in unit.secrets]:
            yield _finding(section, f"{unit.container.title} takes its variables from {titles}")
    elif unit.main is None and not unit.hidden:
        yield _finding(section, f"{unit.container.title} takes its variables from {titles}, not in the stream")


def _of_values(unit: Unit, section: Section) -> Iterator[Finding]:
    """Whether inline values are what the Secret holds; the values themselves are not shown."""
    for name, text in section.inline.items():
        source = unit.environment.variables.get(name)
        if source is None or source.kind != SECRET or source.value is None or source.resource is not unit.main:
            continue
        if "${" not in text and source.value.strip() != text.strip().encode():
            shown = name if name in unit.required else policy.shown(name)
            yield _finding(section, f"{source.place} holds another value", shown)


def _finding(section: Section, rendered: str, key: str = "") -> Finding:
    path = section.where(section.winner, key)
    message = f"the values are not those that were rendered: {path} is set, but {rendered}"
    return Finding(ERROR, "values-contradict", Place(values=path), message, "the values that helm was given", FIX)


def section_of(unit: Unit, units: list[Unit], sections: list[Section]) -> Section | None:
    """The section that is about a container: the first that agrees with what was rendered, those of its name first.

    One that contradicts it is its own only where there is no doubt: where there is one section and one application.
    """
    named = sorted(sections, key=lambda each: not _is_named(each, unit))
    for section in named:
        if not any(finding.severity == ERROR for finding in of_unit(unit._replace(section=section))):
            return section
    applications = {each.secrets[0].name if each.secrets else "" for each in units}
    return sections[0] if len(sections) == len(applications) == 1 else None


def _is_named(section: Section, unit: Unit) -> bool:
    """Whether the chart's alias is in the workload's name."""
    alias = section.alias.rpartition(".")[2]
    return bool(alias) and alias in unit.container.resource.name
