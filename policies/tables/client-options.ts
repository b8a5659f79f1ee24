// Options by which the command-line clients of services take a password: they stand in health checks and start scripts. The
// letters mean something else to other programs, so that each counts only behind its client. From their manual pages.

interface ClientOptions {
  /** Names of the programs. */
  clients: string[];
  /** Options whose next word is the password. */
  separate?: string[];
  /** Options that the password follows without a space. */
  attached?: string[];
  /** Options whose next word is `user:password`. */
  pair?: string[];
}

const clientOptions: ClientOptions[] = [
  { clients: ["redis-cli", "valkey-cli", "keydb-cli", "redis-benchmark"], separate: ["-a", "--pass"] },
  {
    clients: [
      ..."mysql mysqladmin mysqldump mysqlcheck mysqlshow mysqlimport mysqlslap".split(" "),
      ..."mariadb mariadb-admin mariadb-dump mariadb-check mariadb-show".split(" "),
    ],
    attached: ["-p"],
  },
  {
    clients: ["mongo", "mongosh", "mongodump", "mongorestore", "mongostat", "mongoexport", "mongoimport"],
    separate: ["-p"],
    attached: ["-p"],
  },
  {
    clients: ["rabbitmqadmin", "cqlsh", "sshpass", "docker", "podman", "nerdctl", "influx"],
    separate: ["-p"],
    attached: ["-p"],
  },
  { clients: ["mosquitto_pub", "mosquitto_sub", "mosquitto_rr", "sqlcmd"], separate: ["-P"], attached: ["-P"] },
  { clients: ["ldapsearch", "ldapwhoami", "ldapadd", "ldapmodify", "ipmitool"], separate: ["-w"] },
  { clients: ["curl", "etcdctl", "http", "https", "nats"], separate: ["-a"], pair: ["-u", "--user"], attached: [] },
];

const byClient = new Map(clientOptions.flatMap((each) => each.clients.map((client) => [client, each] as const)));

/** The passwords that the words of a command line hand to a client, wherever it stands among them. */
export function clientPasswords(words: readonly string[]): string[] {
  const found: string[] = [];
  let options: ClientOptions | undefined;
  words.forEach((word, i) => {
    const client = byClient.get(word.split("/").pop() ?? "");
    if (client && !word.startsWith("-")) options = client;
    else if (options) found.push(...passwordAt(words, i, options));
  });
  return found;
}

function passwordAt(
  words: readonly string[],
  i: number,
  { separate = [], attached = [], pair = [] }: ClientOptions,
): string[] {
  const [word = "", next = ""] = words.slice(i, i + 2);
  if (separate.includes(word) && next !== "" && !next.startsWith("-")) return [next];
  if (pair.includes(word) && next.includes(":")) return [next.slice(next.indexOf(":") + 1)];
  const option = attached.find((each) => word.startsWith(each) && word.length > each.length);
  return option === undefined ? [] : [word.slice(option.length)];
}
