"""What costly streams cost: steps and memory grow as the stream does, or it is refused in a sentence. No clock."""

import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import SupportsIndex, TypeVar

import pytest

from post_renderer import pipeline
from post_renderer.document import stream as streaming
from post_renderer.model.errors import UserError
from post_renderer.model.facts import Facts, FileFact
from post_renderer.model.report import Report
from post_renderer.model.settings import Settings
from post_renderer.report import text
from post_renderer.rules import policy, shared
from tests.cost import streams
from tests.unit.streams import SOUND, contract, rules_of, run, secret

SMALL = 20
MOST_MEMORY = 150  # bytes for each byte of the stream: 300 MB for 2 MB
Found = TypeVar("Found")


class Counted(bytes):
    """A stream that counts the bytes that are read of it at once."""

    scanned = 0

    def count(self, mark: object, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        return self._scanned(super().count, mark, start, end)

    def find(self, mark: object, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        return self._scanned(super().find, mark, start, end)

    def rfind(self, mark: object, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        return self._scanned(super().rfind, mark, start, end)

    def _scanned(self, method: Callable[..., int], mark: object, start: int, end: int | None) -> int:
        until = len(self) if end is None else min(end, len(self))
        found = method(mark, start, until)
        first = found >= 0 and method.__name__ == "find"  # it stops there
        Counted.scanned += (found if first else until) - start
        return found

    def __getitem__(self, key: SupportsIndex | slice) -> object:  # type: ignore[override]
        found = super().__getitem__(key)
        Counted.scanned += len(found) if isinstance(found, bytes) else 1
        return found


def judged(data: bytes, *, redact: bool = False) -> Report:
    """The report of a run in which no file is there."""
    plan = pipeline.plan(data, Settings(redact=redact))
    files = {path: FileFact(path, None) for path in plan.files}
    outcome = pipeline.apply(plan, Facts(files, {}, {}))
    text.render(outcome.report)
    return outcome.report


SHARED = (shared.is_placeholder, shared.is_of_another_kind)


def steps(work: Callable[[bytes], object], data: bytes) -> int:
    """What a run does: every instruction of our code that Python executes, and every 64 bytes that are scanned."""
    executed = 0

    def trace(frame: FrameType, event: str, _: object) -> object:
        nonlocal executed
        if event == "call":
            if "post_renderer" not in frame.f_code.co_filename:
                return None
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        executed += event == "opcode"
        return trace

    for cache in (policy.closest, policy.is_placeholder, policy.is_unexpanded, *SHARED):
        cache.cache_clear()
    before, Counted.scanned = sys.gettrace(), 0
    sys.settrace(trace)  # type: ignore[arg-type]  # typeshed wants one name for what calls itself
    try:
        work(Counted(data))
    finally:
        sys.settrace(before)
    return executed + Counted.scanned // 64


def redacted(data: bytes) -> Report:
    return judged(data, redact=True)


# What grows as a square by its nature, since many ask for the same many keys; up to 20,000 keys, which is a constant.
SQUARES = ("contracts_of_one", "containers_of_many", "env_from_one")


CASES = [name for name in streams.CASES if name not in SQUARES]
REDACTED = ("keys", "contracts", "containers", "foreign", "config_maps", "redacted_pods", "secrets_of_a_name", "shared")
RUNS = [(name, judged) for name in CASES] + [(name, redacted) for name in REDACTED]


@pytest.mark.parametrize(("name", "work"), RUNS, ids=[f"{name}, {work.__name__}" for name, work in RUNS])
def test_steps_grow_as_the_stream_does(name: str, work: Callable[[bytes], object]) -> None:
    make = streams.CASES[name]
    work(make(SMALL).encode())  # what is imported and compiled once is no step
    sizes = [make(SMALL * times).encode() for times in (1, 2, 4)]
    one, two, four = (steps(work, data) for data in sizes)
    grown = (len(sizes[2]) - len(sizes[1])) / max(1, len(sizes[1]) - len(sizes[0]))  # 2, or more if numbers get longer
    assert four - two <= 1.15 * grown * max(0, two - one) + 3000, (one, two, four)


@pytest.mark.parametrize("name", CASES)
def test_memory_is_a_multiple_of_the_stream(name: str) -> None:
    data = streams.sized(streams.CASES[name], 50_000)
    judged(data)
    tracemalloc.start()
    try:
        judged(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= MOST_MEMORY * len(data), f"{peak / len(data):.0f} bytes for each"


TOO_MANY = [
    ("keys of a Secret", contract("existing") + secret({f"k{n}": "" for n in range(20_001)}), "20,000 keys"),
    ("contracts of a Secret", streams.contracts_of_one(40), "20,000 keys"),
    ("containers of a Secret", streams.containers_of_many(50), "20,000 keys"),
    ("envFrom of a Secret", streams.env_from_one(200), "20,000 keys"),
    ("documents", streams.candidates(100_001), "100,000 documents"),
]
MANY = [
    ("keys of a Secret", contract("existing") + secret({**SOUND, **{f"k{n}": "" for n in range(19_990)}})),
    ("contracts of a Secret", streams.contracts_of_one(30)),
    ("containers of a Secret", streams.containers_of_many(25)),
    ("envFrom of a Secret", streams.env_from_one(100)),
    ("documents that are looked at", streams.candidates(99_999)),
    ("documents that are not", "---\nkind: Service\n" * 110_000),
]


@pytest.mark.parametrize(("data", "sentence"), [row[1:] for row in TOO_MANY], ids=[row[0] for row in TOO_MANY])
def test_too_many_are_refused(data: str, sentence: str) -> None:
    with pytest.raises(UserError, match=f"more than {sentence}"):
        judged(data.encode())


@pytest.mark.parametrize("data", [row[1] for row in MANY], ids=[row[0] for row in MANY])
def test_many_are_judged(data: str) -> None:
    judged(data.encode())


def test_pods_are_compared_with_the_sections_of_the_values_up_to_a_number() -> None:
    """A chart can have thousands of each: each with each would take for ever."""
    settings = Settings(values={f"a{n}": {"jwtSecret": f"x{n}"} for n in range(5001)}, exact=True)

    def planned(data: bytes) -> object:
        return pipeline.plan(data, settings)

    planned(streams.foreign(1).encode())
    few, many = (steps(planned, streams.foreign(number).encode()) for number in (2, 4))
    assert many - few <= few / 4


LISTS = [
    ("required", ",".join(f"K{n}" for n in range(101)), ",".join(f"K{n}" for n in range(100))),
    ("required", "K" * 4001, ",".join(["K" * 199] * 20)),
    ("sources", ",".join(f"K{n}=s/k" for n in range(101)), ",".join(f"K{n}=s/k" for n in range(100))),
    ("ignored", ",".join(["secrets"] * 4), "secrets,secretsFiles"),
    ("valuesPath", "a" * 254, "a" * 253),
]


@pytest.mark.parametrize(("field", "bad", "good"), LISTS, ids=[f"{row[0]} {n}" for n, row in enumerate(LISTS)])
def test_a_contract_asks_for_a_finite_number(field: str, bad: str, good: str) -> None:
    assert rules_of(run(contract("existing", **{field: bad}))) == ["contract-damaged"]
    assert rules_of(run(contract("existing", **{field: good}))) == []


def test_a_chart_may_pass_more_keys_than_it_may_ask_for() -> None:
    """They are looked up in, and each is asked for by nobody."""
    assert rules_of(run(contract("existing", optional=",".join(f"K{n:060}" for n in range(500))))) == []
    assert rules_of(run(contract("existing", optional="K1,a b"))) == ["contract-damaged"]


def test_a_contract_names_a_finite_number_of_files() -> None:
    def files(number: int) -> str:
        return contract("files", files="\\n".join(f"f{n}" for n in range(number))) + secret(SOUND)

    assert rules_of(run(files(101))) == ["contract-damaged"]
    assert "contract-damaged" not in [finding.rule for finding in judged(files(100).encode()).findings]


@pytest.mark.parametrize("at", [0, 1, 4095, 4096, 4097, 8191, 8192, 20_000])
def test_a_line_is_counted_from_a_block(at: int) -> None:
    data = b"ab\nc\n\n" * 5000
    for other in (20_001, at, 3):  # in any order
        assert streaming.line_of(data, other) == data[:other].count(b"\n") + 1
    assert streaming.line_of(b"\n" + data, at + 1) == data[:at].count(b"\n") + 2


HELD = [
    ("plain", "name: abc", True),
    ("quoted", 'name: "abc"', True),
    ("in flow style", "{name: abc,b: c}", True),
    ("with a dot", "name: a.b-c", True),
    ("a part of another", "name: abcd", False),
    ("before a hyphen", "name: abc-d", False),
    ("absent", "name: ab", False),
]


@pytest.mark.parametrize(("line", "held"), [row[1:] for row in HELD], ids=[row[0] for row in HELD])
def test_documents_that_hold_a_name(line: str, held: bool) -> None:
    data = f"---\n{line}\n---\nWORD\n{line}\n---\nWORD\n".encode()
    found = streaming.holding(data, streaming.cut(data), ["abc", "a.b-c"], b"WORD")
    assert [each.number for each in found] == [2] * held
