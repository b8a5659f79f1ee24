// `xnai status`: what runs where, and whether all is well.
import type { Command } from "commander";
import pc from "picocolors";
import { exitCode } from "../../lib/errors.ts";
import { table } from "../../lib/table.ts";
import { stackConfig } from "../config-file.ts";
import { defaultStack } from "../context.ts";
import { findEngine } from "../engine/find.ts";
import { type ServiceStatus, stackStatus } from "../engine/status.ts";

/** The table of `status` and of the end of `up`. */
export function statusTable(services: ServiceStatus[]): string {
  const rows = services.map(({ service, state, health, addresses, image, kind, ok }) => {
    const colour = ok ? (state === "off" ? pc.dim : pc.green) : pc.red;
    return [
      service,
      colour(state),
      colour(health),
      addresses.join(" ") || "-",
      image,
      kind === "stand-in" ? pc.yellow(kind) : kind,
    ];
  });
  const text = table(["service", "state", "health", "address", "image", "kind"], rows);
  const standIns = services.filter(({ kind }) => kind === "stand-in").map(({ service }) => service);
  if (standIns.length === 0) return text;
  return `${text}\n\n${pc.yellow(`${standIns.join(" and ")}: a stand-in, not the real software`)}. It is for trying the stack on a machine without Docker Hub.`;
}

export function register(program: Command): void {
  program
    .command("status")
    .description("show what runs where; exit 0 only if every service that is on is healthy")
    .option("--stack <name>", "the stack to look at", defaultStack())
    .option("--json", "as JSON")
    .action(async ({ stack, json }: { stack: string; json?: boolean }) => {
      const { docker } = await findEngine(process.env);
      const services = await stackStatus(docker, stackConfig(stack));
      console.log(json ? JSON.stringify(services, null, 2) : statusTable(services));
      process.exitCode = services.every(({ ok }) => ok) ? exitCode.done : exitCode.failed;
    });
}
