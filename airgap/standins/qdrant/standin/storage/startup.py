"""The storage and snapshots directories at start, in the server's order: stale temp directories go (exit 1), the raft
state is read or made (exit 1), then collections load (exit 101), then the upload directory is made (exit 101).
"""

import json
import os
import secrets
import shutil

from .. import log
from ..failures import Panic, StartError, debug_text, os_text

_PERSISTENT = "storage::content_manager::consensus::persistent"
_MARK = "xnai_standin"


def remove_temp_directories(storage: str, snapshots: str) -> None:
    for path in (f"{snapshots}/tmp", f"{storage}/tmp"):
        if os.path.exists(path):
            try:
                shutil.rmtree(path)
            except OSError as error:
                raise StartError(
                    f"Service internal error: Failed to remove temp directory at {path}: "
                    + debug_text(error, "RemoveDir", error.filename or path)
                ) from None


def load_or_init_state(storage: str) -> dict:
    """The raft state marks whose data this is: a stand-in opens no storage of the real server.

    A directory whose owner is another and whose mode is 0700 looks empty, so the first write fails, not the reading.
    """
    path = f"{storage}/raft_state.json"
    try:
        os.makedirs(storage, exist_ok=True)
    except OSError as error:
        raise StartError(f"Service internal error: {os_text(error)}") from None
    if not os.path.exists(path):
        log.info(_PERSISTENT, f"Initializing new raft state at {path}")
        state = {"this_peer_id": secrets.randbits(52), _MARK: True}
        write_atomically(path, json.dumps(state))
        return state
    log.info(_PERSISTENT, f"Loading raft state from {path}")
    try:
        with open(path, encoding="utf-8") as file:
            state = json.load(file)
    except OSError as error:
        raise StartError(f"Service internal error: {os_text(error)}") from None
    except ValueError as error:
        raise StartError(f"Service internal error: {error}") from None
    if not state.get(_MARK):
        raise StartError(f"{storage} holds data of the real Qdrant; the stand-in does not touch it.")
    return state


def write_atomically(path: str, text: str) -> None:
    """@raises StartError naming the temporary file, as the server does"""
    temporary = os.path.join(os.path.dirname(path), ".atomicwrite" + secrets.token_hex(3))
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        where = temporary if os.path.isabs(temporary) else os.getcwd() + "/" + temporary
        raise StartError(f'Service internal error: Failed to write file: {os_text(error)} at path "{where}"') from None


def make_folders(storage: str) -> None:
    for folder in ("collections", "aliases"):
        try:
            os.makedirs(f"{storage}/{folder}", exist_ok=True)
        except OSError as error:
            raise Panic(
                "file lib/storage/src/content_manager/toc/mod.rs at line 127",
                f"Can't create {folder} directory: {debug_text(error, 'CreateDir', f'{storage}/{folder}')}",
            ) from None
    aliases = f"{storage}/aliases/data.json"
    if not os.path.exists(aliases):
        write_atomically(aliases, "{}")


def make_upload_directory(snapshots: str) -> None:
    """The server does this last, when its collections are loaded."""
    for what, path in (("snapshots temp", f"{snapshots}/tmp"), ("upload", f"{snapshots}/tmp/upload")):
        try:
            os.makedirs(path, exist_ok=True)
        except OSError as error:
            raise Panic(
                "file src/actix/mod.rs at line 74",
                "called `Result::unwrap()` on an `Err` value: ServiceError { error: "
                f'"Failed to create {what} directory at {path}: {debug_text(error, "CreateDir", path)}" }}',
            ) from None


def remove_indicator() -> None:
    if not os.path.exists(_indicator()):
        return
    try:
        os.remove(_indicator())
    except OSError as error:
        log.warn("qdrant::startup", f"Failed to remove init file indicator: {os_text(error)}")


def touch_indicator() -> None:
    try:
        with open(_indicator(), "w", encoding="utf-8"):
            pass
    except OSError as error:
        path = _indicator()
        log.warn(
            "qdrant::startup",
            f"Failed to create init file indicator: failed to open file `{path}`: {os_text(error)}",
        )


def _indicator() -> str:
    return os.environ.get("QDRANT_INIT_FILE_PATH", ".qdrant-initialized")
