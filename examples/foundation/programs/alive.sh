#!/bin/sh
# The health check of the workers: the last sign of life is less than a minute old.
find /tmp/alive -mmin -1 | grep -q alive
