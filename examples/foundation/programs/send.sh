#!/bin/sh
# Run by nc with the connection as stdin and stdout.
printf '%s\r\n' "$REQUEST"
exec cat >&3
