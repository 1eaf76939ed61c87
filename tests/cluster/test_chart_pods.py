"""The chart's pods on a real node: they start, log in to their database, and follow a changed secret."""

import re
import shutil
from functools import partial

import yaml

from tests.cluster.field import APPROACHES, Approach, Existing, Field, Inline, all_at_once, flags, uid, values
from tests.support import CHART, accepted, fresh


def lives(field: Field, approach: Approach) -> None:
    """Installed, tested, upgraded with another JWT_SECRET, uninstalled."""
    release, secrets = approach.release, fresh()
    field.up("install", release, values(approach.give(field, secrets)), *flags(field, approach))
    first = field.runs(release, secrets)
    assert first["facts"]["host"] == f"{release}-heimdall-postgresql"
    accepted(field.helm.run("test", release, "--timeout=60s"))
    changed = {**secrets, "JWT_SECRET": fresh()["JWT_SECRET"]}
    field.up("upgrade", release, values(approach.give(field, changed)), *flags(field, approach))
    assert uid(field.runs(release, changed)) != uid(first)
    accepted(field.helm.run("uninstall", release, "--wait", "--timeout=60s"))


def test_each_approach_lives(field: Field) -> None:
    """Three releases in one namespace: ready with the embedded database, `helm test`, a rotation, the end."""
    _ = field.helm.post_renderer  # the plugin is installed once, before three threads want it
    all_at_once([partial(lives, field, approach) for approach in APPROACHES])
    kinds = "deployment,statefulset,service,configmap,networkpolicy,serviceaccount,secret,pvc"
    left = re.findall(r".*/.*-heimdall.*", field.kubectl("get", kinds, "--output=name"))
    claims = (f"data-{approach.release}-heimdall-postgresql-0" for approach in APPROACHES)
    assert sorted(left) == sorted(f"persistentvolumeclaim/{claim}" for claim in claims)


def test_two_aliases_in_one_release(field: Field) -> None:
    """Release `ab` with the aliases `a` and `b`: each has its secrets and its database."""
    parent = field.folder / "parent"
    shutil.copytree(CHART, parent / "charts" / "heimdall")
    dependencies = [{"name": "heimdall", "version": ">=0-0", "alias": alias} for alias in ("a", "b")]
    about = {"apiVersion": "v2", "name": "parent", "version": "0.1.0", "dependencies": dependencies}
    (parent / "Chart.yaml").write_text(yaml.safe_dump(about))
    one, other = fresh(), fresh()
    given = {"a": values(Inline.give(field, one)), "b": values(Existing.give(field, other))}
    field.up("install", "ab", given, chart=parent)
    assert field.runs("ab", one, "ab-a")["facts"]["host"] == "ab-a-postgresql"
    assert field.runs("ab", other, "ab-b")["facts"]["host"] == "ab-b-postgresql"
    accepted(field.helm.run("test", "ab", "--timeout=60s"))
