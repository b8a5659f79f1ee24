"""All collections of the storage directory. Each appears and disappears in one step, whenever the process ends."""

import os
import re
import shutil
import threading

from .. import log
from .collection import Collection, create_files, vector_params
from ..errors import ApiError, collection_exists, no_collection

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


class Registry:
    def __init__(self, storage: str) -> None:
        """@raises Panic when a collection cannot be opened"""
        self._storage = storage
        self._changing = threading.Lock()
        self._collections: dict[str, Collection] = {}
        for leftover in os.listdir(storage):
            if leftover.startswith((".creating-", ".deleting-")):
                shutil.rmtree(f"{storage}/{leftover}", ignore_errors=True)
        for name in sorted(os.listdir(f"{storage}/collections")):
            log.info("storage::content_manager::toc", f"Loading collection: {name}")
            self._collections[name] = Collection(self._path(name), name)

    def _path(self, name: str) -> str:
        return f"{self._storage}/collections/{name}"

    def names(self) -> list[str]:
        return sorted(self._collections)

    def get(self, name: str) -> Collection:
        """@raises ApiError 404"""
        try:
            return self._collections[name]
        except KeyError:
            raise no_collection(name) from None

    def exists(self, name: str) -> bool:
        return name in self._collections

    def create(self, name: str, config: dict) -> None:
        """@raises ApiError 400, 409, 422, 501"""
        if not name or name in (".", "..") or len(name.encode()) > 255 or _FORBIDDEN.search(name):
            raise ApiError(422, f"Validation error in path parameters: [name: {name!r} is not a valid collection name]")
        vector_params(config)
        with self._changing:
            if self.exists(name):
                raise collection_exists(name)
            making = f"{self._storage}/.creating-{name}"
            try:
                create_files(making, config)
                os.rename(making, self._path(name))
            except OSError as error:
                shutil.rmtree(making, ignore_errors=True)
                raise ApiError(500, f"Service internal error: {error.strerror} (os error {error.errno})") from error
            _sync(f"{self._storage}/collections")
            self._collections[name] = Collection(self._path(name), name)

    def delete(self, name: str) -> bool:
        with self._changing:
            collection = self._collections.pop(name, None)
            if collection is None:
                return False
            collection.close()
            going = f"{self._storage}/.deleting-{name}"
            os.rename(self._path(name), going)
            _sync(f"{self._storage}/collections")
            shutil.rmtree(going)
            return True

    def flush(self) -> None:
        for collection in list(self._collections.values()):
            try:
                collection.flush()
            except ApiError as error:
                if error.status != 404:  # deleted meanwhile
                    log.error("collection::update_workers", f"Failed to flush {collection.name}: {error}")

    def close(self) -> None:
        for collection in list(self._collections.values()):
            collection.close()


def _sync(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
