"""What a check may have found, for the tests of the formats: names as hostile as charts and files can make them."""

from post_renderer.model.finding import ERROR, NOTE, WARNING, Finding, Place
from post_renderer.model.report import Judged, KeyState
from post_renderer.report.checked import Checked, Ignored

HOSTILE = "a|b`c<d>&e\"f'g%0Ah::error::i,j\n::stop\r\x1b[31m\u2028\udcff]]>*_k_*"
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
