"""The applications whose secrets are asked for without a contract of the chart: Heimdall, and the user's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from post_renderer.model.errors import UserError
from post_renderer.model.finding import ERROR, Finding, Place
from post_renderer.model.settings import Profile, Settings
from post_renderer.requirements import contract
from post_renderer.rules import policy

HEIMDALL = Profile(
    image="heimdall2",
    required=tuple(policy.KEYS),
    lengths={key: rule.length for key, rule in policy.KEYS.items()},
    values_path="heimdall",
    legacy={key: name for name, key in policy.LEGACY.items()},
    container="heimdall-front",  # in both of MITRE's charts, whatever a mirror calls the image
    enough=3,  # of four names that other applications have, too
)
# The fields of such a file: those of the ConfigMap's data that the workload does not say itself, and the image.
FIELDS = {
    "required": "names of environment variables, comma-separated",
    "lengths": "KEY=NUMBER, comma-separated",
    "image": "the end of the image's path, without tag",
    "valuesPath": "a path in the values",
}
EXAMPLE = "docs/examples/vulcan-contract.yaml is one"


def profiles(settings: Settings) -> tuple[Profile, ...]:
    """Those that are looked for: the user's own comes first, and replaces Heimdall's where it has the same image."""
    own = settings.profiles
    return own if any(each.image == HEIMDALL.image for each in own) else (*own, HEIMDALL)


def parse(path: str, content: bytes) -> Profile:
    """The user's own contract: a flat YAML mapping of strings. Raises UserError with all that is wrong."""
    from post_renderer.secrets import secrets_file

    file, findings = secrets_file.read(path, content)
    texts = {key: value.decode() for key, value in file.values.items()}
    findings = [finding._replace(rule="contract-file") for finding in findings] or list(
        _problems(path, texts, file.lines)
    )
    if findings:
        raise UserError(f"the contract {path} can't be used", EXAMPLE, findings)
    required = contract.split(texts["required"])
    lengths = {key: int(length) for key, length in contract.pairs(texts.get("lengths", "")).items()}
    values_path = texts.get("valuesPath") or texts["image"].rpartition("/")[2]
    return Profile(texts["image"], required, lengths, values_path)


def _problems(path: str, texts: Mapping[str, str], lines: Mapping[str, int]) -> Iterator[Finding]:
    """What is wrong with the fields; their texts are not shown."""
    for name in texts.keys() - FIELDS.keys():
        place = Place(file=path, line=lines[name])
        yield Finding(ERROR, "contract-file", place, "there is no such field", ", ".join(FIELDS), EXAMPLE)
    required = contract.split(texts.get("required", ""))
    good = {
        "required": contract.are_keys(required),
        "lengths": contract.are_lengths(texts.get("lengths", "")),
        "image": bool(texts.get("image", "").strip("/")) and not set(texts["image"]).intersection(" :@"),
        "valuesPath": "valuesPath" not in texts or all(texts["valuesPath"].split(".")),
    }
    for name in (name for name, is_good in good.items() if not is_good):
        place = Place(file=path, line=lines.get(name, 0))
        state = "can't be understood" if name in texts else "is missing"
        yield Finding(ERROR, "contract-file", place, f"`{name}` {state}", FIELDS[name], EXAMPLE)
