"""Who may do what. Pure.

Keeps the server's dangers: with no key set everything is open, and a key set to nothing is a key, which an empty
`api-key:` header matches.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

_OPEN_PATHS = ("/", "/healthz", "/livez", "/readyz")

MISSING = "Must provide an API key or an Authorization bearer token"
INVALID = "Invalid API key or JWT"
READ_ONLY = "Forbidden: Global manage access is required"


@dataclass(frozen=True)
class Keys:
    read_write: tuple[str, ...]
    read_only: str | None

    @property
    def none_set(self) -> bool:
        return not self.read_write and self.read_only is None


def keys(api_key: str | None, alt_api_key: str | None, read_only_api_key: str | None) -> Keys:
    return Keys(tuple(key for key in (api_key, alt_api_key) if key is not None), read_only_api_key)


def check(known: Keys, path: str, header: Callable[[str], str | None], writes: bool) -> tuple[int, str] | None:
    """None when the request may go on; else the status and the sentence to answer with (401: plain, 403: JSON)."""
    if known.none_set or path in _OPEN_PATHS:
        return None
    given = header("api-key")
    if given is None:
        bearer = header("authorization")
        given = bearer[len("Bearer ") :] if bearer is not None and bearer.startswith("Bearer ") else None
    if given is None:
        return 401, MISSING
    if any(_same(given, key) for key in known.read_write):
        return None
    if known.read_only is not None and _same(given, known.read_only):
        return (403, READ_ONLY) if writes else None
    return 401, INVALID


def _same(a: str, b: str) -> bool:
    return hmac.compare_digest(a.encode(), b.encode())
