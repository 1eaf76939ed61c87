"""Renders our chart and the model of another one side by side, by real Helms, and writes what each did as a table.

    python -m tools.chart_comparison

writes chart_comparison.md beside this file, which the chart's README includes. Both charts get the same input, each in
its own names; every cell is worked out from what Helm answered. The model's Chart.yaml says what it is a model of.
"""

import base64
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests import helms
from tests.helms import Helm
from tests.support import CHART, FIXTURES, KEYS, Done
from tests.unit.streams import SOUND

MODEL = FIXTURES / "upstream-model"
TARGET = Path(__file__).with_name("chart_comparison.md")
FILE = "env/heimdall-secrets.yaml"
# Good values, and never secrets.
SECRETS = SOUND
# An external database in each row that is not about the database.
EXTERNAL: dict[str, Any] = {"postgresql": {"enabled": False}, "externalDatabase": {"host": "db.example.com"}}

Values = dict[str, Any]
Document = dict[str, Any]


class Row(NamedTuple):
    """One input: in our names, in theirs; the secrets file beside the values (for the model: in the chart); the four
    that were given; the values of an upgrade.
    """

    title: str
    ours: Values
    theirs: Values
    file: str = ""
    secrets: Mapping[str, str] = SECRETS
    again: Values | None = None


def heimdall(**values: object) -> Values:
    """The values below `heimdall`, with an external database."""
    return {**EXTERNAL, "heimdall": values}


def inline(**changes: object) -> Values:
    """The good secrets inline, changed; `...` leaves one out."""
    return heimdall(secrets={key: value for key, value in {**SECRETS, **changes}.items() if value is not ...})


def same(title: str, values: Values, file: str = "", secrets: Mapping[str, str] = SECRETS) -> Row:
    """A row whose input is written alike for both."""
    return Row(title, values, values, file, secrets)


def filed(values: Mapping[str, str], quote: str = "") -> str:
    """A secrets file."""
    return "".join(f"{key}: {quote}{value}{quote}\n" for key, value in values.items())


FILES = heimdall(secretsFiles=[FILE])
BROKEN = {**SECRETS, "JWT_SECRET": SECRETS["JWT_SECRET"] + "\n"}
OTHER = {**SECRETS, "JWT_SECRET": f"other-{SECRETS['JWT_SECRET'][6:]}"}

APPROACHES = [
    same("existing Secret", heimdall(existingSecret="live")),
    same("inline, all four keys", inline()),
    same("files, beside the values", FILES),
    same("files, in the chart's own folder", FILES, file=filed(SECRETS)),
    same("files, values in quotes", FILES, file=filed(SECRETS, '"')),
    same("inline and files", heimdall(secrets=SECRETS, secretsFiles=[FILE]), file=filed(OTHER)),
    same("no approach: the chart's defaults", EXTERNAL),
    same("no approach: each of the three empty", heimdall(existingSecret="", secrets={}, secretsFiles=[])),
    Row("another JWT_SECRET in an upgrade", inline(), inline(), again=inline(JWT_SECRET=OTHER["JWT_SECRET"])),
    same(
        "the embedded database",
        {"postgresql": {"enabled": True}, "heimdall": {"secrets": SECRETS, "secretsFiles": []}},
    ),
]

BAD = [
    same("inline without API_KEY_SECRET", inline(API_KEY_SECRET=...)),
    same("inline, JWT_SECRET empty", inline(JWT_SECRET="")),
    same("inline, JWT_SECRET of 3 characters", inline(JWT_SECRET="abc"), secrets={**SECRETS, "JWT_SECRET": "abc"}),
    same("inline, ADMIN_PASSWORD a number", inline(ADMIN_PASSWORD=12345678901234567890)),
    same("inline, ADMIN_PASSWORD null", inline(ADMIN_PASSWORD=None)),
    same("inline, JWT_SECRET a mapping", inline(JWT_SECRET={"a": "b"})),
    same("inline, a line break at the end", inline(JWT_SECRET=BROKEN["JWT_SECRET"]), secrets=BROKEN),
    same("inline, JWT_SECRET misspelt", inline(JWT_SECRET=..., JWT_SECRT=SECRETS["JWT_SECRET"])),
    same(
        "inline, the older names",
        heimdall(
            secrets={
                "jwtSecret": SECRETS["JWT_SECRET"],
                "apiKeySecret": SECRETS["API_KEY_SECRET"],
                "databasePassword": SECRETS["DATABASE_PASSWORD"],
                "adminPassword": SECRETS["ADMIN_PASSWORD"],
            }
        ),
    ),
    same("inline, LD_PRELOAD beside the four", inline(LD_PRELOAD="/x.so")),
    same("existingSecret: Not_A_Name", heimdall(existingSecret="Not_A_Name")),
    same("a key that does not exist: heimdall.existingSecrets", heimdall(secrets=SECRETS, existingSecrets="live")),
    same("a secret among the settings: LDAP_PASSWORD", heimdall(secrets=SECRETS, config={"LDAP_PASSWORD": "x"})),
    Row(
        "an external URL with a path",
        heimdall(secrets=SECRETS, externalUrl="https://heimdall.example.com/app"),
        heimdall(secrets=SECRETS, config={"EXTERNAL_URL": "https://heimdall.example.com/app"}),
    ),
    Row("two replicas", {**inline(), "replicaCount": 2}, {**inline(), "replicas": 2}),
    same("no database at all", {**inline(), "postgresql": {"enabled": False}, "externalDatabase": {"host": ""}}),
    same("embedded and external database", {**inline(), "postgresql": {"enabled": True}}),
]


class Desk:
    """One Helm in a folder of its own."""

    def __init__(self, helm: Helm, folder: Path) -> None:
        self.helm, self.folder = helm, folder

    def ours(self, row: Row, values: Values) -> Done:
        """Our chart; with files, the post-renderer runs and reads the one beside the values."""
        if row.file or values.get("heimdall", {}).get("secretsFiles"):
            self.write(self.folder / FILE, row.file or filed(SECRETS))
            return self.render(CHART, values, *self.helm.post_renderer)
        return self.render(CHART, values)

    def theirs(self, row: Row, values: Values) -> Done:
        """The model; it reads files from its own folder alone, so a row's file is put there."""
        copy = Path(tempfile.mkdtemp(dir=self.folder)) / "heimdall"
        shutil.copytree(MODEL, copy)
        if row.file:
            self.write(copy / FILE, row.file)
        return self.render(copy, values)

    def render(self, chart: Path, values: Values, *more: str) -> Done:
        """`helm template`, where the values and the files are."""
        return self.helm.run("template", "r", str(chart), "-f", "-", *more, cwd=self.folder, input=json.dumps(values))

    @staticmethod
    def write(path: Path, text: str) -> None:
        """For its owner alone."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o600)


# --- what Helm answered, in a few words ------------------------------------------------------------------------------


def outcome(done: Done, secrets: Mapping[str, str]) -> str:
    """One cell."""
    if done.returncode != 0:
        return f"refused: {reason(done.stderr)}"
    documents = objects(done)
    answers = [*keys(documents, secrets), *extras(documents)]
    return "rendered: " + "; ".join(answers)


def objects(done: Done) -> list[Document]:
    """What was rendered."""
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def reason(stderr: str) -> str:
    """The first finding of the chart, of the schema, of the post-renderer, or what Helm said."""
    patterns = (
        r"nothing was rendered: \d+ errors?\s+(.+)",
        r"^- (at '.*)$",
        r"^(?:error +)?(missing-key .*)$",
        r"execution error at [^:]+:[\d:]+\): (.+)",
        r"Error: (.+)",
    )
    found = next(match for match in (re.search(p, stderr, re.MULTILINE) for p in patterns) if match)
    return found.group(1).strip().rstrip(".")


def keys(documents: list[Document], secrets: Mapping[str, str]) -> Iterator[str]:
    """What the pod gets of the four keys."""
    got = {key: source(documents, key) for key in KEYS}
    right = [key for key in KEYS if got[key] == secrets[key]]
    live = sorted({str(got[key]) for key in KEYS if str(got[key]).startswith("the live Secret")})
    if len(right) == len(KEYS):
        yield "the four, as given"
    elif live and len(live) == 1 and all(got[key] == live[0] for key in KEYS):
        yield f"the four from {live[0]}"
    else:
        for key in (key for key in KEYS if key not in right):
            yield described(key, got[key])


def described(key: str, value: str | None) -> str:
    """What happened to one key; a value that is not the given one is described, not shown."""
    if value is None:
        return f"**no {key}**"
    if value.startswith("the live Secret"):
        return f"{key} from {value}"
    return f"**{key} is a different value** ({len(value)} characters)" if value.strip() else f"**{key} empty**"


def source(documents: list[Document], key: str) -> str | None:
    """The value that the pod gets under that name, or the live Secret it would come from; None: from nowhere."""
    container = workload(documents)["spec"]["template"]["spec"]["containers"][0]
    for entry in container.get("env") or []:
        reference = entry.get("valueFrom", {}).get("secretKeyRef")
        if entry["name"] == key and reference:
            return held(documents, reference["name"], reference["key"])
    for entry in reversed(container.get("envFrom") or []):
        if "secretRef" in entry:
            return held(documents, entry["secretRef"]["name"], key)
    return None


def held(documents: list[Document], name: str, key: str) -> str | None:
    """The value of a key of a Secret in the render; one that is not there is a live one."""
    found = [each for each in documents if each["kind"] == "Secret" and each["metadata"]["name"] == name]
    if not found:
        return f"the live Secret {name}"
    data = {name: base64.b64decode(value).decode() for name, value in (found[0].get("data") or {}).items()}
    return {**data, **(found[0].get("stringData") or {})}.get(key)


def extras(documents: list[Document]) -> Iterator[str]:
    """What else reaches the pod and should not."""
    for each in documents:
        data = each.get("data") or {}
        if each["kind"] == "ConfigMap" and "LDAP_PASSWORD" in data:
            yield "**LDAP_PASSWORD in plaintext in a ConfigMap**"
    secrets = [each["metadata"]["name"] for each in documents if each["kind"] == "Secret"]
    container = workload(documents)["spec"]["template"]["spec"]["containers"][0]
    for entry in container.get("envFrom") or []:
        name = entry.get("secretRef", {}).get("name")
        if name in secrets and held(documents, name, "LD_PRELOAD"):
            yield "**LD_PRELOAD reaches the pod**"


def workload(documents: list[Document]) -> Document:
    """The application's."""
    kinds = ("Deployment", "StatefulSet")
    return next(e for e in documents if e["kind"] in kinds and not e["metadata"]["name"].endswith("-postgresql"))


def restarts(first: Done, second: Done) -> str:
    """Whether an upgrade from one to the other starts a new pod."""
    before, after = (workload(objects(done))["spec"]["template"] for done in (first, second))
    return "the pod is restarted" if before != after else "**the pod keeps the old one**"


def cell(helm: Desk, row: Row, whose: str) -> str:
    """What one chart does with one row."""
    values = row.ours if whose == "ours" else row.theirs
    render = helm.ours if whose == "ours" else helm.theirs
    first = render(row, values)
    if row.again is not None:
        return restarts(first, render(row, row.again))
    answers = outcome(first, row.secrets)
    return answers if first.stdout == render(row, values).stdout else f"{answers}; **different at each render**"


def cells(helm: Desk, rows: list[Row]) -> list[tuple[str, str, str]]:
    """Title, ours, theirs."""
    return [(row.title, cell(helm, row, "ours"), cell(helm, row, "theirs")) for row in rows]


def table(newest: list[Desk], rows: list[Row]) -> str:
    """Markdown; if the majors differ, the cell has both."""
    each = [cells(desk, rows) for desk in newest]
    lines = ["| input | this chart | the upstream chart (model) |", "|---|---|---|"]
    for same_row in zip(*each, strict=True):
        answers = [joined(newest, [row[column] for row in same_row]) for column in (1, 2)]
        lines.append("| " + " | ".join(text.replace("|", "\\|") for text in (same_row[0][0], *answers)) + " |")
    return "\n".join(lines) + "\n"


def joined(newest: list[Desk], answers: list[str]) -> str:
    """One text if all say the same."""
    if len(set(answers)) == 1:
        return answers[0]
    return "<br>".join(f"Helm {desk.helm.major}: {text}" for desk, text in zip(newest, answers, strict=True))


def current() -> str:
    """The whole comparison."""
    with tempfile.TemporaryDirectory() as folder:
        desks = [desk(Path(folder), helms.NEWEST[major]) for major in sorted(helms.NEWEST)]
        versions = " and ".join(each.helm.version for each in desks)
        return f"By `helm template` of Helm {versions}.\n\n{table(desks, APPROACHES)}\n{table(desks, BAD)}"


def desk(folder: Path, version: str) -> Desk:
    """That Helm with folders of its own."""
    home, work = folder / version / "home", folder / version / "work"
    home.mkdir(parents=True)
    work.mkdir()
    return Desk(Helm(helms.fetch(version), version, home), work)


def main(arguments: list[str]) -> int:
    """Writes the table."""
    if arguments:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    TARGET.write_text(current())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
