#!/bin/sh
# What Redis counts, as the user who may do nothing but ask.
# $1: the file with that user's password
REDISCLI_AUTH=$(cat "$1")
export REDISCLI_AUTH
redis-cli -h 127.0.0.1 --user health --no-auth-warning info stats
