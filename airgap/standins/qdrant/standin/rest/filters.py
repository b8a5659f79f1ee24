"""JSON filters to the engine's classes: must, should, must_not with match, range, is_empty, is_null, has_id, nested."""

from uuid import UUID

from qdrant_edge import (
    FieldCondition,
    Filter,
    HasIdCondition,
    IsEmptyCondition,
    IsNullCondition,
    MatchAny,
    MatchExcept,
    MatchText,
    MatchValue,
    NestedCondition,
    RangeDateTime,
    RangeFloat,
)

from ..errors import bad_body, not_here

_MATCHES = {"value": MatchValue, "any": MatchAny, "except": MatchExcept, "text": MatchText}
_BOUNDS = ("gt", "gte", "lt", "lte")


def point_id(value: object) -> int | UUID:
    """@raises ApiError 400"""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**64:
        return value
    try:
        if isinstance(value, str):
            return UUID(value)
    except ValueError:
        pass
    raise bad_body(f"value {value} is not a valid point ID, valid values are either an unsigned integer or a UUID")


def to_filter(given: object) -> Filter | None:
    """@raises ApiError 400 on what is no filter, 501 on conditions that the stand-in does not know"""
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad_body("invalid type: expected struct Filter")
    unknown = set(given) - {"must", "should", "must_not"}
    if unknown:
        raise not_here(f"filter clause {', '.join(sorted(unknown))}")
    return Filter(**{clause: _conditions(conditions) for clause, conditions in given.items() if conditions is not None})


def _conditions(given: object) -> list:
    return [_condition(one) for one in (given if isinstance(given, list) else [given])]


def _condition(given: object) -> object:
    if not isinstance(given, dict):
        raise bad_body("invalid type: expected a condition")
    if given.keys() & {"must", "should", "must_not", "min_should"}:
        return to_filter(given)
    if "has_id" in given:
        return HasIdCondition({point_id(one) for one in given["has_id"]})
    if "is_empty" in given:
        return IsEmptyCondition(given["is_empty"]["key"])
    if "is_null" in given:
        return IsNullCondition(given["is_null"]["key"])
    if "nested" in given:
        return NestedCondition(given["nested"]["key"], to_filter(given["nested"]["filter"]))
    if isinstance(given.get("key"), str):
        if "match" in given:
            return FieldCondition(given["key"], match=_match(given["match"]))
        if "range" in given:
            return FieldCondition(given["key"], range=_range(given["range"]))
    raise not_here(f"filter condition {', '.join(sorted(given))}")


def _match(given: object) -> object:
    if isinstance(given, dict) and len(given) == 1:
        kind, value = next(iter(given.items()))
        if kind in _MATCHES:
            return _MATCHES[kind](value)
    raise not_here(f"match {given}")


def _range(given: object) -> object:
    if not isinstance(given, dict) or set(given) - set(_BOUNDS):
        raise bad_body("invalid range")
    bounds = {bound: value for bound, value in given.items() if value is not None}
    if any(isinstance(value, str) for value in bounds.values()):
        return RangeDateTime(**bounds)
    return RangeFloat(**bounds)
