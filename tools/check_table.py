"""Runs `heimdall-pr check` over each defect in each way to give the secrets, and writes what it reports as a table.

    python -m tools.check_table [--check]

writes one for each shape of chart into docs/check.md, between two comments, and the catalog of rules below. With
`--check` it writes nothing, and fails if the page is not what it would write.
"""

import base64
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

from post_renderer.rules.catalog import RULES
from tests import foreign, helms
from tests.checking import Checker
from tests.helms import Helm
from tests.support import CHART, FILE, FROM_ENVIRONMENT, ROOT, Values, files, inline, parent
from tests.unit.streams import SOUND

TARGET = ROOT / "docs" / "check.md"
RULE_MARKS = ("<!-- the rules: python -m tools.check_table -->\n", "<!-- the rules' end -->\n")
END = "<!-- the table's end -->\n"
NOT_POSSIBLE = "-"
# Good values, and never secrets; JWT_SECRET of the recommended length.
SECRETS = SOUND
ADMIN, JWT, API = SECRETS["ADMIN_PASSWORD"], SECRETS["JWT_SECRET"], SECRETS["API_KEY_SECRET"]


class Defect(NamedTuple):
    """A defect: what is changed among the four, or what a file has besides them, or API_KEY_SECRET as bytes."""

    title: str
    change: Mapping[str, object] = {}
    text: str = ""
    raw: bytes = b""
    twice: bool = False
    loser: bool = False


DEFECTS = (
    Defect("none"),
    Defect("a required key is missing", {"API_KEY_SECRET": None}),
    Defect("it is empty", {"API_KEY_SECRET": ""}),
    Defect("it is white space", {"API_KEY_SECRET": "   "}),
    Defect("`CHANGE_ME`", {"API_KEY_SECRET": "CHANGE_ME_PLEASE"}),
    Defect("`<…>`", {"API_KEY_SECRET": "<the API key secret>"}),
    Defect("an unexpanded `$(…)`", {"API_KEY_SECRET": "$(openssl rand -hex 33)"}),
    Defect("a value of the public docs", {"API_KEY_SECRET": "your-secret-key-128-chars"}),
    Defect("not a string", {"API_KEY_SECRET": 123456789012345}),
    Defect("a key twice", text='JWT_SECRET: "{}"\n'),
    Defect("a line break at the end", {"API_KEY_SECRET": f"{API}\n"}),
    Defect("a NUL byte", {"API_KEY_SECRET": f"{API}\0{API}"}),
    Defect("not UTF-8", raw=b"\xff\xfe" * 40),
    Defect("base64 of the value", {"API_KEY_SECRET": base64.b64encode(API.encode()).decode()}),
    Defect("shorter than recommended", {"API_KEY_SECRET": API[:20]}),
    Defect("under 8 characters", {"API_KEY_SECRET": "aB3-x"}),
    Defect("the same for two keys", {"API_KEY_SECRET": JWT}),
    Defect("under 5 different characters", {"API_KEY_SECRET": "abab" * 20}),
    Defect("against the application's rule", {"ADMIN_PASSWORD": "password-of-the-administrator"}),
    Defect("by the documented recipe", {"ADMIN_PASSWORD": "Admin_0123456789abcdef"}),
    Defect("over 72 bytes", {"ADMIN_PASSWORD": ADMIN * 5}),
    Defect("`JWT_SECRT` beside the four", {"JWT_SECRT": JWT}),
    Defect("`jwtSecret` in place of `JWT_SECRET`", {"JWT_SECRET": None, "jwtSecret": JWT}),
    Defect("a key that no variable can have", {"my.key": API}),
    Defect("the Secret twice in the stream", twice=True),
    Defect("a loser is set", loser=True),
)

Way = Callable[[Checker, Defect], list[str] | None]


def by_inline(desk: Checker, defect: Defect) -> list[str] | None:
    """`heimdall.secrets` in a values file."""
    if defect.raw:
        return None
    values: Values = {"heimdall": {"secrets": changed(defect)}}
    if defect.loser:
        values["heimdall"]["secretsFiles"] = [FILE]
    path = desk.folder / desk.write(values)
    if defect.text:
        path.write_text(path.read_text() + f"    {defect.text.format(JWT)}")
    return argv(desk, defect, CHART)


def by_environment(desk: Checker, defect: Defect) -> list[str] | None:
    """`${NAME}` in `heimdall.secrets`."""
    has_nul = any("\0" in str(value) for value in defect.change.values())
    if defect.text or has_nul or defect.title.startswith(("not a string", "`JWT", "`jwt", "a key")):
        return None
    values = inline(FROM_ENVIRONMENT)
    if defect.loser:
        values["heimdall"]["secretsFiles"] = [FILE]
    desk.write(values)
    return argv(desk, defect, CHART)


def by_files(desk: Checker, defect: Defect) -> list[str] | None:
    """`heimdall.secretsFiles`; the loser is a file that the values do not set, so there is none."""
    if defect.loser:
        return None
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in changed(defect).items()) + defect.text.format(JWT)
    path = desk.folder / FILE
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lines.encode() if not defect.raw else lines.encode().replace(API.encode(), defect.raw))
    path.chmod(0o600)
    desk.write(files(FILE))
    return argv(desk, defect, CHART)


def by_object(desk: Checker, defect: Defect) -> list[str] | None:
    """`heimdall.existingSecret`, and the Secret is made by the parent chart."""
    if defect.text or isinstance(defect.change.get("API_KEY_SECRET"), int):
        return None
    data = {key: encoded(value) for key, value in changed(defect).items()}
    if defect.raw:
        data["API_KEY_SECRET"] = base64.b64encode(defect.raw).decode()
    chart = parent(desk.folder)
    metadata = {"name": "heimdall-production-secrets", "namespace": "default"}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data}
    (chart / "templates/secret.yaml").write_text(f"{json.dumps(secret)}\n")
    desk.write({"heimdall": files(FILE)} if defect.loser else {"production": {"none": ""}})
    return argv(desk, defect, chart)


def by_stranger(shape: Callable[[Path, Mapping[str, Any]], foreign.Given]) -> Way:
    """Somebody else's chart, which reads a file by lines, all of them text, and knows no losers."""

    def way(desk: Checker, defect: Defect) -> list[str] | None:
        values = changed(defect)
        is_line = all(isinstance(value, str) and value.isprintable() for value in values.values())
        if defect.text or defect.raw or defect.loser or (shape is foreign.next_files and not is_line):
            return None
        given = shape(desk.folder / "stranger", values)
        desk.write(given.values)
        return argv(desk, defect, given.chart)

    return way


# The shapes of chart, each with the ways in which it is given its secrets: a table each.
SHAPES: dict[str, dict[str, Way]] = {
    "our chart": {
        "existingSecret": by_object,
        "secrets": by_inline,
        "secrets from the environment": by_environment,
        "secretsFiles": by_files,
    },
    "other people's charts": {
        "released: its own values": by_stranger(foreign.released),
        "next: secrets": by_stranger(foreign.next_inline),
        "next: a file in the chart": by_stranger(foreign.next_files),
        "umbrella: secrets": by_stranger(foreign.umbrella_inline),
        "umbrella: existingSecret, by the parent": by_stranger(foreign.umbrella_existing),
    },
}


def changed(defect: Defect) -> dict[str, object]:
    """The four and what else there is."""
    return {key: value for key, value in {**SECRETS, **defect.change}.items() if value is not None}


def encoded(value: object) -> str:
    """As a Secret's data has it."""
    return base64.b64encode(str(value).encode()).decode()


def argv(desk: Checker, defect: Defect, chart: Path) -> list[str]:
    """What is checked: the chart, or its render twice."""
    if not defect.twice:
        return [str(chart), "-f", "values-ci.yaml"]
    done = desk.helm.run("template", "r", str(chart), "-f", "values-ci.yaml", cwd=desk.folder)
    (desk.folder / "one.yaml").write_text(done.stdout)
    return ["one.yaml", "one.yaml"]


def row(helm: Helm, shape: str, defect: Defect) -> list[str]:
    """The cells of a defect."""
    return [cell(helm, defect, way) for way in SHAPES[shape].values()]


def cell(helm: Helm, defect: Defect, way: Way) -> str:
    """What `check` says: the severity and rule of each finding, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Checker(helm, Path(folder) / "desk")
        desk.canaries = {value for value in SECRETS.values() if len(value) > 20}
        words = way(desk, defect)
        if words is None:
            return NOT_POSSIBLE
        env = {key: str(value) for key, value in changed(defect).items() if "\0" not in str(value)}
        if defect.raw:
            env["API_KEY_SECRET"] = defect.raw.decode("utf-8", "surrogateescape")
        done = desk.cli("check", *words, "--format", "json", env=env)
        assert done.stdout, (defect.title, done.stderr)
        return said(json.loads(done.stdout))


def said(found: Mapping[str, Any]) -> str:
    """Each severity with its rules, once each."""
    rules: dict[str, list[str]] = {}
    for each in found["findings"]:
        names = rules.setdefault(each["severity"], [])
        if each["rule"] not in names:
            names.append(each["rule"])
    return "<br>".join(f"{severity}: {', '.join(names)}" for severity, names in rules.items()) or "ok"


def marks(shape: str) -> tuple[str, str]:
    """The comments around a shape's table."""
    return f"<!-- the table of {shape}: python -m tools.check_table -->\n", END


def table(helm: Helm, shape: str) -> str:
    """By one Helm: a row a defect, a column a way."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:  # processes: a run in this one has the whole process
        rows = list(pool.map(row, repeat(helm), repeat(shape), DEFECTS))
    return "".join(_lines(list(SHAPES[shape]), rows))


def _lines(ways: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield f"| defect | {' | '.join(ways)} |\n"
    yield f"|---|{'---|' * len(ways)}\n"
    for defect, cells in zip(DEFECTS, rows, strict=True):
        yield f"| {defect.title} | {' | '.join(cells)} |\n"


def rules() -> str:
    """The catalog: a row a rule."""
    rows = (f"| `{name}` | {rule.sentence} | {'yes' if rule.ignorable else ''} |\n" for name, rule in RULES.items())
    return f"| rule | | can be ignored |\n|---|---|---|\n{''.join(rows)}"


def written(around: tuple[str, str]) -> str:
    """What stands in the page between two comments."""
    return TARGET.read_text().split(around[0])[1].split(around[1])[0].strip("\n") + "\n"


def main(arguments: list[str]) -> int:
    """Write the tables into the page, or compare them; return the exit code."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    current = page = TARGET.read_text()
    with tempfile.TemporaryDirectory() as home:
        helm = Helm(helms.fetch(helms.NEWEST[4]), helms.NEWEST[4], Path(home))
        for shape in SHAPES:
            page = _placed(page, marks(shape), table(helm, shape))
    page = _placed(page, RULE_MARKS, rules())
    if not arguments:
        TARGET.write_text(page)
    elif page != current:
        sys.stderr.write(f"check_table: {TARGET} is not what it is made from: make generate\n")
        return 1
    return 0


def _placed(page: str, around: tuple[str, str], text: str) -> str:
    before, rest = page.split(around[0])
    return f"{before}{around[0]}\n{text}\n{around[1]}{rest.split(around[1], 1)[1]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
