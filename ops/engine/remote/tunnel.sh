#!/bin/sh
# tunnel.sh FOLDER SSH-ARGUMENTS...: holds one ssh until standard input ends, which it does with the process that started this,
# however that ends; then removes the folder with its sockets. Ends as ssh does.
folder=$1
shift
exec 3<&0
ssh -nNT "$@" 3<&- &
ssh=$!
# Nobody may read any more what this shell would say.
exec >/dev/null 2>&1
(
  cat <&3
  kill "$ssh"
) &
watcher=$!
wait "$ssh"
code=$?
kill "$watcher"
rm -rf "$folder"
exit "$code"
