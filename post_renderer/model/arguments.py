"""The options of `check` and `explain` as data, and their values as one type."""

from __future__ import annotations

from post_renderer.model.options import OPTIONS as FILTER
from post_renderer.model.options import VALUES, Option
from post_renderer.model.record import NamedTuple

CHART = "Chart"
SHARED = {option.name: option for option in FILTER}  # these mean the same for the filter
VERSION = Option("--version", "The version of a remote chart.", CHART, "VERSION", scope="chart")
OPTIONS = (
    Option("--values", "A values file, as for helm; a later one wins.", VALUES, "FILE", True, "-f"),
    Option("--set", "A value, as for helm.", VALUES, "KEY=VALUE", True),
    Option("--set-string", "A value that is a string.", VALUES, "KEY=VALUE", True),
    Option("--set-file", "A value that is the content of a file.", VALUES, "KEY=FILE", True),
    Option("--set-json", "A value in JSON.", VALUES, "KEY=JSON", True),
    Option("--set-literal", "A value without any special characters.", VALUES, "KEY=VALUE", True),
    SHARED["strict"],
    SHARED["files_root"],
    SHARED["env"],
    SHARED["sops_allow"],
    SHARED["skip_workload"],
    SHARED["contract"],
    SHARED["inject"]._replace(help="Judge what an install with --inject would fill, and say what it would do."),
    Option("--release-name", "The release's name for the render. Default: helm's own.", CHART, "NAME"),
    Option("--namespace", "The release's namespace; with --live also the Secret's.", CHART, "NAME", short="-n"),
    Option("--kube-version", "The Kubernetes version to render for.", CHART, "VERSION"),
    Option("--api-versions", "A Kubernetes API that the chart can rely on.", CHART, "API", True, "-a"),
    VERSION,
    Option("--repo", "The repository of a remote chart.", CHART, "URL", scope="chart"),
    SHARED["live"]._replace(help="Ask the cluster, by kubectl, for an existing Secret that is not in the manifests."),
    SHARED["context"],
    SHARED["kubeconfig"],
    Option("--helm-timeout", "The time limit for one run of helm. Default: 120.", CHART, "SECONDS"),
)
CHART_ALONE = ("release_name", "kube_version", "api_versions", "version", "repo")
FORMAT = Option("--format", "The format of the report; with a file it is written there.", "Output", "NAME[=FILE]", True)
DOCS_URL = Option(
    "--docs-url",
    "The address of heimdall-pr's docs, for links to rules. Default: the git repository that pip installed it from.",
    "Output",
    "URL",
)
IGNORE = SHARED["ignore"]
EXPLAIN_FORMAT = Option("--format", "text or json.", "Output", "NAME", scope="explain")


class Arguments(NamedTuple):
    """What to judge, and how.

    Attributes:
        targets: One chart, manifests (files, folders, `-`), or both.
        values: Values files for helm, in order.
        sets: Each `--set` and its kin as (`set`, `set-string`, …; the text).
        limit: Seconds that one run of helm may take.

    The other attributes are the options of the same names.
    """

    targets: tuple[str, ...]
    values: tuple[str, ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    strict: bool = False
    files_root: str = ""
    env: tuple[str, ...] = ()
    sops_allow: bool = False
    contract: tuple[str, ...] = ()
    inject: bool = False
    skip_workload: tuple[str, ...] = ()
    release_name: str = ""
    namespace: str = ""
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    version: str = ""
    repo: str = ""
    live: bool = False
    context: str = ""
    kubeconfig: str = ""
    limit: float = 120
