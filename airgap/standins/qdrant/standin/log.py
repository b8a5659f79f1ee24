"""The server's log format on stdout: time, level, module, text."""

import datetime
import sys

LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR")
_threshold = LEVELS.index("INFO")


def set_level(name: str) -> None:
    """Takes `log_level` of the settings; an unknown level changes nothing."""
    global _threshold
    if name.upper() in LEVELS:
        _threshold = LEVELS.index(name.upper())


def write(level: str, module: str, text: str) -> None:
    if LEVELS.index(level) < _threshold:
        return
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    sys.stdout.write(f"{now} {level:>5} {module}: {text}\n")
    sys.stdout.flush()


def info(module: str, text: str) -> None:
    write("INFO", module, text)


def warn(module: str, text: str) -> None:
    write("WARN", module, text)


def error(module: str, text: str) -> None:
    write("ERROR", module, text)
