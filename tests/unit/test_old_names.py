"""An existing Secret whose keys have other names: the values are there, so no new ones are offered."""

import pytest

from post_renderer.model.settings import Settings
from tests.unit.streams import SOUND, contract, encoded, heimdall, rules_of, run, secret, whole

OLD = dict(zip(SOUND, ("jwtSecret", "apiKeySecret", "databasePassword", "adminPassword"), strict=True))
HELD = secret({OLD[key]: value for key, value in encoded(SOUND).items()})
ADMIN = "ADMIN_PASSWORD"
BY_KEYS = (
    "heimdall.keys.ADMIN_PASSWORD.key=adminPassword in the values, or rename adminPassword to ADMIN_PASSWORD in the"
)
RENAME = "rename adminPassword to ADMIN_PASSWORD"

FIXES = [
    ("our chart", contract("existing") + HELD, Settings(), f"{BY_KEYS} Secret"),
    ("our chart in another", contract("existing", valuesPath="viewer.heimdall") + HELD, Settings(),
     f"viewer.{BY_KEYS} Secret"),
    ("inline, where the values are the user's", contract("inline") + HELD, Settings(), RENAME),
    ("a chart that has no heimdall.keys", HELD + heimdall(env_from=[whole()]), Settings(), RENAME),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize(("stream", "settings", "fix"), [row[1:] for row in FIXES], ids=[row[0] for row in FIXES])
def test_the_fix(stream: str, settings: Settings, fix: str) -> None:
    found = [each for each in run(stream, settings).report.findings if "adminPassword" in str(each.fix)]
    assert {each.rule for each in found} == {"missing-key", "near-miss"}
    assert {str(each.fix) for each in found} == {fix}
    assert not [each for each in found if "openssl" in str(each.fix)]


def test_what_heimdall_keys_takes_is_not_unknown() -> None:
    sources = ",".join(f"{key}=h-secrets/{name}" for key, name in OLD.items())
    taken = contract("existing", sources=sources) + HELD
    assert run(taken, Settings(strict=True)).report.findings == ()
    some = contract("existing", sources=f"{ADMIN}=h-secrets/adminPassword") + HELD
    assert [each.key for each in run(some).report.findings if each.rule == "missing-key"] == [*SOUND][:3]
    assert rules_of(run(some), "warning") == ["near-miss"] * 3


def test_a_key_of_another_secret_is_still_a_near_miss() -> None:
    other = secret({"adminPassword": encoded(SOUND)[ADMIN]}, "other")
    own = secret({**encoded(SOUND), "adminPassword": encoded(SOUND)[ADMIN]})
    outcome = run(contract("existing", sources=f"{ADMIN}=other/adminPassword") + own + other)
    assert "near-miss" in rules_of(outcome, "warning")
