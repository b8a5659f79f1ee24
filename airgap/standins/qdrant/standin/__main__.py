"""The `qdrant` command: start in the server's order, serve until SIGTERM or SIGINT, end with exit code 0."""

import argparse
import os
import signal
import sys
import threading

from . import NOTICE, VERSION, log
from .failures import Panic, StartError
from .settings.load import Settings, load
from .storage import startup

_FLUSH_SECONDS = 5
_DRAIN_SECONDS = 30


def main() -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    parser = argparse.ArgumentParser(prog="qdrant")
    parser.add_argument("--version", action="version", version=f"qdrant {VERSION} (stand-in)")
    parser.add_argument("--config-path", metavar="PATH")
    parser.add_argument("--disable-telemetry", action="store_true")
    args = parser.parse_args()
    try:
        serve(load(args.config_path, os.environ), args.disable_telemetry, stop)
    except (StartError, Panic) as failure:
        failure.exit()


def serve(settings: Settings, telemetry_off: bool, stop: threading.Event) -> None:
    log.warn("qdrant", NOTICE)
    log.set_level(settings.log_level)
    for level, text in settings.complaints:
        log.write(level, "qdrant::settings", text)
    startup.remove_indicator()
    startup.remove_temp_directories(settings.storage_path, settings.snapshots_path)
    startup.load_or_init_state(settings.storage_path)
    startup.make_folders(settings.storage_path)

    from .storage.registry import Registry  # the engine: not loaded for a start that fails before it

    registry = Registry(settings.storage_path)
    disabled = telemetry_off or settings.telemetry_disabled
    log.info("qdrant", f"Telemetry reporting {'disabled' if disabled else 'enabled (the stand-in sends none)'}")
    log.warn("qdrant::tonic", "gRPC is not in the stand-in: port 6334 stays closed")
    startup.make_upload_directory(settings.snapshots_path)
    listen(settings, disabled, registry, stop)


def listen(settings: Settings, telemetry_disabled: bool, registry: object, stop: threading.Event) -> None:
    from dataclasses import replace

    from .rest.server import Server

    try:
        server = Server(replace(settings, telemetry_disabled=telemetry_disabled), registry)
    except OSError as error:
        raise StartError(f"{error.strerror} (os error {error.errno})") from None
    startup.touch_indicator()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    log.info("qdrant::actix", f"Qdrant HTTP listening on {settings.http_port}")
    while not stop.wait(_FLUSH_SECONDS):
        registry.flush()
    log.info("qdrant", "Stopping: no new requests, waiting for those at work")
    server.shutdown()
    server.server_close()
    server.drain(_DRAIN_SECONDS)
    registry.flush()
    registry.close()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
