// What of compose files was not read, and what the user should know of how the rest was; one sentence each.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { isRecord } from "../../../policies/facts/properties.ts";
import { type ComposeProject, type ComposeRequest, entries } from "./read.ts";

/** How many variables a note names. */
const mostNames = 20;

export function notes(
  { project, unset, required, unknown, folder, files }: ComposeProject,
  request: ComposeRequest,
): string[] {
  const found: string[] = [];
  const dotenv = request.envFiles?.length || existsSync(join(folder, ".env")) ? "" : " (there is no .env)";
  if (unset.length > 0)
    found.push(
      `${nameList(unset)} set nowhere${dotenv}: what depends on it is not known, and Compose would take it for empty.`,
    );
  if (required.length > 0) found.push(`${nameList(required)} set nowhere${dotenv}: Compose starts nothing without it.`);
  const [first = ""] = request.files;
  const override = files.length === 1 ? overrideBeside(first) : undefined;
  if (override)
    found.push(
      `${basename(override)} lies beside it and is not read: give the folder instead, and it is merged as Compose does.`,
    );
  for (const path of unknown.filter((each) => each.endsWith(".env_file[]")))
    found.push(
      `${path.replace(/\[\]$/, "")}: the name of a file depends on a variable that is not set: what it sets is unknown.`,
    );
  for (const [key, service] of entries(project.services)) {
    if (service.provider !== undefined)
      found.push(`services.${key} is run by a provider, not by the engine: it is not looked at.`);
    if (service.build !== undefined) found.push(`services.${key} builds its image: what is in it is not looked at.`);
    for (const [i, port] of (Array.isArray(service.ports) ? service.ports : []).entries()) {
      if (isRecord(port) && typeof port.published === "string" && !/^(\d{1,5}(-\d{1,5})?)?$/.test(port.published))
        found.push(`services.${key}.ports[${i}]: published is not a port, and the engine would refuse it.`);
    }
    for (const entry of Array.isArray(service.volumes_from) ? service.volumes_from : []) {
      if (typeof entry !== "string" || !entry.startsWith("container:")) continue;
      const name = entry.split(":")[1];
      found.push(`services.${key} mounts what the container ${name} mounts, which is not in these files.`);
    }
  }
  return found;
}

/** `A, B and 3 others are`, as the beginning of a sentence. */
function nameList(names: string[]): string {
  const rest = names.length - mostNames;
  const shown = names.slice(0, mostNames).join(", ");
  const all = rest > 0 ? `${shown} and ${rest} more` : shown;
  return names.length === 1 ? `The variable ${all} is` : `The variables ${all} are`;
}

function overrideBeside(file: string): string | undefined {
  const match = /^(.*)\.(ya?ml)$/.exec(file);
  return ["yml", "yaml"].map((end) => `${match?.[1]}.override.${end}`).find((path) => match && existsSync(path));
}
