// Says at once, and in the container's own words, why a container does not come up. The provider alone would say
// "container failed to be in healthy state" after a time-out, or nothing at all for a Job that exits non-zero.
// Works from inside the program, so that a bare `pulumi up` has it too; without access to the engine it stays silent.
import * as pulumi from "@pulumi/pulumi";
import Docker from "dockerode";

/** What a Job prints before its reason when it fails; whoever reads its log looks for this. */
export const jobFailureMark = "xnai-job-failed:";

const pollMilliseconds = 300;
/** Lines of a container's log that a message quotes. */
const quotedLines = 20;

type Watched = { container: Docker.Container; state: Docker.ContainerInspectInfo; elapsedSeconds: number };
/** Looks at a container once; true when there is nothing more to see. */
type Look = (watched: Watched) => Promise<boolean>;

/** Unreferenced: watching never keeps the program alive after its last resource. */
const sleep = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds).unref());

// Messages go to the component around the container: the container itself has no URN before it is created.

/** Runs `look` every `pollMilliseconds` from just before the container is created, and once more when its creation has ended. */
function watch(containerName: string, look: Look): pulumi.ResourceHookBinding {
  let creating = false;
  let watching: Promise<void> = Promise.resolve();
  const poll = async () => {
    const docker = new Docker();
    const start = Date.now();
    for (let last = false; !last; ) {
      last = !creating;
      try {
        const container = docker.getContainer(containerName);
        const elapsedSeconds = (Date.now() - start) / 1000;
        if (await look({ container, state: await container.inspect(), elapsedSeconds })) return;
      } catch {
        // Not created yet, or no access to the engine from here: the provider reports what there is to report.
      }
      if (!last) await sleep(pollMilliseconds);
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

/** Prints why, and removes the container: that ends the provider's wait with an error, and the next `up` makes a new one. */
async function giveUp(container: Docker.Container, message: string, resource: pulumi.Resource): Promise<void> {
  await pulumi.log.error(message, resource);
  await container.remove({ force: true });
}

const quoted = (lines: string[]) => `Its last lines:\n  ${lines.join("\n  ") || "(none)"}`;

/** For a Job: passes on what it did, or why it failed. */
export function watchJob(containerName: string, resource: pulumi.Resource): pulumi.ResourceHookBinding {
  return watch(containerName, async ({ container, state }) => {
    const lines = await lastLines(container);
    const failure = lines.find((line) => line.startsWith(jobFailureMark))?.slice(jobFailureMark.length);
    const exited = state.State.Status === "exited" && state.State.ExitCode !== 0;
    if (failure !== undefined || exited) {
      const reason = failure?.trim() ?? `exit code ${state.State.ExitCode}`;
      await giveUp(container, `${containerName} failed: ${reason}\n${quoted(lines)}`, resource);
      return true;
    }
    if (state.State.Health?.Status !== "healthy") return false;
    for (const line of lines) await pulumi.log.info(line, resource);
    return true;
  });
}

/** Restarts during its creation after which a service counts as not staying up; the engine does them within 2 s. */
const crashLoopRestarts = 4;

/** For a service: names a crash loop at once, and a service that is up but not healthy just before the provider gives up. */
export function watchService(
  containerName: string,
  service: string,
  waitTimeoutSeconds: number,
  resource: pulumi.Resource,
): pulumi.ResourceHookBinding {
  return watch(containerName, async ({ container, state, elapsedSeconds }) => {
    if (state.State.Health?.Status === "healthy") return true;
    const down = state.RestartCount >= crashLoopRestarts;
    if (!down && elapsedSeconds < waitTimeoutSeconds - 3) return false;
    const lines = quoted(await lastLines(container));
    const advice = `If it may not read or write its data, run: npm run up -- --repair ${service}`;
    if (down) {
      const what = `does not stay up (exit code ${state.State.ExitCode}) and is removed again; its data is untouched`;
      await giveUp(container, `${containerName} ${what}. ${lines}\n${advice}`, resource);
    } else {
      const what = `is not healthy after ${Math.round(elapsedSeconds)} s (its health check says: ${lastCheck(state)})`;
      await pulumi.log.error(`${containerName} ${what}. ${lines}\n${advice}`, resource);
    }
    return true;
  });
}

const lastCheck = (state: Docker.ContainerInspectInfo) =>
  state.State.Health?.Log?.at(-1)?.Output.trim() || "nothing yet";
