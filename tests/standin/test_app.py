"""The stand-in for the application: its environment, its login to a real PostgreSQL, its end."""

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.standin import app

APP = Path(app.__file__)
# Never secrets: for these tests alone, as is the key below.
ENV = {
    "JWT_SECRET": "jwt-for-the-stand-in",
    "API_KEY_SECRET": "api-key-for-the-stand-in",
    "DATABASE_PASSWORD": "pässword, for=the stand-in",
    "ADMIN_PASSWORD": "admin-for-the-stand-in",
    "DATABASE_HOST": "localhost",
    "DATABASE_PORT": "5432",
    "DATABASE_NAME": "heimdall",
    "DATABASE_USERNAME": "scram",
}
HOW = ("scram-sha-256", "md5", "password")
# As root, PostgreSQL refuses to run.
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []


def test_nothing_that_kubernetes_rewrites() -> None:
    """`$(X)` and `$$` in a container's command."""
    assert "$(" not in APP.read_text()
    assert "$" * 2 not in APP.read_text()


def test_scram_as_in_the_standard() -> None:
    """The example exchange of RFC 7677."""
    challenge = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    answer, signature = app.proof("pencil", b"n=user,r=rOprNGfwEbeRWgbNEkqO", challenge)
    assert answer.endswith(b",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    assert base64.b64encode(signature) == b"6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


COMPLAINTS: list[tuple[str, dict[str, str], list[str]]] = [
    ("good", {}, []),
    ("what an image sets", {"PATH": "/bin", "PYTHON_VERSION": "3", "LDAP_PASSWORD": "x", "LANG": "C"}, []),
    *((f"{key} empty", {key: ""}, [f"{key} is not set"]) for key in app.KEYS + app.SETTINGS),
    ("white space", {"JWT_SECRET": " \n"}, ["JWT_SECRET is not set"]),
    ("several", {"JWT_SECRET": "", "DATABASE_HOST": ""}, ["JWT_SECRET is not set", "DATABASE_HOST is not set"]),
    ("preload", {"LD_PRELOAD": "/evil.so"}, ["LD_PRELOAD is set"]),
    ("options", {"NODE_OPTIONS": "-r evil"}, ["NODE_OPTIONS is set"]),
    ("port", {"DATABASE_PORT": "tcp://10.0.0.1:5432"}, ["DATABASE_PORT is no number"]),
]


@pytest.mark.parametrize(("name", "changes", "expected"), COMPLAINTS, ids=[row[0] for row in COMPLAINTS])
def test_complaints(name: str, changes: dict[str, str], expected: list[str]) -> None:
    """Each names a variable and no value."""
    assert app.complaints({**ENV, **changes}) == expected, name


def test_a_bad_environment_ends_it() -> None:
    """With exit code 1, every complaint, and no value."""
    done = subprocess.run([sys.executable, APP], env={**ENV, "JWT_SECRET": ""}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"stand-in: JWT_SECRET is not set\n")


# --- a real PostgreSQL -----------------------------------------------------------------------------------------------


def bindir() -> Path | None:
    """Where PostgreSQL's programs are; Debian keeps them off PATH."""
    folders = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep)]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def ok(*command: str | Path, env: dict[str, str] | None = None, typed: str = "") -> str:
    """Run it well."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, input=typed)
    assert done.returncode == 0, done.stderr
    return done.stdout


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Server:
    """A PostgreSQL with one user for each way to log in, over TCP; TLS for those who ask for it."""

    def __init__(self, programs: Path, home: Path) -> None:
        self.programs, self.home, self.port = programs, home, free_port()
        self.authority = home / "ca.pem"

    def make(self) -> None:
        """Without a running server: users come with `postgres --single`."""
        self.run("initdb", "--username=owner", "--auth=trust", "--pgdata", self.home / "data")
        ok(*NOBODY, "openssl", "req", *self.certificate())
        (self.home / "data" / "pg_hba.conf").write_text(
            "".join(f"host all {self.user(how)} all {how}\n" for how in HOW)
        )
        self.run("postgres", "--single", "-D", self.home / "data", "postgres", typed="".join(map(self.sql, HOW)))
        self.run("postgres", "--single", "-D", self.home / "data", "postgres", typed="CREATE DATABASE heimdall\n")

    def certificate(self) -> list[str]:
        """Its own authority, for localhost alone."""
        names = ["-subj", "/CN=stand-in", "-addext", "subjectAltName=DNS:localhost"]
        where = ["-keyout", f"{self.home}/key.pem", "-out", f"{self.authority}"]
        return ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *where]

    @staticmethod
    def user(how: str) -> str:
        """The user who logs in that way."""
        return how.partition("-")[0]

    def sql(self, how: str) -> str:
        """Makes that user; a cleartext login checks against any kind of stored password."""
        kind = "md5" if how == "md5" else "scram-sha-256"
        return f"SET password_encryption='{kind}'\nCREATE USER {self.user(how)} PASSWORD '{ENV['DATABASE_PASSWORD']}'\n"

    def run(self, program: str, *args: str | Path, typed: str = "") -> str:
        """One of its programs."""
        return ok(*NOBODY, self.programs / program, *args, env={"LC_ALL": "C.UTF-8", "TZ": "UTC"}, typed=typed)

    @contextmanager
    def running(self) -> Iterator["Server"]:
        """Serves until the end."""
        settings = {
            "port": self.port,
            "ssl": "on",
            "ssl_cert_file": self.authority,
            "ssl_key_file": self.home / "key.pem",
        }
        settings |= {"unix_socket_directories": "", "fsync": "off", "listen_addresses": "127.0.0.1"}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        control: list[str | Path] = ["--pgdata", self.home / "data", "--log", self.home / "log", "--wait"]
        self.run("pg_ctl", *control, "--options", options, "start")
        try:
            yield self
        finally:
            self.run("pg_ctl", *control, "--mode=immediate", "stop")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Skips where PostgreSQL is not installed."""
    if (programs := bindir()) is None:
        pytest.skip("no PostgreSQL on this machine: no initdb (the cluster's tests log in to theirs)")
    for program in ("openssl", *NOBODY[:1]):
        if not shutil.which(program):
            pytest.skip(f"{program} is not on PATH")
    # Not below pytest's own folder: nobody but its owner can enter that.
    home = Path(ok(*NOBODY, "mktemp", "--directory").strip())
    try:
        made = Server(programs, home)
        made.make()
        with made.running():
            yield made
    finally:
        ok("rm", "-rf", home)


LOGINS: list[tuple[str, dict[str, str], str]] = [
    *((how, {"DATABASE_USERNAME": Server.user(how)}, "") for how in HOW),
    *(
        (f"{how}, wrong password", {"DATABASE_USERNAME": Server.user(how), "DATABASE_PASSWORD": "x"}, "28P01")
        for how in HOW
    ),
    ("no such user", {"DATABASE_USERNAME": "nobody"}, "28000"),
    ("no such database", {"DATABASE_NAME": "nothing"}, "3D000"),
    ("TLS", {"DATABASE_SSL": "true", "DATABASE_SSL_CA": "FILE"}, ""),
    ("TLS, the certificate itself", {"DATABASE_SSL": "true", "DATABASE_SSL_CA": "TEXT"}, ""),
    ("TLS without its authority", {"DATABASE_SSL": "true"}, "CERTIFICATE_VERIFY_FAILED"),
    ("TLS, not verified", {"DATABASE_SSL": "true", "DATABASE_SSL_INSECURE": "true"}, ""),
    (
        "TLS under another name",
        {"DATABASE_SSL": "true", "DATABASE_SSL_CA": "FILE", "DATABASE_HOST": "127.0.0.1"},
        "IP address mismatch",
    ),
]


@pytest.mark.parametrize(("name", "changes", "expected"), LOGINS, ids=[row[0] for row in LOGINS])
def test_logs_in(server: Server, name: str, changes: dict[str, str], expected: str) -> None:
    """Let in, or a reason that says what the server said and no password."""
    authority = {"FILE": str(server.authority), "TEXT": server.authority.read_text(), "": ""}
    env = {**ENV, "DATABASE_PORT": str(server.port), **changes}
    env["DATABASE_SSL_CA"] = authority[env.get("DATABASE_SSL_CA", "")]
    reason = app.Login(app.database(env)).reason()
    assert expected in reason, name
    assert bool(reason) == bool(expected), reason
    assert ENV["DATABASE_PASSWORD"] not in reason


def get(port: int, path: str) -> tuple[int, dict[str, Any]]:
    """Status and JSON."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@contextmanager
def running(env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The stand-in as the pod has it, by `python3 -c`."""
    command = [sys.executable, "-c", APP.read_text()]
    with subprocess.Popen(command, env={**env, "PORT": "0"}, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        found = re.search(r"listening on (\d+)", process.stderr.readline())
        assert found
        try:
            yield process, int(found.group(1))
        finally:
            process.kill()


def test_serves(server: Server) -> None:
    """/server, /env-lengths without values, 404 for the rest; SIGTERM ends it at once and cleanly."""
    with running({**ENV, "DATABASE_PORT": str(server.port)}) as (process, port):
        facts = {"host": "localhost", "port": server.port, "name": "heimdall", "user": "scram", "tls": False}
        assert get(port, "/server") == (200, facts)
        status, told = get(port, "/env-lengths")
        assert (status, sorted(told)) == (200, sorted(app.KEYS))
        assert told["JWT_SECRET"] == [20, hashlib.sha256(b"jwt-for-the-stand-in").hexdigest()]
        assert get(port, "/")[0] == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def test_is_not_ready_without_its_database() -> None:
    """503 with a reason while the login fails; SIGTERM still ends it."""
    with running({**ENV, "DATABASE_PORT": str(free_port())}) as (process, port):
        status, body = get(port, "/server")
        assert status == 503
        assert "refused" in body["reason"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
