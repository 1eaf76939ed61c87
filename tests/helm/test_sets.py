"""What a real Helm makes of --set and its kin: the same by pipes as by its command line, which shows no secret."""

import json
from pathlib import Path

import pytest

from post_renderer.adapters import helm as adapter
from post_renderer.adapters import values
from post_renderer.model.errors import UserError
from tests.checking import VALUES, Checker
from tests.helms import Helm
from tests.support import KEYS, inline

Sets = list[tuple[str, str]]
BASE = 'a: {b: {c: old, d: 1}, "x.y": z}\nlist: [{n: one}, {n: two}]\ntext: base\nnumber: 7\n'
ROWS: list[tuple[str, Sets]] = [
    ("texts", [("set", "text=new,a.b.c=other"), ("set", r"a.x\.y=dot\,comma\\\"=")]),
    ("types", [("set", "text=1,number=true,a.b=null,list=007,z=1.5,y=-5,x=NULL,w=0,v=+3")]),
    ("strings", [("set-string", "text=1,number=true,a.b=null,z=0")]),
    ("lists", [("set", "list={p,1,true,q},text={a\\,b}"), ("set-string", "number={1,2}")]),
    ("items", [("set", "list[0].n=1st,list[1].m=2nd,new[2]=third")]),
    ("literals", [("set-literal", r"text=a,b=c\d{e}[f]"), ("set-literal", "a.b.c=")]),
    ("JSON", [("set-json", 'a.b={"c": "t", "e": 1.0, "f": [1, "u", null]},text="J"')]),
    ("a JSON object", [("set-json", '{"a": {"b": {"e": "t"}}, "number": 1e3, "list": ["x", {"y": "z"}]}')]),
    ("odd names in JSON", [("set-json", r'a={"x.y": "1", "p,q": "2", "r=s": "3", "t[0]": "4"}'),
                            ("set-json", r'b={"u\\v": "5", "{w}": "6"}')]),
    ("the order of kinds", [("set-literal", "text=l"), ("set-string", "text=s,number=s"), ("set", "text=t,number=9"),
                            ("set-json", 'number="j"')]),
    ("a number after a text", [("set", "text=x"), ("set", "text=3"), ("set-json", 'text="j"')]),
    ("null after a text", [("set", "a.b.c=x,a.b=null")]),
    ("a text after null", [("set", "a.b=null,a.b.c=x")]),
    ("an object after a text", [("set-json", 'number="x"'), ("set", "number=1")]),
    ("nothing", [("set", ""), ("set", "text=")]),
    ("a long one", [("set", f"text={'x' * 100_000}")]),
    ("white space and Unicode", [("set", "text= a b\n\tü ,number= 1"), ("set-string", "a.b.c='q'")]),
]  # fmt: skip  # a row a line


@pytest.mark.parametrize("given", [row[1] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_same_values(helm: Helm, tmp_path: Path, given: Sets) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    folder = tmp_path / "plain"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: plain\nversion: 0.0.0\n")
    (folder / "templates" / "x.yaml").write_text('{"values":{{ toJson .Values }}}\n')
    words = [word for kind, text in given for word in (f"--{kind}", text)]
    done = helm.run("template", "r", str(folder), "--values", str(tmp_path / "base.yaml"), *words)
    ours = adapter.Values((str(tmp_path / "base.yaml"),), tuple(given))
    if done.returncode != 0:  # such as a whole object of JSON, which Helm 3 can't take
        with pytest.raises(UserError):
            values.merged(adapter.Helm(str(helm.path), adapter.LIMIT), ours)
        return
    expected = json.loads(done.stdout.partition('{"values":')[2].rpartition("}")[0])
    assert values.merged(adapter.Helm(str(helm.path), adapter.LIMIT), ours) == expected


SPY = """#!/bin/sh
printf '%s\\n' "$*" >> "{folder}/argv"
env >> "{folder}/env"
exec "{helm}" "$@"
"""


@pytest.fixture
def desk(helm: Helm, tmp_path: Path) -> Checker:
    return Checker(helm, tmp_path / "desk")


def spied(desk: Checker) -> dict[str, str]:
    """A helm that notes its command line and its environment."""
    spy = desk.folder / "spy"
    spy.write_text(SPY.format(folder=desk.folder, helm=desk.helm.path))
    spy.chmod(0o755)
    return {"HELM_BIN": str(spy)}


@pytest.mark.parametrize("kind", ["set", "set-string", "set-literal"])
@pytest.mark.parametrize("by_variable", [True, False], ids=["variable", "option"])
def test_no_secret_in_helms_command_line(desk: Checker, kind: str, by_variable: bool) -> None:
    pairs = [f"heimdall.secrets.{key}={value}" for key, value in desk.secrets.items()]
    variable = {f"HEIMDALL_PR_{kind.upper().replace('-', '_')}": ":".join(pairs)} if by_variable else {}
    words = [] if by_variable else [word for pair in pairs for word in (f"--{kind}", pair)]
    found = desk.found(*words, "--set-json", "replicaCount=1", env={**spied(desk), **variable})
    assert found["ok"], found
    lines = (desk.folder / "argv").read_text()
    assert lines.count("--set-file heimdall.secrets.JWT_SECRET=/dev/fd/") == 2
    assert "--set-json replicaCount=1" in lines
    assert not [value for value in desk.secrets.values() if value in lines]
    assert not [value for value in desk.secrets.values() if value in (desk.folder / "env").read_text()]


def test_no_secret_in_helms_environment(desk: Checker) -> None:
    """Neither the keys, nor what inline values may read, nor what --env names; what a login helper needs is there."""
    desk.write(inline({**dict.fromkeys(KEYS, "${MY_JWT}"), "API_KEY_SECRET": "${HEIMDALL_KEY}"}))
    env = {**desk.secrets, "HEIMDALL_KEY": "CANARY-1", "MY_JWT": "CANARY-2", "AWS_PROFILE": "CONTROL", **spied(desk)}
    desk.check("-f", VALUES, "--env", "MY_JWT", env=env)
    noted = (desk.folder / "env").read_text()
    assert "CANARY" not in noted
    assert not [key for key in KEYS if f"{key}=" in noted]
    assert "AWS_PROFILE=CONTROL" in noted
