// Which of the stack's outputs are credentials and addresses that a user asks for, and how they are printed. Pure.
import type { StackOutputs } from "./pulumi/outputs.ts";

/** What is shown of each service: a word for it, and the stack output. In the order of the table. */
const shown: [service: string, what: string, output: string][] = [
  ["caddy", "front door", "frontDoor"],
  ["vikunja", "pages", "vikunjaUrl"],
  ["vikunja", "API", "vikunjaApi"],
  ["vikunja", "first user", "vikunjaUser"],
  ["vikunja", "password, unless changed there", "vikunjaPassword"],
  ["redis", "address", "redisAddress"],
  ["redis", "password of user default", "redisPassword"],
  ["qdrant", "REST", "qdrantUrl"],
  ["qdrant", "gRPC", "qdrantGrpcAddress"],
  ["qdrant", "key", "qdrantKey"],
  ["qdrant", "key for reading only", "qdrantReadOnlyKey"],
  ["consul", "UI and API", "consulUrl"],
  ["consul", "token for the UI", "consulViewerToken"],
  ["consul", "token to register services", "consulRegistrarToken"],
  ["consul", "token for other agents", "consulAgentToken"],
  ["consul", "gossip key", "consulGossipKey"],
  ["consul", "token that may do everything", "consulManagementToken"],
  ["postgres", "password of user postgres", "postgresPassword"],
];

/** Rows of the table: service, what it is, value. What the stack does not have is left out. */
export function credentialRows(outputs: StackOutputs): string[][] {
  return shown
    .filter(([, , output]) => outputs[output] !== undefined)
    .map(([service, what, output]) => [service, what, String(outputs[output])]);
}

/** `vikunjaPassword=...`, one a line, for another program. */
export function credentialLines(outputs: StackOutputs): string {
  return shown
    .filter(([, , output]) => outputs[output] !== undefined)
    .map(([, , output]) => `${output}=${String(outputs[output])}`)
    .join("\n");
}
