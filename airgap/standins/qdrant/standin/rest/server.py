"""HTTP: one thread for each connection, so that /readyz answers while a collection is at work."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from .. import log
from ..errors import ApiError, bad_body
from ..settings.load import Settings
from ..storage.registry import Registry
from . import auth, points, routes

_REFUSED_BODY = 1 << 20
"""How much of a body is read from somebody who has no key, bytes."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, settings: Settings, registry: Registry) -> None:
        super().__init__((settings.host, settings.http_port), Handler)
        self.settings = settings
        self.registry = registry
        self.keys = auth.keys(settings.api_key, settings.alt_api_key, settings.read_only_api_key, settings.jwt_rbac)
        self._idle = threading.Condition()
        self._active = 0

    @contextmanager
    def request(self) -> Iterator[None]:
        """Counts a request as unfinished for as long as the block runs."""
        with self._idle:
            self._active += 1
        try:
            yield
        finally:
            with self._idle:
                self._active -= 1
                self._idle.notify_all()

    def drain(self, seconds: float) -> None:
        """Waits until every request is finished, at most so many seconds."""
        with self._idle:
            self._idle.wait_for(lambda: self._active == 0, seconds)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is not worth a stack trace."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60
    server_version = "qdrant-standin"
    sys_version = ""
    server: Server

    def handle_any(self) -> None:
        with self.server.request():
            self._handle(time.perf_counter())

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = do_OPTIONS = handle_any

    def _handle(self, started: float) -> None:
        url = urlsplit(self.path)
        path = unquote(url.path).rstrip("/") or "/"
        method = "GET" if self.command == "HEAD" else self.command
        found = routes.find(method, path)
        try:
            wanted = routes.wanted(found, path)
            has_point = partial(points.has, self.server.registry)
            verdict = auth.check(self.server.keys, path, self.headers.get, wanted, has_point)
            if verdict.refusal is not None:
                return self._refuse(*verdict.refusal)
            content = self._content(self.server.settings.max_request_bytes)
            if (method, path) == ("GET", "/"):
                return self._json(200, routes.root())
            if found is None:
                return self._send(404, b"", None)
            result = found[0].run(self._request(found[1], content, url.query))
            if wanted.lists and verdict.claims is not None:
                result = routes.only(result, verdict.claims.sees)
        except ApiError as error:
            return self._json(error.status, {"status": {"error": str(error)}, "time": time.perf_counter() - started})
        except Exception as error:
            log.error("qdrant::actix", f"{method} {path}: {type(error).__name__}: {error}")
            text = f"Service internal error: {error}"
            return self._json(500, {"status": {"error": text}, "time": time.perf_counter() - started})
        if isinstance(result, routes.PlainText):
            return self._send(200, result.encode(), "text/plain; charset=utf-8")
        self._json(200, {"result": result, "status": "ok", "time": time.perf_counter() - started})

    def _refuse(self, status: int, text: str) -> None:
        try:
            self._content(_REFUSED_BODY)
        except ApiError:
            pass  # the answer stays the refusal, and the connection ends
        if status == 401:
            return self._send(401, text.encode(), "text/plain; charset=utf-8")
        self._json(status, {"status": {"error": text}, "time": 0.0})

    def _content(self, limit: int) -> bytes:
        """@raises ApiError 411, 413; the connection ends then, for the rest of the body is not read"""
        given = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers or not given.isdecimal():
            self.close_connection = True
            raise ApiError(411, "Not in the stand-in: a body without a Content-Length")
        if int(given) > limit:
            self.close_connection = True
            raise ApiError(413, f"JSON payload ({given} bytes) is larger than allowed (limit: {limit} bytes).")
        return self.rfile.read(int(given))

    def _request(self, names: tuple[str, ...], content: bytes, query: str) -> routes.Request:
        try:
            body = json.loads(content) if content else {}
        except ValueError as error:
            raise bad_body(str(error)) from None
        if not isinstance(body, dict):
            raise bad_body("invalid type: expected a JSON object")
        wait = parse_qs(query).get("wait", ["false"])[-1] == "true"
        return routes.Request(self.server.registry, self.server.settings.telemetry_disabled, names, body, wait)

    def _json(self, status: int, body: dict) -> None:
        self._send(status, json.dumps(body, separators=(",", ":")).encode(), "application/json")

    def _send(self, status: int, body: bytes, content_type: str | None) -> None:
        self.send_response(status)
        self.send_header("X-Xnai-Standin", "qdrant")
        if content_type:
            self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        quiet = self.path in ("/", "/metrics", "/telemetry", "/healthz", "/readyz", "/livez")
        if not quiet:
            status = getattr(code, "value", code)
            log.info("actix_web::middleware::logger", f'{self.client_address[0]} "{self.command} {self.path}" {status}')

    def log_message(self, text: str, *args: object) -> None:
        log.warn("actix_http", text % args)
