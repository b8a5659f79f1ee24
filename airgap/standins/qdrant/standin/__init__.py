"""A stand-in for the Qdrant server: its REST API in part, over the genuine storage engine (PyPI's qdrant-edge-py).

For machines that cannot get the real image. It reads the same settings, keeps the same outer layout on disk and fails
the way server 1.18.3 was seen to fail: the same exit codes, the same first lines, the same fail-open settings. It is
written from observed behaviour and shares no code with the server. No gRPC, no TLS, no cluster, no JWT, no web UI.
"""

VERSION = "1.18.3"
"""The release of Qdrant whose behaviour this imitates."""

NOTICE = (
    "THIS IS A STAND-IN for Qdrant, not Qdrant: a part of the REST API, no gRPC. Never use it for data you care about."
)
