// Says at once, and in the container's own words, why a container does not come up. The provider alone would say
// "container failed to be in healthy state" after a time-out, or nothing at all for a Job that exits non-zero.
// Works from inside the program, so that a bare `pulumi up` has it too; without access to the engine it stays silent.
import * as pulumi from "@pulumi/pulumi";
import Docker from "dockerode";
import { jobFailureMark } from "./constants.ts";

const pollMilliseconds = 300;
/** Lines of a container's log that a message quotes. */
const quotedLines = 10;

type Watched = { container: Docker.Container; state: Docker.ContainerInspectInfo; elapsedSeconds: number };
/** Looks at a container once; true when there is nothing more to see. */
type Look = (watched: Watched) => Promise<boolean>;

/** Unreferenced: watching never keeps the program alive after its last resource. */
const sleep = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds).unref());

// Messages go to the component around the container: the container itself has no URN before it is created.

/** Runs `look` every `pollMilliseconds` from just before the container is created until its creation has ended. */
function watch(containerName: string, look: Look): pulumi.ResourceHookBinding {
  let creating = false;
  let watching: Promise<void> = Promise.resolve();
  const poll = async () => {
    const docker = new Docker();
    const start = Date.now();
    while (creating) {
      try {
        const container = docker.getContainer(containerName);
        const elapsedSeconds = (Date.now() - start) / 1000;
        if (await look({ container, state: await container.inspect(), elapsedSeconds })) return;
      } catch {
        // Not created yet, or no access to the engine from here: the provider reports what there is to report.
      }
      await sleep(pollMilliseconds);
    }
  };
  return {
    beforeCreate: [
      async () => {
        creating = true;
        watching = poll();
      },
    ],
    afterCreate: [
      async () => {
        creating = false;
        await watching;
      },
    ],
  };
}

/** The last lines of a container's log, oldest first. */
async function lastLines(container: Docker.Container): Promise<string[]> {
  const raw = (await container.logs({ stdout: true, stderr: true, tail: quotedLines })) as unknown as Buffer;
  const lines: string[] = [];
  // The engine's stream format: 8 bytes of header with the length of the chunk in its last four.
  for (let at = 0; at + 8 <= raw.length; at += 8 + raw.readUInt32BE(at + 4)) {
    lines.push(...raw.toString("utf8", at + 8, at + 8 + raw.readUInt32BE(at + 4)).split("\n"));
  }
  return lines.map((line) => line.trimEnd()).filter((line) => line !== "");
}

/**
 * For a Job: passes on what it did, and when it fails says so with its last lines and removes its container, which ends
 * the provider's wait with an error; nothing is recorded as created, and the next `up` runs the Job again.
 */
export function watchJob(containerName: string, resource: pulumi.Resource): pulumi.ResourceHookBinding {
  return watch(containerName, async ({ container, state }) => {
    const lines = await lastLines(container);
    const failure = lines.find((line) => line.startsWith(jobFailureMark));
    if (failure) {
      const reason = failure.slice(jobFailureMark.length).trim();
      await pulumi.log.error(`${containerName} failed: ${reason}\nIts last lines:\n  ${lines.join("\n  ")}`, resource);
      await container.remove({ force: true });
      return true;
    }
    if (state.State.Status !== "exited") return false;
    for (const line of lines) await pulumi.log.info(line, resource);
    return true;
  });
}

/**
 * For a service: names a crash loop as soon as the engine has restarted it twice, and a service that is up but not healthy
 * just before the provider gives up on it.
 */
export function watchService(
  containerName: string,
  service: string,
  waitTimeoutSeconds: number,
  resource: pulumi.Resource,
): pulumi.ResourceHookBinding {
  return watch(containerName, async ({ container, state, elapsedSeconds }) => {
    if (state.State.Health?.Status === "healthy") return true;
    const down = state.RestartCount >= 2 || state.State.Status === "exited";
    if (!down && elapsedSeconds < waitTimeoutSeconds - 3) return false;
    const what = down
      ? `does not stay up (exit code ${state.State.ExitCode})`
      : `is not healthy after ${Math.round(elapsedSeconds)} s (its health check says: ${lastCheck(state)})`;
    const lines = await lastLines(container);
    await pulumi.log.error(
      `${containerName} ${what}. Its last lines:\n  ${lines.join("\n  ") || "(none)"}\n` +
        `If it may not read or write its data, run: npm run up -- --repair ${service}`,
      resource,
    );
    return true;
  });
}

const lastCheck = (state: Docker.ContainerInspectInfo) =>
  state.State.Health?.Log?.at(-1)?.Output.trim() || "nothing yet";
