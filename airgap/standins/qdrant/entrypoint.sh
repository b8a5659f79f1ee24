#!/usr/bin/env bash
# The image's default command. Like the official one it is not graceful: on SIGTERM it passes the signal on and leaves
# at once with 143, and when it is PID 1 the server ends with it. `./qdrant` as the command ends gracefully with 0.
trap 'kill -TERM "$server" 2>/dev/null' TERM
trap 'kill -INT "$server" 2>/dev/null' INT
./qdrant "$@" &
server=$!
wait "$server"
