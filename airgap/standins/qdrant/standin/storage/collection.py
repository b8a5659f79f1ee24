"""One collection: a directory with config.json and one shard of the engine in `0/`, as the server lays it out."""

import json
import os
import threading
from collections.abc import Callable
from typing import TypeVar

from qdrant_edge import Distance, EdgeConfig, EdgeShard, EdgeVectorParams

from ..errors import ApiError, bad_body, bad_input, engine_error, no_collection, not_here
from ..failures import Panic, debug_text

_DISTANCES = {name: getattr(Distance, name) for name in ("Cosine", "Euclid", "Dot", "Manhattan")}
_REPLICA_SET = "file lib/collection/src/shards/replica_set/mod.rs at line 312"

Result = TypeVar("Result")


def vector_params(config: dict) -> dict[str, dict]:
    """Name -> {size, distance} of the collection's vectors; the unnamed one has the name "".

    @raises ApiError 400 or 501
    """
    if config.get("sparse_vectors"):
        raise not_here("sparse vectors")
    vectors = config.get("vectors")
    if not isinstance(vectors, dict) or not vectors:
        raise bad_body("missing field `vectors`")
    named = {"": vectors} if "size" in vectors else vectors
    for params in named.values():
        if not isinstance(params, dict) or params.get("distance") not in _DISTANCES:
            raise bad_body("vectors: expected size and distance (one of Cosine, Euclid, Dot, Manhattan)")
        if isinstance(params.get("size"), bool) or not isinstance(params.get("size"), int) or params["size"] < 1:
            raise ApiError(422, "Validation error in JSON body: [vectors.size: value must be at least 1]")
    return named


def create_files(path: str, config: dict) -> None:
    """Makes the directory of a new, empty collection."""
    named = vector_params(config)
    os.makedirs(f"{path}/0")
    params = {name: EdgeVectorParams(p["size"], _DISTANCES[p["distance"]]) for name, p in named.items()}
    EdgeShard.create(f"{path}/0", EdgeConfig(vectors=params, max_search_threads=1)).close()
    with open(f"{path}/config.json", "w", encoding="utf-8") as file:
        json.dump(config, file)
        file.flush()
        os.fsync(file.fileno())


class Collection:
    """Every call into the engine goes through `run`: one at a time, with the engine's errors as API errors."""

    def __init__(self, path: str, name: str) -> None:
        """@raises Panic as the server does when it may not write the WAL, or cannot open the shard"""
        self.name = name
        self.operations = 0
        self._lock = threading.Lock()
        self._dirty = False
        shard = f"{path}/0"
        _check_wal(shard)
        try:
            with open(f"{path}/config.json", encoding="utf-8") as file:
                self.config: dict = json.load(file)
            self._shard: EdgeShard | None = EdgeShard.load(shard)
        except BaseException as error:  # a panic inside the engine is no Exception
            raise _shard_panic(shard, str(error)) from None

    def run(self, call: Callable[[EdgeShard], Result]) -> Result:
        with self._lock:
            if self._shard is None:
                raise no_collection(self.name)
            try:
                return call(self._shard)
            except ApiError:
                raise
            except Exception as error:
                raise engine_error(error) from error

    def update(self, operation: object, wait: bool) -> dict:
        """With wait, the answer means that the disk has it: update() alone writes to the page cache only."""

        def apply(shard: EdgeShard) -> dict:
            shard.update(operation)
            if wait:
                shard.flush()
            self._dirty = not wait
            self.operations += 1
            return {"operation_id": self.operations, "status": "completed" if wait else "acknowledged"}

        return self.run(apply)

    def flush(self) -> None:
        def write(shard: EdgeShard) -> None:
            if self._dirty:
                shard.flush()
                self._dirty = False

        self.run(write)

    def close(self) -> None:
        with self._lock:
            shard, self._shard = self._shard, None
        if shard is not None:
            shard.close()

    def check_vector(self, vector: object) -> None:
        """Before anything reaches the WAL. @raises ApiError 400"""
        expected = vector_params(self.config)
        named = vector if isinstance(vector, dict) else {"": vector}
        for name, values in named.items():
            if name not in expected:
                raise bad_input(f"Not existing vector name error: {name}")
            if not isinstance(values, list) or any(
                isinstance(v, bool) or not isinstance(v, (int, float)) for v in values
            ):
                raise bad_body("data did not match any variant of untagged enum VectorStruct")
            if len(values) != expected[name]["size"]:
                raise bad_input(f"Vector dimension error: expected dim: {expected[name]['size']}, got {len(values)}")


def _check_wal(shard: str) -> None:
    """The server opens the WAL before the segments, the engine after them; so this looks first."""
    wal = f"{shard}/wal"
    try:
        for name in sorted(os.listdir(wal)):
            if name.startswith(("open-", "closed-")):
                path = f"{wal}/{name}"
                os.close(os.open(path, os.O_RDWR))
    except OSError as error:
        cause = debug_text(error, "OpenFile", error.filename or wal)
        raise _shard_panic(shard, f"Wal error: Can't init WAL: {cause}") from None


def _shard_panic(shard: str, text: str) -> Panic:
    # The engine says "failed to open WAL <path>: Can't init WAL: ..." where the server says "Wal error: ...".
    if "Can't init WAL" in text:
        text = "Wal error: " + text[text.index("Can't init WAL") :]
    return Panic(_REPLICA_SET, f'Failed to load local shard "{shard}": Service internal error: {text}')
