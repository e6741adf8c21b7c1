"""The lab's server is asked for its lessons: itself, and nobody else."""

import json
import runpy
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from swimlanes import course

OWN_CERTIFICATE = Path(__file__).parents[3] / "image/settings/own_certificate.py"
ASKED = ("DELETE", "/user/ada/api/sessions/a%20b?no_track_activity=1", "token secret")


class Answering(BaseHTTPRequestHandler):
    """Notes what it is asked for, and answers as its server is told to."""

    def answer(self):
        self.server.asked.append((self.command, self.path, self.headers.get("Authorization")))
        self.wfile.write(self.server.says)

    do_GET = do_DELETE = do_CONNECT = answer

    def log_message(self, *_):
        pass


@pytest.fixture
def listening():
    """Return a function that starts a server; with a certificate, it takes TLS alone."""
    started = []

    def start(says, certificate=None):
        server = ThreadingHTTPServer(("0.0.0.0", 0), Answering)
        server.asked, server.says = [], says
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.fixture
def lab(listening, tmp_path, monkeypatch):
    """Return a function that starts a lab's server, and gives it and a proxy on its way."""

    def start(says, certificate=None):
        proxy = listening(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        for scheme in ("http", "https", "all"):
            monkeypatch.setenv(f"{scheme}_proxy", f"http://127.0.0.1:{proxy.server_port}")
        monkeypatch.setenv("no_proxy", "hub")
        server = listening(says, certificate)
        told = {
            "url": f"http://0a1b2c3d4e5f:{server.server_port}/user/ada/",
            "hostname": "0.0.0.0",
            "port": server.server_port,
            "base_url": "/user/ada/",
            "secure": bool(certificate),
            "token": "secret",
        }
        (tmp_path / "jpserver-1.json").write_text(json.dumps(told))
        monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
        monkeypatch.setenv("JPY_PARENT_PID", "1")
        return server, proxy

    return start


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """Return the file of the certificate that GEN_CERT makes, which nobody knows."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    config = SimpleNamespace(ServerApp=SimpleNamespace())
    runpy.run_path(str(OWN_CERTIFICATE), {"get_config": lambda: config})
    return config.ServerApp.certfile


@pytest.mark.parametrize("secure", [False, True])
def test_the_server_is_asked_and_no_proxy(lab, certificate, secure):
    done = b"HTTP/1.1 204 No Content\r\n\r\n"
    server, proxy = lab(done, certificate if secure else None)
    course.shut_down("a b")
    assert (server.asked, proxy.asked) == ([ASKED], [])


@pytest.mark.parametrize(
    "says",
    [
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{}/\r\n\r\n",
        b"HTTP/1.1 403 Forbidden\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nno JSON",
        b"220 no HTTP\r\n",
        b"",
    ],
)
def test_another_answer_is_one_sentence_and_the_token_goes_nowhere_else(lab, listening, says):
    elsewhere = listening(b"HTTP/1.1 200 OK\r\n\r\n{}")
    server, proxy = lab(says.replace(b"{}", str(elsewhere.server_port).encode()))
    with pytest.raises(course.NoServer, match="choose Kernel, Shut Down Kernel in its menu"):
        course.shut_down("a b")
    assert (server.asked, proxy.asked, elsewhere.asked) == ([ASKED], [], [])
