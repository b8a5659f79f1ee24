// Vikunja's first user, made through its own API: a short-lived second instance, in a container of its own, answers on its
// loopback only and has registration on. The password is in a file; it is in no argument, no environment and no log.
// The image has no shell, so the task brings busybox along in the volume that holds the file. Pure.
import { createHmac } from "node:crypto";
import { ownerOf, type StackConfig } from "../config/keys/base.ts";
import { scratch } from "../definition/container.ts";
import { secretText } from "../definition/secret.ts";
import type { Task } from "../definition/task.ts";
import type { VikunjaConfig } from "./config.ts";
import { defaultMemoryMiB, vikunjaEnv, vikunjaFiles, vikunjaProgram } from "./environment.ts";

const setupPath = "/setup";
const port = 3456;

/** What the script needs of busybox; `printf` is the shell's own, so that what it prints stands in no process list. */
const tools = ["sh", "cat", "cut", "head", "kill", "nc", "sed", "sleep", "tail", "test", "wc"];

/**
 * The password after `rotation` renewals. Vikunja changes one only for who knows the one before, so each can be made again
 * from the seed; none can be made from another.
 */
export const userPassword = (seed: string, rotation: number) =>
  createHmac("sha256", seed).update(`vikunja user ${rotation}`).digest("hex").slice(0, 40);

/** How many renewals may have been missed by a database that comes from a backup. */
const rememberedPasswords = 5;

/** Bodies of the requests: file name -> content. `login.N.json` and `change.N.json` are for the password of renewal N. */
export function userFiles(
  { name, email }: VikunjaConfig["user"],
  seed: string,
  rotation: number,
): Record<string, string> {
  const password = userPassword(seed, rotation);
  const earlier = earlierRotations(rotation).flatMap((number) => {
    const old = userPassword(seed, number);
    return [
      [`login.${number}.json`, { username: name, password: old }],
      [`change.${number}.json`, { old_password: old, new_password: password }],
    ] as const;
  });
  const all = [
    ["register.json", { username: name, email, password }],
    [`login.${rotation}.json`, { username: name, password }],
    ...earlier,
  ] as const;
  return Object.fromEntries(all.map(([file, body]) => [file, JSON.stringify(body)]));
}

/** The latest first. */
const earlierRotations = (rotation: number) =>
  Array.from({ length: Math.min(rotation, rememberedPasswords) }, (_, index) => rotation - 1 - index);

// busybox sh; `fail` comes from job.ts.
const prepareScript = `
owner=$1; shift
cd ${setupPath} || fail "the volume of the first user's files is missing"
mkdir -p bin && cp -f /bin/busybox bin/busybox || fail "busybox cannot be copied"
for tool in "$@"; do ln -sf busybox "bin/$tool" || fail "busybox cannot be linked"; done
find . -type f -name '*.json' -exec chmod 0400 {} + && chmod 0500 . bin bin/busybox && chown -hR "$owner" . ||
  fail "the first user's files cannot be given to $owner"
`;

// HTTP/1.0: the answer ends with the connection. \`nc -e\` never half-closes, which some servers take for the end.
const script = `
user=$1; rotation=$2; shift 2
cd /tmp
${vikunjaProgram} web > log 2>&1 &
server=$!
ask() {
  { printf '%s %s HTTP/1.0\\r\\nContent-Type: application/json\\r\\nContent-Length: %s\\r\\n' "$1" "$2" "$(wc -c < "$3")"
    [ -z "\${4:-}" ] || printf 'Authorization: Bearer %s\\r\\n' "$4"; printf '\\r\\n'; cat "$3"; } > request
  : > response
  nc -w 20 127.0.0.1 ${port} -e sh -c 'cat request; exec cat > response' 2> /dev/null
  status=$(head -n 1 response | cut -d ' ' -f 2)
  answer=$(tail -n 1 response)
}
refused() { fail "Vikunja answers \${status:-nothing} to $1: $(printf '%s' "$answer" | head -c 300)"; }
code() { printf '%s' "$answer" | sed -n 's/.*"code":\\([0-9]*\\).*/\\1/p'; }
end() { kill -INT "$server"; wait "$server"; }

waited=0
until ask GET /api/v1/info /dev/null; [ "$status" = 200 ]; do
  kill -0 "$server" 2> /dev/null || fail "the instance that makes the first user ended: $(tail -n 1 log)"
  [ "$waited" -lt 60 ] || fail "the instance that makes the first user does not answer"
  sleep 1; waited=$((waited + 1))
done

ask POST /api/v1/register ${setupPath}/register.json
if [ "$status" = 200 ]; then
  echo "Vikunja: new user $user"
elif [ "$status" = 400 ] && [ "$(code)" = 1002 ]; then
  fail "another user of Vikunja has the mail address of the first user: set vikunja.user.email"
elif [ "$status" != 400 ] || [ "$(code)" != 1001 ]; then
  refused "the registration of $user"
elif [ $# -gt 0 ]; then
  ask POST /api/v1/login "${setupPath}/login.$rotation.json"
  if [ "$status" != 200 ]; then
    for number in "$@"; do
      ask POST /api/v1/login "${setupPath}/login.$number.json"
      [ "$status" = 200 ] || continue
      token=$(printf '%s' "$answer" | sed -n 's/.*"token":"\\([^"]*\\)".*/\\1/p')
      ask POST /api/v1/user/password "${setupPath}/change.$number.json" "$token"
      [ "$status" = 200 ] || refused "the new password of $user"
      echo "Vikunja: new password for $user"
      break
    done
    [ "$status" = 200 ] || echo "Vikunja: $user has a password of their own, which stays"
  fi
fi
end
`;

/** The secret from which every password of the first user is made. It is not renewed: the passwords are. */
export const seedName = "vikunjaUserSeed";

/** How often the first user's password has been renewed. */
export const passwordRotation = (config: StackConfig) => config.rotate.vikunjaUserPassword ?? 0;

export const firstUser: Task = {
  name: "vikunja-user",
  image: "service",
  network: "db",
  run: (config) => {
    const { uid, gid } = ownerOf(config, "vikunja");
    const rotation = passwordRotation(config);
    return {
      script,
      args: [config.vikunja.user.name, `${rotation}`, ...earlierRotations(rotation).map(String)],
      env: {
        ...vikunjaEnv(config),
        PATH: `${setupPath}/bin`,
        VIKUNJA_SERVICE_ENABLEREGISTRATION: "true",
        VIKUNJA_SERVICE_INTERFACE: `127.0.0.1:${port}`,
      },
      tmpfs: {
        "/tmp": scratch(16),
        [vikunjaFiles]: `rw,noexec,nosuid,nodev,size=1m,mode=0700,uid=${uid},gid=${gid}`,
      },
      memoryMiB: defaultMemoryMiB,
    };
  },
  files: {
    type: "xnai:index:FirstUser",
    volume: "user-config",
    path: setupPath,
    secrets: { [seedName]: { seedOf: "vikunjaUserPassword" } },
    files: (config) => {
      const made = (seed: string) => userFiles(config.vikunja.user, seed, passwordRotation(config));
      const names = Object.keys(made(""));
      return Object.fromEntries(
        names.map((name) => [name, secretText([seedName], (seed) => made(seed)[name] as string)]),
      );
    },
    prepare: (config) => {
      const { uid, gid } = ownerOf(config, "vikunja");
      return { script: prepareScript, args: [`${uid}:${gid}`, ...tools] };
    },
  },
};
