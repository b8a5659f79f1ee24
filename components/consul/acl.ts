// Who may do what in Consul: policies, tokens, and the Job that keeps Consul's own store in step with them. Pure.
import type { StackConfig } from "../config/keys/base.ts";
import { scratch } from "../definition/container.ts";
import { uuidFrom } from "../definition/secret.ts";
import { configPath, type ServiceDefinition } from "../definition/service.ts";
import type { Task } from "../definition/task.ts";
import { httpPort, nodeName, ownServices } from "./agent-config.ts";

/** Tokens for everybody but the server itself. */
export const tokenNames = ["agent", "registrar", "viewer"] as const;
export type TokenName = (typeof tokenNames)[number];

const rule = (kind: string, name: string, policy: "read" | "write") =>
  `${kind} ${JSON.stringify(name)} { policy = "${policy}" }`;

/** Rules in HCL; an exact name counts before a prefix. */
export function policyRules(config: StackConfig, services: readonly ServiceDefinition[]): Record<TokenName, string[]> {
  const protectedServices = ["consul", ...ownServices(services)].map((name) => rule("service", name, "read"));
  return {
    // Other nodes: each may register itself and see services, none may speak for the server.
    agent: [
      rule("node_prefix", "", "write"),
      rule("node", nodeName(config), "read"),
      rule("service_prefix", "", "read"),
    ],
    // Services: any name but those of the stack.
    registrar: [rule("service_prefix", "", "write"), ...protectedServices, rule("node_prefix", "", "read")],
    // The UI: nodes, services and their health; no keys and values.
    viewer: [rule("node_prefix", "", "read"), rule("service_prefix", "", "read")],
  };
}

/** Accessor of a token: public, and always the same, so that the Job finds it again. */
export const accessorOf = (config: StackConfig, name: TokenName) => uuidFrom(`${config.prefix} ${name}`);

const policyName = (config: StackConfig, name: TokenName) => `${config.prefix}-${name}`;

/** Bodies of the Job's requests that hold no secret: file name -> content. */
export function policyFiles(config: StackConfig, services: readonly ServiceDefinition[]): Record<string, string> {
  const rules = policyRules(config, services);
  return Object.fromEntries(
    tokenNames.map((name) => [
      `acl/policy.${name}.json`,
      JSON.stringify({
        Name: policyName(config, name),
        Description: "Kept by the stack: changes here are overwritten",
        Rules: rules[name].join("\n"),
      }),
    ]),
  );
}

/** Body of the request that makes one token. */
export const tokenFile = (config: StackConfig, name: TokenName, secret: string) =>
  JSON.stringify({
    AccessorID: accessorOf(config, name),
    SecretID: secret,
    Description: `${config.prefix} ${name}`,
    Policies: [{ Name: policyName(config, name) }],
  });

/** What the Job authenticates with: a header line. */
export const managementHeader = (token: string) => `X-Consul-Token: ${token}\r\n`;

// busybox sh and nc, because busybox's wget knows no PUT and every other way takes the token as an argument, which the
// process list shows. HTTP/1.0: the answer is not chunked and ends with the connection. `nc -e` never half-closes.
const script = `
call() {
  body=\${3:-/dev/null}
  { printf '%s %s HTTP/1.0\\r\\nContent-Length: %s\\r\\n' "$1" "$2" "$(wc -c < "$body")"
    cat "${configPath}/acl/management.header"; printf '\\r\\n'; cat "$body"; } > request
  : > response
  timeout 20 nc -w 5 consul ${httpPort} -e sh -c 'cat request; exec cat > response' 2> /dev/null
  status=$(head -n 1 response | cut -d ' ' -f 2)
  answer=$(sed '1,/^\\r$/d' response)
}
must() { call "$@"; [ "$status" = 200 ] || fail "Consul answers \${status:-nothing} to $1 \${2%%\\?*}: $answer"; }
# The items of a JSON list, one a line; each begins with the given key.
items() { printf '%s' "$answer" | sed "s/{\\"$1\\":\\"/\\\\n&/g"; }
# The text value of a key in one item.
field() { printf '%s' "$2" | sed "s/\\"$1\\":\\"/\\\\n&/" | sed -n "2s/^\\"$1\\":\\"\\\\([^\\"]*\\\\)\\".*/\\\\1/p"; }

cd /tmp
waited=0
until call GET /v1/acl/token/self; [ "$status" = 200 ]; do
  [ "$waited" -lt 60 ] || fail "Consul answers \${status:-nothing} to its management token: $answer"
  sleep 1; waited=$((waited + 1))
done
self=$(field AccessorID "$answer")

must GET /v1/acl/policies
items ID > policies
for name in "$@"; do
  file=${configPath}/acl/policy.$name.json
  id=$(field ID "$(grep -F "\\"Name\\":\\"$(field Name "$(cat "$file")")\\"" policies)")
  must PUT "/v1/acl/policy\${id:+/$id}" "$file"
done

must GET /v1/acl/tokens
items AccessorID > tokens
for name in "$@"; do
  file=${configPath}/acl/token.$name.json
  accessor=$(field AccessorID "$(cat "$file")")
  there=$(grep -F "{\\"AccessorID\\":\\"$accessor\\"" tokens)
  if [ -n "$there" ] && [ "$(field SecretID "$there")" != "$(field SecretID "$(cat "$file")")" ]; then
    must DELETE "/v1/acl/token/$accessor"
    there=
    echo "Consul: the earlier $name token is no longer valid"
  fi
  must PUT "/v1/acl/token\${there:+/$accessor}" "$file"
done

# Consul makes the management token that its configuration names, and keeps those of earlier configurations.
grep -F '"Description":"Initial Management Token"' tokens > managing
while IFS= read -r line; do
  accessor=$(field AccessorID "$line")
  [ "$accessor" = "$self" ] && continue
  must DELETE "/v1/acl/token/$accessor"
  echo "Consul: the earlier management token is no longer valid"
done < managing
`.trim();

/** Keeps Consul's store in step, for these tokens. */
export const aclTask: Task = {
  name: "consul-acl",
  network: "main",
  run: () => ({ script, args: [...tokenNames], tmpfs: { "/tmp": scratch(1) } }),
};
