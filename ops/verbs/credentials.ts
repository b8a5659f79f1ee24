// `xnai credentials`: user names, passwords and tokens, to a terminal and nowhere else unless it is asked for.
import type { Command } from "commander";
import { exitCode, XnaiError } from "../../lib/errors.ts";
import { table } from "../../lib/table.ts";
import { defaultStack } from "../context.ts";
import { capturePulumi } from "../pulumi/cli.ts";
import { ensureStack, pulumiEnv } from "../pulumi/workspace.ts";

type Outputs = Record<string, unknown>;

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

/** Rows of the table; what the stack does not have is left out. */
export const credentialRows = (outputs: Outputs): string[][] =>
  shown
    .filter(([, , output]) => outputs[output] !== undefined)
    .map(([service, what, output]) => [service, what, String(outputs[output])]);

/** `vikunjaPassword=...`, one a line, for another program. */
export const plainLines = (outputs: Outputs): string =>
  shown
    .filter(([, , output]) => outputs[output] !== undefined)
    .map(([, , output]) => `${output}=${String(outputs[output])}`)
    .join("\n");

async function stackOutputs(stack: string): Promise<Outputs> {
  const env = await pulumiEnv(stack);
  await ensureStack(stack, env);
  const {
    stdout,
    stderr,
    exitCode: code,
  } = await capturePulumi(["stack", "output", "--stack", stack, "--json", "--show-secrets"], env);
  if (code !== 0)
    throw new XnaiError(
      exitCode.failed,
      `The outputs of stack ${stack} cannot be read: ${stderr.trim()}`,
      "Correct what Pulumi says, then run the same command again.",
    );
  const outputs = JSON.parse(stdout) as Outputs;
  if (plainLines(outputs) === "")
    throw new XnaiError(exitCode.failed, `Stack ${stack} has no credentials yet.`, "Run npm run up first.");
  return outputs;
}

/** @throws XnaiError (usage) where the credentials would end in a file, a pipe or a log that nobody thought of */
function refuseNobody(): void {
  if (process.stdout.isTTY) return;
  throw new XnaiError(
    exitCode.usage,
    "Credentials are shown on a terminal, and this output goes somewhere else.",
    "To hand them to another program on purpose: npx xnai credentials --plain",
  );
}

export function register(program: Command): void {
  program
    .command("credentials")
    .description("show user names, passwords and tokens; on a terminal only")
    .option("--stack <name>", "the stack to look at", defaultStack())
    .option("--plain", "as NAME=VALUE lines, also to a pipe or a file")
    .action(async ({ stack, plain }: { stack: string; plain?: boolean }) => {
      if (!plain) refuseNobody();
      const outputs = await stackOutputs(stack);
      console.log(plain ? plainLines(outputs) : table(["service", "what", "value"], credentialRows(outputs)));
    });
}
