"""Stands in for the application in a pod: asserts its environment, logs in to its PostgreSQL, answers GET /server.

One file and the standard library alone, so that `python3 -c` can run it in any Python image. Kubernetes rewrites a
dollar sign before a parenthesis or another dollar sign in a command: none is in here (tested).
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import secrets
import signal
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Mapping
from typing import Any, NamedTuple

KEYS = ("JWT_SECRET", "API_KEY_SECRET", "DATABASE_PASSWORD", "ADMIN_PASSWORD")
SETTINGS = ("DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USERNAME")
# Whoever writes the Secret must not be able to set these.
FORBIDDEN = ("LD_", "NODE_OPTIONS", "PYTHONPATH", "PYTHONSTARTUP")
SECONDS = 4.0


class Refused(Exception):
    """The database did not let us in; the message holds no secret."""


class Database(NamedTuple):
    """What is needed to log in."""

    host: str
    port: int
    name: str
    user: str
    password: str
    tls: ssl.SSLContext | None = None


# --- the environment -------------------------------------------------------------------------------------------------


def complaints(env: Mapping[str, str]) -> list[str]:
    """What is wrong with an environment, without any value: empty counts as unset, as for the application."""
    missing = [f"{name} is not set" for name in KEYS + SETTINGS if not env.get(name, "").strip()]
    forbidden = [f"{name} is set" for name in sorted(env) if name.startswith(FORBIDDEN)]
    port = env.get("DATABASE_PORT", "")
    return missing + forbidden + ([] if not port or port.isdigit() else ["DATABASE_PORT is no number"])


def database(env: Mapping[str, str]) -> Database:
    """The one that the environment describes."""
    host, port, name, user = (env[setting] for setting in SETTINGS)
    return Database(host, int(port), name, user, env["DATABASE_PASSWORD"], tls(env))


def tls(env: Mapping[str, str]) -> ssl.SSLContext | None:
    """As the application has it: a certificate is the text itself or the path of a file."""
    if env.get("DATABASE_SSL", "").lower() != "true":
        return None
    authority = env.get("DATABASE_SSL_CA", "")
    text = authority if authority.startswith("-----BEGIN") else None
    context = ssl.create_default_context(cafile=None if text else authority or None, cadata=text)
    if env.get("DATABASE_SSL_INSECURE", "").lower() == "true":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def told(env: Mapping[str, str]) -> dict[str, list[Any]]:
    """Length and digest of each key, for a test to compare with what it put in."""
    return {key: [len(env[key]), hashlib.sha256(env[key].encode()).hexdigest()] for key in KEYS}


# --- PostgreSQL's protocol, version 3 --------------------------------------------------------------------------------


def log_in(where: Database) -> None:
    """Returns once the server takes a query; raises Refused with the reason else."""
    try:
        with socket.create_connection((where.host, where.port), SECONDS) as plain, wrapped(plain, where) as connection:
            parameters = f"user\0{where.user}\0database\0{where.name}\0\0".encode()
            connection.sendall(struct.pack("!ii", len(parameters) + 8, 3 << 16) + parameters)
            while authenticated(connection, where):
                pass
            while received(connection)[0] != b"Z":
                pass
            send(connection, b"X")
    except (OSError, ValueError, struct.error) as error:
        raise Refused(f"{where.host}:{where.port}: {type(error).__name__}: {error}") from error


def wrapped(plain: socket.socket, where: Database) -> socket.socket:
    """The connection itself, or TLS on it."""
    if where.tls is None:
        return plain
    plain.sendall(struct.pack("!ii", 8, 80877103))
    if exactly(plain, 1) != b"S":
        raise Refused("the server speaks no TLS")
    return where.tls.wrap_socket(plain, server_hostname=where.host)


def authenticated(connection: socket.socket, where: Database) -> bool:
    """One step of the login; false once the server is content."""
    kind, rest = asked(connection)
    if kind == 3:
        send(connection, b"p", where.password.encode() + b"\0")
    elif kind == 5:
        send(connection, b"p", md5(where, rest) + b"\0")
    elif kind == 10 and b"SCRAM-SHA-256" in rest.split(b"\0"):
        scram(connection, where.password)
    elif kind != 0:
        raise Refused(f"the server asks for a login of kind {kind}")
    return kind != 0


def md5(where: Database, salt: bytes) -> bytes:
    """What the server's old way asks for."""
    inner = hashlib.md5((where.password + where.user).encode()).hexdigest()  # noqa: S324 (the server's choice)
    return b"md5" + hashlib.md5(inner.encode() + salt).hexdigest().encode()  # noqa: S324 (the same)


def scram(connection: socket.socket, password: str) -> None:
    """SCRAM-SHA-256 without channel binding, both sides proving that they know the password."""
    nonce = secrets.token_hex(18)
    opening = f"n=,r={nonce}".encode()
    send(connection, b"p", b"SCRAM-SHA-256\0" + struct.pack("!i", len(opening) + 3) + b"n,," + opening)
    challenge = answered(connection, 11)
    if not fields(challenge)["r"].startswith(nonce):
        raise Refused("the server's nonce is not ours")
    answer, expected = proof(password, opening, challenge)
    send(connection, b"p", answer)
    if not hmac.compare_digest(base64.b64decode(fields(answered(connection, 12))["v"]), expected):
        raise Refused("the server does not know the password itself")


def proof(password: str, opening: bytes, challenge: bytes) -> tuple[bytes, bytes]:
    """The answer to a challenge, and the signature that the server then has to show."""
    given = fields(challenge)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(given["s"]), int(given["i"]))
    key = mac(salted, b"Client Key")
    final = f"c=biws,r={given['r']}".encode()
    messages = b",".join((opening, challenge, final))
    signature = mac(hashlib.sha256(key).digest(), messages)
    shown = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True)))
    return final + b",p=" + shown, mac(mac(salted, b"Server Key"), messages)


def mac(key: bytes, text: bytes) -> bytes:
    """HMAC-SHA-256."""
    return hmac.new(key, text, "sha256").digest()


def fields(message: bytes) -> dict[str, str]:
    """`r=…,s=…,i=…`."""
    return dict(part.split("=", 1) for part in message.decode().split(",") if "=" in part)


def asked(connection: socket.socket) -> tuple[int, bytes]:
    """What kind of login the server asks for, and what it adds to that."""
    kind, body = received(connection)
    if kind != b"R":
        raise Refused(f"the server sent {kind!r} where a login was expected")
    return int(struct.unpack("!i", body[:4])[0]), body[4:]


def answered(connection: socket.socket, wanted: int) -> bytes:
    """The server's next message of the exchange."""
    kind, rest = asked(connection)
    if kind != wanted:
        raise Refused(f"the server sent step {kind} where {wanted} was expected")
    return rest


def received(connection: socket.socket) -> tuple[bytes, bytes]:
    """The next message; an error of the server is raised."""
    kind = exactly(connection, 1)
    body = exactly(connection, int(struct.unpack("!i", exactly(connection, 4))[0]) - 4)
    if kind == b"E":
        told = {part[:1]: part[1:].decode(errors="replace") for part in body.split(b"\0") if part}
        raise Refused(f"the server says {told.get(b'C', '')}: {told.get(b'M', '')}")
    return kind, body


def send(connection: socket.socket, kind: bytes, body: bytes = b"") -> None:
    """One message."""
    connection.sendall(kind + struct.pack("!i", len(body) + 4) + body)


def exactly(connection: socket.socket, size: int) -> bytes:
    """That many bytes."""
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise Refused("the server hung up")
        data += more
    return data


# --- the service -----------------------------------------------------------------------------------------------------


class Login:
    """Whether the database has let us in: asked until it did, like the application's migration at its start."""

    def __init__(self, where: Database) -> None:
        self.where, self.done = where, False

    def reason(self) -> str:
        """Why not, or nothing."""
        if not self.done:
            try:
                log_in(self.where)
            except Refused as refused:
                return str(refused)
            self.done = True
        return ""


class Handler(http.server.BaseHTTPRequestHandler):
    """GET /server, as the probes ask it, and GET /env-lengths for a test."""

    login: Login
    env: Mapping[str, str]

    def do_GET(self) -> None:
        """Both are JSON and hold no secret."""
        if self.path == "/server":
            reason = self.login.reason()
            self.say(503 if reason else 200, {"reason": reason} if reason else self.facts())
        elif self.path == "/env-lengths":
            self.say(200, told(self.env))
        else:
            self.say(404, {"reason": "no such page"})

    def facts(self) -> dict[str, Any]:
        """Where we are logged in."""
        where = self.login.where
        return {"host": where.host, "port": where.port, "name": where.name, "user": where.user, "tls": bool(where.tls)}

    def say(self, status: int, body: Mapping[str, Any]) -> None:
        """Answer, and note in the log why not."""
        text = json.dumps(body).encode()
        if "reason" in body:
            self.log_error("%s", body["reason"])
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def serve(env: Mapping[str, str]) -> None:
    """Until SIGTERM or SIGINT."""
    Handler.env, Handler.login = env, Login(database(env))
    # All addresses: the probes come from the node.
    server = http.server.ThreadingHTTPServer(("", int(env.get("PORT") or 3000)), Handler)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    sys.stderr.write(f"stand-in: listening on {server.server_port}\n")
    server.serve_forever(poll_interval=0.1)


def main(env: Mapping[str, str]) -> int:
    """1 where the environment is none that the application could run with."""
    wrong = complaints(env)
    sys.stderr.write("".join(f"stand-in: {complaint}\n" for complaint in wrong))
    if not wrong:
        serve(env)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
