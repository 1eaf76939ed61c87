"""The three ways in which values give the secrets, as twins: what each needs to know, how it judges, what it edits."""

from post_renderer.sources import existing, files, inline

APPROACHES = {"existing": existing, "inline": inline, "files": files}
