"""How the server dies at start: exit 1 for an error it reports, exit 101 for a panic. And how it spells OS errors."""

import errno
import sys

from . import log

_KINDS = {
    errno.EACCES: "PermissionDenied",
    errno.EPERM: "PermissionDenied",
    errno.EROFS: "ReadOnlyFilesystem",
    errno.ENOENT: "NotFound",
    errno.ENOSPC: "StorageFull",
    errno.EAGAIN: "WouldBlock",
}


class StartError(Exception):
    """Ends the process with exit code 1 and `Error: ...` on stderr."""

    def exit(self) -> None:
        sys.stderr.write(f"Error: {self}\n")
        sys.exit(1)


class Panic(Exception):
    """Ends the process with exit code 101; `place` is the server's source file and line, for the same message."""

    def __init__(self, place: str, text: str) -> None:
        super().__init__(text)
        self.place = place

    def exit(self) -> None:
        log.error("qdrant::startup", "Panic backtrace: \n   0: (stand-in: no backtrace)")
        log.error("qdrant::startup", f"Panic occurred in {self.place}: {self}")
        sys.exit(101)


def os_text(error: OSError) -> str:
    """`Permission denied (os error 13)`"""
    return f"{error.strerror} (os error {error.errno})"


def debug_text(error: OSError, operation: str, path: str) -> str:
    """The Debug form of an I/O error of `operation` (such as OpenFile) on `path`."""
    kind = _KINDS.get(error.errno, "Other")
    source = f'Os {{ code: {error.errno}, kind: {kind}, message: "{error.strerror}" }}'
    return (
        f"Custom {{ kind: {kind}, error: Error {{ kind: {operation}, source: {source}, "
        f'path: "{path}" }} }}'
    )
