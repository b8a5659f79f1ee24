// What a change of a service's files does: it restarts the service, or the service takes it in while it runs. Pure.
import type { StackConfig } from "../config/keys/base.ts";
import type { FileContent } from "./secret.ts";
import type { ServiceDefinition } from "./service.ts";

type Files = Record<string, FileContent>;

/** The files of a service, and by what a change of them does, what of each counts. */
export interface DividedFiles {
  /** As they are written. */
  all: Files;
  /** A change restarts the service. */
  restart: Files;
  /** A change is taken in while it runs. */
  live: Files;
}

/** @param services all of the stack */
export function dividedFiles(
  { files, reload }: Pick<ServiceDefinition, "files" | "reload">,
  config: StackConfig,
  services: readonly ServiceDefinition[],
): DividedFiles {
  const all = files?.(config, services) ?? {};
  const [restart, live]: [Files, Files] = [{}, {}];
  for (const [name, content] of Object.entries(all)) {
    const parts = typeof content === "string" ? undefined : content.parts;
    if (reload?.files.includes(name)) live[name] = content;
    else restart[name] = parts?.restart ?? content;
    if (parts?.live) live[name] = parts.live;
  }
  return { all, restart, live };
}
