"""The REST API: which call does what."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from .. import VERSION
from ..errors import not_here
from ..storage.registry import Registry
from . import points
from .tokens import Wanted

_TITLE = "qdrant - vector search engine (stand-in)"
_INSTANCE = str(uuid.uuid4())


@dataclass(frozen=True)
class Request:
    registry: Registry
    telemetry_disabled: bool
    names: tuple[str, ...]
    """What the path's wildcards stand for, percent-decoded."""
    body: dict
    wait: bool

    def collection(self):
        return self.registry.get(self.names[0])


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern
    run: Callable[[Request], object]
    writes: bool


class PlainText(str):
    """An answer that is text, not JSON in the server's envelope."""


def _route(method: str, path: str, run: Callable[[Request], object], writes: bool = False) -> Route:
    return Route(method, re.compile("^" + re.sub(r"\{[a-z]+\}", "([^/]+)", path) + "$"), run, writes)


def root() -> dict:
    return {"title": _TITLE, "version": VERSION, "commit": "", "standin": True}


def _telemetry(r: Request) -> dict:
    return {
        "id": _INSTANCE,
        "app": {"name": "qdrant", "version": VERSION},
        "collections": {"number_of_collections": len(r.registry.names())},
        "standin": {"telemetry_disabled": r.telemetry_disabled, "reports_to": None},
    }


def _metrics(r: Request) -> PlainText:
    return PlainText(
        "# HELP app_info information about qdrant server\n# TYPE app_info gauge\n"
        f'app_info{{name="qdrant",version="{VERSION}"}} 1\n'
        "# HELP collections_total number of collections\n# TYPE collections_total gauge\n"
        f"collections_total {len(r.registry.names())}\n"
    )


def _collection_info(r: Request) -> dict:
    collection = r.collection()
    info = collection.run(lambda shard: shard.info())
    return {
        "status": "green",
        "optimizer_status": "ok",
        "indexed_vectors_count": info.indexed_vectors_count,
        "points_count": info.points_count,
        "segments_count": info.segments_count,
        "config": {"params": {"vectors": collection.config["vectors"], "shard_number": 1, "replication_factor": 1}},
        "payload_schema": {},
    }


def _create(r: Request) -> bool:
    r.registry.create(r.names[0], r.body)
    return True


def _absent(what: str) -> Callable[[Request], object]:
    def refuse(_: Request) -> object:
        raise not_here(what)

    return refuse


_ONE = "/collections/{name}"
_METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
_REST = "/(?:collections|aliases|cluster|logger|snapshots|issues)(?:/.*)?"
"""Calls of the server that the stand-in lacks: they answer 501, an unknown path 404."""
_SNAPSHOTS = "snapshots (the engine cannot make them)"

ROUTES = (
    _route("GET", "/healthz", lambda r: PlainText("healthz check passed")),
    _route("GET", "/livez", lambda r: PlainText("healthz check passed")),
    _route("GET", "/readyz", lambda r: PlainText("all shards are ready")),
    _route("GET", "/telemetry", _telemetry),
    _route("GET", "/metrics", _metrics),
    _route("GET", "/collections", lambda r: {"collections": [{"name": name} for name in r.registry.names()]}),
    _route("GET", _ONE, _collection_info),
    _route("PUT", _ONE, _create, writes=True),
    _route("DELETE", _ONE, lambda r: r.registry.delete(r.names[0]), writes=True),
    _route("GET", _ONE + "/exists", lambda r: {"exists": r.registry.exists(r.names[0])}),
    _route("PUT", _ONE + "/points", lambda r: points.upsert(r.collection(), r.body, r.wait), writes=True),
    _route("POST", _ONE + "/points", lambda r: points.retrieve(r.collection(), r.body)),
    _route("POST", _ONE + "/points/delete", lambda r: points.delete(r.collection(), r.body, r.wait), writes=True),
    _route("POST", _ONE + "/points/scroll", lambda r: points.scroll(r.collection(), r.body)),
    _route("POST", _ONE + "/points/count", lambda r: points.count(r.collection(), r.body)),
    _route("POST", _ONE + "/points/search", lambda r: points.search(r.collection(), r.body)),
    _route("POST", _ONE + "/points/query", lambda r: points.query(r.collection(), r.body)),
    _route("GET", _ONE + "/points/{id}", lambda r: points.retrieve_one(r.collection(), r.names[1])),
    _route("GET", "/snapshots", lambda r: []),
    _route("GET", _ONE + "/snapshots", lambda r: r.collection() and []),
    _route("POST", "/snapshots", _absent(_SNAPSHOTS), writes=True),
    _route("POST", _ONE + "/snapshots", _absent(_SNAPSHOTS), writes=True),
    *(_route(method, _REST, _absent("this call"), writes=method != "GET") for method in _METHODS),
)


def wanted(found: tuple[Route, tuple[str, ...]] | None, path: str) -> Wanted:
    """What a request needs, for who comes with a token."""
    parts = path.split("/")
    route = found[0] if found is not None else None
    whole = len(parts) == 3
    return Wanted(
        collection=parts[2] if parts[1] == "collections" and len(parts) > 2 else None,
        writes=route is not None and route.writes,
        manages=route is not None and route.writes and whole,
        lists=path == "/collections",
    )


def only(listed: dict, sees: Callable[[str], bool]) -> dict:
    """A list of collections, without those that somebody may not see."""
    return {"collections": [each for each in listed["collections"] if sees(each["name"])]}


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    for route in ROUTES:
        match = route.pattern.match(path)
        if match and route.method == method:
            return route, tuple(match.groups())
    return None
