"""What a check may have found, for the tests of the formats: names as hostile as charts and files can make them."""

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding, Place
from post_renderer.model.fix import Ways, command
from post_renderer.model.report import Ignored, Judged, KeyState
from post_renderer.report.checked import Checked

HOSTILE = "a|b`c<d>&e\"f'g%0Ah::error::i,j\n::stop\r\x1b[31m\u2028\udcff]]>*_k_*"
# What a CI service's log would obey: as a name that a chart or a file can have.
ORDERS = {
    "in a line": "a ##[set-output name=x]y",
    "at the start": "##[stop-commands]x",
    "of another service": "##vso[task.setvariable variable=x]y",
    "at the start of a line": "::set-output name=x::y",
    "after spaces": "  ::stop-commands::x",
    "after a line break": "a\n::stop-commands::x\r\n##[error]z",
    "after any line break": "a\x85::a::\u2028::b::\u2029::c::\x0b::d::\x0c::e::\x1c::f::",
    "after a semicolon": f"{'a' * 130}; ::stop-commands::x; ##[error]y",
}
MISSING = Finding(
    ERROR,
    "missing-key",
    Place(values="heimdall.secrets", file="values-ci.yaml", line=2),
    "API_KEY_SECRET is missing",
    "66 characters",
    "openssl rand -hex 33",
    "API_KEY_SECRET",
)
SHORT = Finding(
    WARNING,
    "short-value",
    Place("Secret ns/h-secrets", values="heimdall.secrets.JWT_SECRET", file="values-ci.yaml", line=3),
    "JWT_SECRET has only 20 characters",
    "128 characters",
    "openssl rand -hex 64",
    "JWT_SECRET",
)
STREAM = Finding(
    ERROR, "duplicate-object", Place("Secret ns/h-secrets", line=40), "it is there twice", "one", "render it once"
)
NOTED = Finding(NOTE, "ignored", Place(values="heimdall.secretsFiles"), "ignored, because heimdall.secrets is set")
ODD = Finding(WARNING, "file-mode", Place(HOSTILE, file=f"env/{HOSTILE}", line=1), HOSTILE, HOSTILE, HOSTILE)
KEYS = (
    KeyState("JWT_SECRET", Place(values="heimdall.secrets.JWT_SECRET"), "weak", 20),
    KeyState("API_KEY_SECRET", Place(values="heimdall.secrets"), "missing"),
    KeyState("DATABASE_PASSWORD", Place("Secret pg/app key password"), "not checked"),
    KeyState("ADMIN_PASSWORD", Place(values="heimdall.secrets.ADMIN_PASSWORD"), "ok", 22),
)
JUDGED = Judged(
    "Secret ns/h-secrets",
    "heimdall.secrets",
    True,
    4,
    ("env/s.yaml",),
    "heimdall.secrets is set, and heimdall.existingSecret is not",
    ("heimdall.secretsFiles",),
    KEYS,
)
SOUND = JUDGED._replace(keys=(KEYS[3],), ignored=())


def hostile(name: str) -> Checked:
    """A check in which each name from outside is this one."""
    place = Place(name, file=name, line=1, values=name)
    command_of = command("kubectl", "get", "secret", name, note=name)
    findings = (
        Finding(ERROR, "missing-key", place, name, name, command_of, name),
        Finding(WARNING, "file-mode", Place(name), name, name, Ways((name, command_of, name * 9))),
        Finding(NOTE, "ignored", Place(values=name), name, name, name),
    )
    keys = tuple(KeyState(name, place, state, 1) for state in ("ok", "weak", "refused", "missing", "not checked"))
    judged = Judged(name, name, True, 4, (name,), name, (name,), keys)
    unseen = judged._replace(seen=False), judged._replace(seen=False, provider=name)
    ignored = (Ignored(findings[1], name),)
    return Checked((name, name), findings, ignored, (judged, *unseen), name, "/nowhere")


def checked(*findings: Finding, ignored: tuple[Ignored, ...] = (), judged: tuple[Judged, ...] = ()) -> Checked:
    """With one target, whose values file stands for the whole."""
    return Checked(("charts/heimdall",), findings, ignored, judged, "charts/heimdall/values.yaml", "/nowhere")


CASES = {
    "nothing": checked(),
    "ok": checked(judged=(SOUND,)),
    "refused": checked(MISSING, STREAM, SHORT, NOTED, judged=(JUDGED,)),
    "ignored": checked(NOTED, ignored=(Ignored(SHORT, "it is a test | of ours"),), judged=(SOUND,)),
    "hostile": checked(
        ODD, ODD, ignored=(Ignored(ODD, HOSTILE),), judged=(JUDGED._replace(secret=HOSTILE, why=HOSTILE),)
    ),
}
