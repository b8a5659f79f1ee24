"""Settings: built-in defaults, then config/config.yaml, config/$RUN_MODE.yaml, config/local.yaml, the file given with
--config-path, then QDRANT__* variables; each overrides the ones before.

Fails OPEN, like the server: a --config-path that is missing or cannot be read is one error line in the log, and the
server starts without the key that stands in it. Unknown keys are ignored without a word.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from ..failures import StartError
from .scalars import as_bool, as_int, as_text, plain


@dataclass(frozen=True)
class Settings:
    storage_path: str
    snapshots_path: str
    host: str
    http_port: int
    max_request_bytes: int
    api_key: str | None
    alt_api_key: str | None
    read_only_api_key: str | None
    jwt_rbac: bool
    telemetry_disabled: bool
    log_level: str
    complaints: tuple[tuple[str, str], ...]
    """(level, text) of what was found while reading, to be logged once logging is set up."""


def _construct(node: yaml.Node | None) -> object:
    """Quoted scalars stay text; unquoted ones go through scalars.plain. Keys are lower-cased."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value).lower(): _construct(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_construct(value) for value in node.value]
    if isinstance(node, yaml.ScalarNode):
        return plain(node.value) if node.style is None else node.value
    return None


def parse(text: str) -> dict:
    """@raises yaml.YAMLError"""
    tree = _construct(yaml.compose(text, Loader=yaml.BaseLoader))
    return tree if isinstance(tree, dict) else {}


def _merge(into: dict, over: dict) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def from_env(env: Mapping[str, str]) -> dict:
    """QDRANT__SERVICE__API_KEY=x is service.api_key; the value is text as it stands, also when it is empty."""
    tree: dict = {}
    for name, value in env.items():
        parts = name.lower().split("__")
        if parts[0] != "qdrant" or len(parts) < 2:
            continue
        place = tree
        for part in parts[1:-1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                break
        else:
            place[parts[-1]] = value
    return tree


def _read(path: str) -> dict | None:
    """None when there is no such file or it cannot be read: the server does not tell these apart."""
    for candidate in (path, path + ".yaml", path + ".yml"):
        try:
            with open(candidate, encoding="utf-8") as file:
                return parse(file.read())
        except OSError:
            continue
    return None


def load(config_path: str | None, env: Mapping[str, str]) -> Settings:
    """@raises StartError on broken YAML and on a value of the wrong type"""
    tree: dict = {}
    complaints = []
    run_mode = env.get("RUN_MODE", "development")
    files = ["config/config", f"config/{run_mode}", "config/local"] + ([config_path] if config_path else [])
    try:
        for path in files:
            content = _read(path)
            if content is not None:
                _merge(tree, content)
            elif path == config_path:
                complaints.append(("ERROR", f"Config file via --config-path is not found: {path}"))
            elif path != "config/local":
                complaints.append(("WARN", f"Config file not found: {path}"))
        _merge(tree, from_env(env))
        return _settings(tree, tuple(complaints))
    except (yaml.YAMLError, ValueError) as error:
        raise StartError(str(error).replace("\n", " ")) from None


def _settings(tree: dict, complaints: tuple[tuple[str, str], ...]) -> Settings:
    def section(name: str) -> dict:
        value = tree.get(name)
        return value if isinstance(value, dict) else {}

    service, storage = section("service"), section("storage")
    if as_bool(service.get("enable_tls", False)):
        raise ValueError("service.enable_tls: the stand-in has no TLS")
    return Settings(
        storage_path=as_text(storage.get("storage_path")) or "./storage",
        snapshots_path=as_text(storage.get("snapshots_path")) or "./snapshots",
        host=as_text(service.get("host")) or "0.0.0.0",
        http_port=as_int(service.get("http_port", 6333)),
        max_request_bytes=as_int(service.get("max_request_size_mb", 32)) << 20,
        api_key=as_text(service.get("api_key")),
        alt_api_key=as_text(service.get("alt_api_key")),
        read_only_api_key=as_text(service.get("read_only_api_key")),
        jwt_rbac=as_bool(service.get("jwt_rbac", False)),
        telemetry_disabled=as_bool(tree.get("telemetry_disabled", False)),
        log_level=as_text(tree.get("log_level")) or "INFO",
        complaints=complaints,
    )
