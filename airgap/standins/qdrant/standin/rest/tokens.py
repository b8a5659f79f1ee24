"""Tokens (JWT, HS256, signed with the key), and what they let their owner do. Pure but for `value_exists`, which is asked for.

As the server has it in lib/storage/src/rbac and src/common/auth (1.19); `payload` of an access is not in the stand-in.
"""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

STATEFUL = "Invalid JWT, stateful validation failed"
_GLOBAL_MANAGE = "Forbidden: Global manage access is required"
_GLOBAL = "Forbidden: Global access is required"
_MANAGE = "Forbidden: Manage access for this operation is required"
_LEEWAY_SECONDS = 30


class BadToken(Exception):
    """The sentence to answer with, as 403."""


@dataclass(frozen=True)
class Wanted:
    """What a request needs."""

    collection: str | None
    """None: of no single one."""
    writes: bool
    manages: bool
    """Makes or removes a collection."""
    lists: bool
    """Names collections: everybody with a token may, and sees his own."""


@dataclass(frozen=True)
class Claims:
    access: object
    """ "r", "m", or a list of {"collection", "access"}. """
    value_exists: dict | None

    def refusal(self, wanted: Wanted) -> str | None:
        if isinstance(self.access, str):
            return _GLOBAL_MANAGE if self.access == "r" and wanted.writes else None
        if wanted.lists:
            return None
        if wanted.collection is None:
            return _GLOBAL
        mode = self.collections().get(wanted.collection)
        if mode is None:
            return f"Forbidden: Access to collection {wanted.collection} is required"
        if wanted.manages:
            return _MANAGE
        if wanted.writes and mode == "r":
            return f"Forbidden: Write access to collection {wanted.collection} is required"
        return None

    def collections(self) -> dict[str, str]:
        return {each["collection"]: each["access"] for each in self.access} if isinstance(self.access, list) else {}

    def sees(self, collection: str) -> bool:
        return isinstance(self.access, str) or collection in self.collections()


def decode(text: str, keys: tuple[str, ...]) -> Claims | None:
    """None for what is no token. @raises BadToken for one that somebody else signed, or that has expired"""
    parts = text.split(".")
    if len(parts) != 3:
        return None
    try:
        header, claims = (json.loads(_bytes(part)) for part in parts[:2])
        signature = _bytes(parts[2])
    except (ValueError, binascii.Error):
        return None
    signed = f"{parts[0]}.{parts[1]}".encode()
    if header.get("alg") != "HS256":
        raise BadToken("InvalidAlgorithm")
    if not any(hmac.compare_digest(hmac.new(key.encode(), signed, hashlib.sha256).digest(), signature) for key in keys):
        raise BadToken("InvalidSignature")
    if claims.get("exp", time.time()) < time.time() - _LEEWAY_SECONDS:
        raise BadToken("ExpiredSignature")
    return Claims(claims.get("access", "m"), claims.get("value_exists"))


def is_revoked(claims: Claims, exists: Callable[[str, dict], bool]) -> bool:
    """@param exists whether a collection has a point with these values in its payload"""
    asked = claims.value_exists
    if asked is None:
        return False
    return not exists(asked["collection"], {match["key"]: match["value"] for match in asked["matches"]})


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
