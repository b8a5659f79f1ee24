"""Who may do what. Pure.

Keeps the server's dangers: with no key set everything is open, and a key set to nothing is a key, which an empty
`api-key:` header matches.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from .tokens import STATEFUL, BadToken, Claims, Wanted, decode, is_revoked

_OPEN_PATHS = ("/", "/healthz", "/livez", "/readyz")

MISSING = "Must provide an API key or an Authorization bearer token"
INVALID = "Invalid API key or JWT"
READ_ONLY = "Forbidden: Global manage access is required"


@dataclass(frozen=True)
class Keys:
    read_write: tuple[str, ...]
    read_only: str | None
    tokens: bool
    """Whether tokens that are signed with a key count."""

    @property
    def none_set(self) -> bool:
        return not self.read_write and self.read_only is None


def keys(api_key: str | None, alt_api_key: str | None, read_only_api_key: str | None, tokens: bool) -> Keys:
    return Keys(tuple(key for key in (api_key, alt_api_key) if key is not None), read_only_api_key, tokens)


@dataclass(frozen=True)
class Verdict:
    refusal: tuple[int, str] | None
    """The status and the sentence to answer with (401: plain, 403: JSON); None when the request may go on."""
    claims: Claims | None = None
    """Of the token that it came with."""


def check(
    known: Keys,
    path: str,
    header: Callable[[str], str | None],
    wanted: Wanted,
    exists: Callable[[str, dict], bool],
) -> Verdict:
    """@param exists whether a collection has a point with these values in its payload"""
    if known.none_set or path in _OPEN_PATHS:
        return Verdict(None)
    given = header("api-key")
    if given is None:
        bearer = header("authorization")
        given = bearer[len("Bearer ") :] if bearer is not None and bearer.startswith("Bearer ") else None
    if given is None:
        return Verdict((401, MISSING))
    if any(_same(given, key) for key in known.read_write):
        return Verdict(None)
    if known.read_only is not None and _same(given, known.read_only):
        return Verdict((403, READ_ONLY) if wanted.writes else None)
    return _by_token(given, known, wanted, exists)


def _by_token(given: str, known: Keys, wanted: Wanted, exists: Callable[[str, dict], bool]) -> Verdict:
    try:
        claims = decode(given, known.read_write) if known.tokens else None
    except BadToken as error:
        return Verdict((403, str(error)))
    if claims is None:
        return Verdict((401, INVALID))
    if is_revoked(claims, exists):
        return Verdict((401, STATEFUL))
    refusal = claims.refusal(wanted)
    return Verdict((403, refusal) if refusal is not None else None, claims)


def _same(a: str, b: str) -> bool:
    return hmac.compare_digest(a.encode(), b.encode())
