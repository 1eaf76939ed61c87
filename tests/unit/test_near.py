"""The chart's patterns of near misses say the same as the tool's function."""

import random
import re
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as some

from post_renderer.rules import policy
from tools import generate_policy, near

KNOWN = (*policy.KEYS, *policy.OPTIONAL)
LETTERS = "ABCDEST_-.1\n"
ROWS = [
    ("the same", "JWT_SECRET", 0),
    ("one more", "JWT_SECRETS", 1),
    ("one less", "JWT_SECRE", 1),
    ("another one", "JWT-SECRET", 1),
    ("swapped", "JWT_SECERT", 1),
    ("swapped twice", "WJT_SECERT", 2),
    ("swapped and one less", "WJT_SECRE", 2),
    ("swapped, and one between: a part would be edited twice", "JWT_SECEXRT", 3),
    ("swapped, and one before", "JWT_SECXERT", 2),
    ("three", "JT_SECERTS", 3),
    ("much shorter", "JWT", 99),
]


@pytest.mark.parametrize(("text", "edits"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_distance(text: str, edits: int) -> None:
    assert near.distance(text, "JWT_SECRET") == near.distance("JWT_SECRET", text) == edits


NEAREST = [
    ("known", "JWT_SECRET", None),
    ("another case", "jwt_secret", "JWT_SECRET"),
    ("two edits", "DATABASE_PASWRD", "DATABASE_PASSWORD"),
    ("swapped, and one less", "DATABSAE_PASWORD", "DATABASE_PASSWORD"),
    ("legacy", "jwtSecret", "JWT_SECRET"),
    ("the nearer one of two", "GITLB_CLIENTSECRET", "GITLAB_SECRET"),
    ("the nearer one of two, in small letters", "gitlb_clientsecret", "GITLAB_SECRET"),
    ("as other programs call it", "GITLAB_CLIENT_SECRET", "GITLAB_SECRET"),
    ("as an older chart calls it", "gitlabClientSecret", "GITLAB_SECRET"),
    ("the first of two", "GITLUB_CLIENTSECRET", "GITHUB_CLIENTSECRET"),
    ("three edits", "JWT_SEC", None),
    ("nothing", "", None),
]


@pytest.mark.parametrize(("text", "key"), [row[1:] for row in NEAREST], ids=[row[0] for row in NEAREST])
def test_nearest(text: str, key: str | None) -> None:
    assert policy.nearest(text) == key
    assert text in policy.LEGACY or by_patterns(text) == key


def test_another_application_has_its_own_keys_first() -> None:
    assert policy.nearest("TOKN", ("TOKEN",)) == "TOKEN"
    assert policy.nearest("tokn", ("token",)) == "token"
    assert policy.nearest("jwtSecret", ("jwtSecret",)) is None


def by_patterns(text: str) -> str | None:
    """The key that the chart takes a text for."""
    if text in KNOWN:
        return None
    return next((key for key, pattern in patterns() if re.fullmatch(pattern, text, re.ASCII)), None)


@cache
def patterns() -> list[tuple[str, str]]:
    return [(str(each.get("means", each["key"])), str(each["pattern"])) for each in generate_policy.near_misses()]


def edited(name: str, edits: int, chance: random.Random) -> str:
    """A name after some edits, each anywhere."""
    for _ in range(edits):
        at, letter = chance.randrange(len(name) + 1), chance.choice(LETTERS)
        name = chance.choice((
            name[:at] + letter + name[at:],
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at + 1 :],
            name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
        ))  # fmt: skip
    return name


@pytest.mark.parametrize("edits", [1, 2])
@pytest.mark.parametrize("name", ["AB", "AAB", "ABA", "ABCA"])
def test_short_names_and_every_text(name: str, edits: int) -> None:
    """Nothing is sampled: each text of up to two letters more, with one that is not the name's."""
    pattern = re.compile(near.pattern(name, edits))
    for text in every(f"{''.join(sorted(set(name)))}x", len(name) + edits + 1):
        assert bool(pattern.fullmatch(text)) == (near.distance(text.upper(), name) <= edits), text


def every(letters: str, longest: int) -> Iterator[str]:
    """Each text of some letters."""
    texts = [""]
    for _ in range(longest + 1):
        yield from texts
        texts = [text + letter for text in texts for letter in letters]


@pytest.mark.parametrize("key", KNOWN)
def test_each_key_up_to_three_edits_away(key: str) -> None:
    chance = random.Random(key)  # noqa: S311  # no secret is made
    one, two = (re.compile(near.pattern(key, edits), re.ASCII) for edits in (1, 2))
    seen = set()
    for number in range(800):
        text = edited(key, number % 4, chance)
        away = near.distance(text.upper(), key)
        seen.add(min(away, 3))
        assert (bool(one.fullmatch(text)), bool(two.fullmatch(text))) == (away <= 1, away <= 2), text
    assert seen == {0, 1, 2, 3}


@given(some.sampled_from(KNOWN), some.integers(0, 3), some.randoms(use_true_random=False), some.booleans())
def test_the_chart_takes_a_name_for_the_same_key(key: str, edits: int, chance: random.Random, small: bool) -> None:
    text = edited(key, edits, chance)
    text = text.lower() if small else text
    assert by_patterns(text) == policy.nearest(text)


def test_they_are_small() -> None:
    """Written out pair by pair they had 62 KB for these keys."""
    assert sum(len(pattern) for key, pattern in patterns()) < 40_000


@given(some.text("abC_", max_size=8), some.lists(some.text("abC_", min_size=1, max_size=7), min_size=1, unique=True))
def test_the_closest_of_several_is_the_nearest_then_the_first(text: str, names: list[str]) -> None:
    away = [near.distance(text.upper(), name.upper()) for name in names]
    expected = names[away.index(min(away))] if min(away) <= policy.NEAR else None
    assert policy.closest(text, tuple(names)) == expected
