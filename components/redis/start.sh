#!/bin/sh
# Starts Redis with the data that is there, in whichever form an earlier setting of `redis.persistence` left it. Redis itself
# looks at one form only and starts empty, silently, when the data is in the other (tried on 7.0).
# $1: aof, snapshot or none; $2: the data directory; $3: redis.conf
set -u
log=appendonlydir
snapshot=dump.rdb
cd "$2" || exit 1

case $1 in
  aof)
    # The snapshot becomes the base of an append-only file: the form that Redis 7 and later write themselves.
    if [ ! -e $log ] && [ -s $snapshot ]; then
      echo "taking $snapshot over into the append-only file"
      rm -rf $log.new
      mkdir $log.new && cp $snapshot $log.new/appendonly.aof.1.base.rdb &&
        echo "file appendonly.aof.1.base.rdb seq 1 type b" >$log.new/appendonly.aof.manifest && mv $log.new $log || exit 1
    fi
    ;;
  snapshot)
    # A server that nobody can reach reads the append-only file and saves it; after that the file would only grow stale.
    if [ -e $log ]; then
      echo "taking the append-only file over into $snapshot"
      redis-server --dir "$2" --port 0 --unixsocket "$2/.takeover" --appendonly yes --save "" &
      until [ "$(redis-cli -s "$2/.takeover" ping 2>/dev/null)" = PONG ]; do
        kill -0 $! 2>/dev/null || exit 1
        sleep 0.2
      done
      [ "$(redis-cli -s "$2/.takeover" save)" = OK ] || exit 1
      redis-cli -s "$2/.takeover" shutdown nosave
      wait
      rm -rf $log "$2/.takeover"
    fi
    ;;
esac
exec redis-server "$3"
