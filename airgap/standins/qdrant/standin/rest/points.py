"""Points in and out: JSON bodies to the engine's requests, its records to JSON."""

from qdrant_edge import CountRequest, Point, Query, QueryRequest, ScrollRequest, SearchParams, UpdateOperation

from ..errors import ApiError, bad_body, not_here
from ..storage.collection import Collection
from ..storage.registry import Registry
from .filters import point_id, to_filter


def upsert(collection: Collection, body: dict, wait: bool) -> dict:
    points = [_point(collection, one) for one in _given_points(body)]
    return collection.update(UpdateOperation.upsert_points(points), wait)


def _given_points(body: dict) -> list:
    if isinstance(body.get("points"), list):
        return body["points"]
    batch = body.get("batch")
    if isinstance(batch, dict):
        ids, vectors = batch.get("ids") or [], batch.get("vectors") or []
        payloads = batch.get("payloads") or [None] * len(ids)
        if isinstance(vectors, dict):
            vectors = [{name: rows[i] for name, rows in vectors.items()} for i in range(len(ids))]
        if not len(ids) == len(vectors) == len(payloads):
            raise bad_body("number of ids, vectors and payloads must be equal")
        return [{"id": i, "vector": v, "payload": p} for i, v, p in zip(ids, vectors, payloads, strict=True)]
    raise bad_body("data did not match any variant of untagged enum PointInsertOperations")


def _point(collection: Collection, given: object) -> Point:
    if not isinstance(given, dict) or "id" not in given or "vector" not in given:
        raise bad_body("a point needs id and vector")
    payload = given.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise bad_body("payload: expected a JSON object")
    collection.check_vector(given["vector"])
    return Point(point_id(given["id"]), given["vector"], payload)


def delete(collection: Collection, body: dict, wait: bool) -> dict:
    if isinstance(body.get("points"), list):
        return collection.update(UpdateOperation.delete_points([point_id(one) for one in body["points"]]), wait)
    if body.get("filter") is not None:
        return collection.update(UpdateOperation.delete_points_by_filter(to_filter(body["filter"])), wait)
    raise bad_body("expected points or filter")


def retrieve(collection: Collection, body: dict) -> list[dict]:
    ids = body.get("ids")
    if not isinstance(ids, list):
        raise bad_body("missing field `ids`")
    wanted = [point_id(one) for one in ids]
    found = collection.run(lambda s: s.retrieve(wanted, _payload(body, True), _vectors(body)))
    return [record(one) for one in found]


def retrieve_one(collection: Collection, reference: str) -> dict:
    wanted = point_id(int(reference) if reference.isdecimal() else reference)
    found = collection.run(lambda s: s.retrieve([wanted], True, True))
    if not found:
        raise ApiError(404, f"Not found: Point with id {reference} does not exists!")
    return record(found[0])


def scroll(collection: Collection, body: dict) -> dict:
    offset = body.get("offset")
    request = ScrollRequest(
        offset=None if offset is None else point_id(offset),
        limit=_limit(body),
        filter=to_filter(body.get("filter")),
        with_payload=_payload(body, True),
        with_vector=_vectors(body),
    )
    found, following = collection.run(lambda s: s.scroll(request))
    return {"points": [record(one) for one in found], "next_page_offset": _id(following)}


def count(collection: Collection, body: dict) -> dict:
    request = CountRequest(exact=body.get("exact", True), filter=to_filter(body.get("filter")))
    return {"count": collection.run(lambda s: s.count(request))}


def has(registry: Registry, name: str, values: dict) -> bool:
    """Whether a collection has a point with these values in its payload; one that is not there has none."""
    conditions = [{"key": key, "match": {"value": value}} for key, value in values.items()]
    return registry.exists(name) and count(registry.get(name), {"filter": {"must": conditions}})["count"] > 0


def search(collection: Collection, body: dict) -> list[dict]:
    vector = body.get("vector")
    if isinstance(vector, dict):
        return _nearest(collection, body, vector.get("vector"), vector.get("name"))
    return _nearest(collection, body, vector, None)


def query(collection: Collection, body: dict) -> dict:
    wanted = body.get("query")
    if body.get("prefetch") is not None:
        raise not_here("prefetch")
    if isinstance(wanted, dict) and set(wanted) == {"nearest"}:
        wanted = wanted["nearest"]
    if not isinstance(wanted, list):
        raise not_here("a query other than by a dense vector")
    return {"points": _nearest(collection, body, wanted, body.get("using"))}


def _nearest(collection: Collection, body: dict, vector: object, using: str | None) -> list[dict]:
    collection.check_vector(vector if using is None else {using: vector})
    params = body.get("params") or {}
    request = QueryRequest(
        limit=_limit(body),
        offset=body.get("offset") or 0,
        query=Query.Nearest(vector, using),
        filter=to_filter(body.get("filter")),
        score_threshold=body.get("score_threshold"),
        params=SearchParams(hnsw_ef=params.get("hnsw_ef"), exact=bool(params.get("exact"))),
        with_payload=_payload(body, False),
        with_vector=_vectors(body),
    )
    found = collection.run(lambda s: s.query(request))
    return [{**record(one), "version": one.version, "score": one.score} for one in found]


def record(found: object) -> dict:
    out = {"id": _id(found.id), "payload": found.payload}
    if found.vector is not None:
        out["vector"] = found.vector
    return out


def _id(value: object) -> int | str | None:
    return value if value is None or isinstance(value, int) else str(value)


def _limit(body: dict) -> int:
    limit = body.get("limit", 10)
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ApiError(422, f"Validation error in JSON body: [limit: value {limit} invalid, must be 1 or larger]")
    return limit


def _payload(body: dict, default: bool) -> bool | list:
    wanted = body.get("with_payload", default)
    if isinstance(wanted, dict) and set(wanted) == {"include"}:
        wanted = wanted["include"]
    if isinstance(wanted, (bool, list)):
        return wanted
    raise not_here("with_payload other than true, false or a list of fields")


def _vectors(body: dict) -> bool | list:
    wanted = body.get("with_vector", body.get("with_vectors", False))
    return wanted if isinstance(wanted, list) else bool(wanted)
