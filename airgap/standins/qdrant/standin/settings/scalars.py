"""How the server's YAML reader and configuration library turn an unquoted value into text.

This is the trap behind "always quote keys": `0123456789` is a number, so as a string setting it becomes `123456789`.
Pure, no dependencies.
"""

import re

Value = str | int | float | bool | None

_INTEGER = re.compile(r"[-+]?[0-9]+$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")


def plain(text: str) -> Value:
    """The value of an unquoted YAML scalar (YAML 1.2 core, 64-bit integers)."""
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    for prefix, base in (("0x", 16), ("0o", 8)):
        if text.startswith(prefix):
            try:
                return _fits(int(text[2:], base), text)
            except ValueError:
                return text
    if _INTEGER.match(text):
        return _fits(int(text), text)
    if _FLOAT.match(text):
        return float(text)
    return text


def _fits(number: int, text: str) -> Value:
    return number if -(2**63) <= number < 2**63 else float(text) if _FLOAT.match(text) else text


def as_text(value: Value) -> str | None:
    """What a setting of type string holds after such a value."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    return str(value)


def _float_text(value: float) -> str:
    """Shortest digits that give the same number, never with an exponent."""
    mantissa, _, exponent = repr(value).partition("e")
    if exponent and int(exponent) > 0:
        whole, _, fraction = mantissa.partition(".")
        return whole + fraction.ljust(int(exponent), "0")
    return mantissa.removesuffix(".0") if not exponent else f"{value:.20f}".rstrip("0")


def as_bool(value: Value) -> bool:
    """@raises ValueError for anything that is not a truth value"""
    text = (as_text(value) or "").lower()
    if text in ("true", "1", "on", "yes"):
        return True
    if text in ("false", "0", "off", "no", ""):
        return False
    raise ValueError(f'invalid type: string "{text}", expected a boolean')


def as_int(value: Value) -> int:
    """@raises ValueError for anything that is not a whole number"""
    try:
        return int(as_text(value) or "")
    except ValueError:
        raise ValueError(f'invalid type: string "{as_text(value)}", expected an integer') from None
