"""--contract: another application's secrets."""

from pathlib import Path

import pytest

from post_renderer.model.errors import UserError
from post_renderer.model.settings import Profile, Settings
from post_renderer.requirements import profile
from tests.unit.streams import SOUND, details, encoded, heimdall, mapped, output, rules_of, run, secret, whole

VULCAN = Path(__file__).parents[2] / "docs" / "examples" / "vulcan-contract.yaml"
OWN = profile.parse("vulcan-contract.yaml", VULCAN.read_bytes())
SECRETS = {
    "SECRET_KEY_BASE": SOUND["JWT_SECRET"],
    "CIPHER_PASSWORD": SOUND["JWT_SECRET"][::-1],
    "CIPHER_SALT": SOUND["API_KEY_SECRET"],
    "POSTGRES_PASSWORD": SOUND["DATABASE_PASSWORD"],
}


def vulcan(values: dict[str, str]) -> str:
    """Vulcan, with its Secret taken whole."""
    return secret(encoded(values), "v-env") + heimdall(env_from=[whole("v-env")], image="mitre/vulcan:v2")


def test_another_application_is_judged() -> None:
    settings = Settings(profiles=(OWN,), strict=True)
    outcome = run(vulcan(SECRETS), settings)
    assert (outcome.report.findings, outcome.report.judged[0].required) == ((), 4)
    assert rules_of(run(vulcan({**SECRETS, "CIPHER_SALT": ""}), settings)) == ["missing-key"]
    (finding,) = run(vulcan({**SECRETS, "CIPHER_PASSWORD": SOUND["API_KEY_SECRET"][::-1]}), settings).report.findings
    assert (finding.rule, str(finding.fix)) == ("short-value", "openssl rand -hex 64")
    assert finding.where.what == "Secret ns/v-env, key CIPHER_PASSWORD"
    misspelt = {("CIPHER_SALTS" if key == "CIPHER_SALT" else key): value for key, value in SECRETS.items()}
    assert rules_of(run(vulcan(misspelt), settings)) == ["missing-key", "near-miss"]


def test_without_it_nobody_knows_the_application() -> None:
    outcome = run(vulcan({}))
    assert rules_of(outcome, "note") == ["no-contract"]
    assert output(outcome) == vulcan({})


def test_heimdall_is_judged_beside_it() -> None:
    stream = vulcan(SECRETS) + secret(encoded(SOUND)) + heimdall(mapped())
    assert len(run(stream, Settings(profiles=(OWN,))).report.judged) == 2


def test_it_replaces_heimdalls_rules_for_the_same_image() -> None:
    less = profile.parse("c.yaml", b'image: heimdall2\nrequired: "JWT_SECRET,DATABASE_PASSWORD"\n')
    stream = secret(encoded(SOUND)) + heimdall(mapped(less.required))
    assert run(stream, Settings(profiles=(less,), strict=True)).report.judged[0].required == 2
    assert rules_of(run(stream)) == ["no-source"] * 2


def test_its_keys_may_be_read_from_the_environment() -> None:
    values = {key: f"${{{key}}}" for key in SECRETS}
    outcome = run(vulcan(values), Settings(profiles=(OWN,), inject=True), environ=SECRETS)
    assert output(outcome) == vulcan(SECRETS)
    assert "env-not-allowed" in rules_of(
        run(vulcan({**values, "CIPHER_SALT": "${PATH}"}), Settings(profiles=(OWN,), inject=True))
    )


GOOD = 'image: "a"\nrequired: "B_C"\n'
REFUSED = [
    ("empty", "", ["`required` is missing", "`image` is missing"]),
    ("no image", 'required: "A"\n', ["`image` is missing"]),
    ("a field of the ConfigMap that the wires tell", GOOD + "secret: hunter2canary\n", ["c.yaml:3", "no such field"]),
    ("names that are none", 'image: "a"\nrequired: "A B,hunter2canary-x"\n', ["`required` can't be understood"]),
    ("lengths that are none", GOOD + 'lengths: "A=hunter2canary"\n', ["c.yaml:3", "`lengths` can't"]),
    ("an image with a tag", 'image: "a:1"\nrequired: "A"\n', ["`image` can't be understood"]),
    ("a path that is none", GOOD + 'valuesPath: "a..b"\n', ["`valuesPath` can't be understood"]),
    ("a list", 'image: "a"\nrequired: [A]\n', ["c.yaml:2", "nested"]),
    ("no YAML", "a: [\n", ["is not valid YAML"]),
    ("a key twice", GOOD + GOOD, ["is there twice"]),
]


@pytest.mark.parametrize(("content", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused(content: str, told: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        profile.parse("c.yaml", content.encode())
    text = caught.value.message + details(caught.value)
    assert [part for part in told if part not in text] == []
    assert "canary" not in text


READ = [
    (GOOD, Profile("a", ("B_C",), {}, "a")),
    ('image: "x/y"\nrequired: "A, B"\nlengths: "A=3"\n', Profile("x/y", ("A", "B"), {"A": 3}, "y")),
    (GOOD + 'valuesPath: "b.c"\n', Profile("a", ("B_C",), {}, "b.c")),
]


@pytest.mark.parametrize(("content", "expected"), READ)
def test_read(content: str, expected: Profile) -> None:
    assert profile.parse("c.yaml", content.encode()) == expected
