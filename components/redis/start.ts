// How Redis starts: with the data that is there, in whichever form an earlier setting of `redis.persistence` left it. Redis
// itself looks at one form only and starts empty, silently, when the data is in the other (tried on 7.0). Pure.
import type { StackConfig } from "../config/schema.ts";
import { configPath } from "../constants.ts";

const data = "/data";
const log = "appendonlydir";
const snapshot = "dump.rdb";

/** The snapshot becomes the base of an append-only file: the form that Redis 7 and later write themselves. */
const toLog = `
if [ ! -e ${log} ] && [ -s ${snapshot} ]; then
  echo "taking ${snapshot} over into the append-only file"
  rm -rf ${log}.new
  mkdir ${log}.new && cp ${snapshot} ${log}.new/appendonly.aof.1.base.rdb &&
    echo "file appendonly.aof.1.base.rdb seq 1 type b" > ${log}.new/appendonly.aof.manifest && mv ${log}.new ${log} || exit 1
fi
`;

/** A server that nobody can reach reads the append-only file and saves it; then the file would only grow stale. */
const toSnapshot = `
if [ -e ${log} ]; then
  echo "taking the append-only file over into ${snapshot}"
  redis-server --dir ${data} --port 0 --unixsocket ${data}/.takeover --appendonly yes --save "" &
  until [ "$(redis-cli -s ${data}/.takeover ping 2> /dev/null)" = PONG ]; do
    kill -0 $! 2> /dev/null || exit 1
    sleep 0.2
  done
  [ "$(redis-cli -s ${data}/.takeover save)" = OK ] || exit 1
  redis-cli -s ${data}/.takeover shutdown nosave
  wait
  rm -rf ${log} ${data}/.takeover
fi
`;

/** The container's command, for a shell. */
export const redisStart = (persistence: StackConfig["redis"]["persistence"]): string =>
  `
cd ${data} || exit 1
${{ aof: toLog, snapshot: toSnapshot, none: "" }[persistence].trim()}
exec redis-server ${configPath}/redis.conf
`.trim();
