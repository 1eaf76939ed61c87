"""Named tuples of our own are what `typing` makes of the same body."""

import copy
import pickle
import typing

import pytest

from post_renderer.model import record

BODY = """
from __future__ import annotations
class Sample({base}):
    '''A sample.'''
    first: str
    second: int = 2
    third: tuple[str, ...] = ()
    def both(self): return f"{{self.first}}{{self.second}}"
    def __str__(self): return "shown"
"""


def made(base: type) -> typing.Any:  # noqa: ANN401  # a class that is made here
    names: dict[str, typing.Any] = {"base": base, "__name__": __name__}
    exec(BODY.format(base="base"), names)  # noqa: S102  # the same text for both
    return names["Sample"]


Sample = made(record.NamedTuple)
Expected = made(typing.NamedTuple)

SAME = {
    "all": lambda sample: sample("a", 1, ("b",)),
    "defaults": lambda sample: sample("a"),
    "by name": lambda sample: sample(second=3, first="a"),
    "some by name": lambda sample: sample("a", third=("c",)),
    "another value": lambda sample: sample("a")._replace(second=5),
    "fields": lambda sample: sample._fields,
    "of a method": lambda sample: sample("a").both(),
    "repr": lambda sample: repr(sample("a", third=("c",))),
    "str": lambda sample: str(sample("a")),
    "doc": lambda sample: sample.__doc__,
    "attributes": lambda sample: (sample("a").first, sample("a").second, sample("a").third),
    "unpacked": lambda sample: [*sample("a")],
    "hash": lambda sample: hash(sample("a")),
    "equal to a tuple": lambda sample: sample("a") == ("a", 2, ()),
    "copy": lambda sample: copy.deepcopy(sample("a")),
}
WRONG = {
    "too few": lambda sample: sample(),
    "too many": lambda sample: sample("a", 1, (), 4),
    "twice": lambda sample: sample("a", first="b"),
    "unknown": lambda sample: sample("a", fourth=4),
    "replace unknown": lambda sample: sample("a")._replace(fourth=4),
    "no other attribute": lambda sample: setattr(sample("a"), "fourth", 4),
    "no change": lambda sample: setattr(sample("a"), "first", "b"),
}


@pytest.mark.parametrize("use", SAME.values(), ids=SAME)
def test_it_is_the_same(use: typing.Callable[[typing.Any], object]) -> None:
    assert use(Sample) == use(Expected)


def test_so_are_many() -> None:
    """The constructor of a class that is often used is another one."""
    for sample in (made(record.NamedTuple), Expected):
        assert {sample("a", third=()) for _ in range(2 * record.FEW)} == {("a", 2, ())}
        for use in WRONG.values():
            with pytest.raises((TypeError, ValueError, AttributeError)):
                use(sample)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("use", WRONG.values(), ids=WRONG)
def test_it_refuses_the_same(use: typing.Callable[[typing.Any], object]) -> None:
    for sample in (Expected, Sample):
        with pytest.raises((TypeError, ValueError, AttributeError)):
            use(sample)


def test_it_matches_a_pattern() -> None:
    match Sample("a", 1):
        case Sample(first, second=1):
            assert first == "a"
        case _:
            pytest.fail("no match")


def test_it_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(Sample("a"))) == Sample("a")  # noqa: S301  # our own
