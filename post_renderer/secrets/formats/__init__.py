"""The formats that secrets are generated in: each module has values(), new(), completed() and use()."""

from __future__ import annotations

from post_renderer.secrets.formats import env, json, k8s, yaml

FORMATS = {"yaml": yaml, "env": env, "json": json, "k8s": k8s}
