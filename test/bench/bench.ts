// `npm run bench`: how long things take beside what people compare them with, and what the stack takes while nobody uses it.
// Starts an engine of its own in a network namespace of its own, as the e2e tests do, and in there run.ts. The options:
// `--rounds N` how often each is measured (default 5), `--only status,idle` which parts, `--cold` also the toolchain's build
// into an empty cache, `--json FILE` all figures, `--write` docs/performance.md and .json from a run of all parts, anew after each of them.
import { execa } from "execa";
import { startTestEngine } from "../support/test-engine.ts";
import { composeTool } from "./compose/tool.ts";
import { readOptions } from "./options.ts";
import { outsideVariable } from "./outside.ts";
import { partNames } from "./parts.ts";

readOptions(partNames);
// Before anything is measured: a build takes minutes, and all cores.
await composeTool();
const engine = await startTestEngine(`xnai-bench-${process.pid}`);
const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopped.abort());
try {
  const run = [process.execPath, `${import.meta.dirname}/run.ts`, ...process.argv.slice(2)];
  const { exitCode } = await execa("nsenter", [`--net=${engine.namespaceFile}`, ...run], {
    stdio: "inherit",
    reject: false,
    cancelSignal: stopped.signal,
    env: {
      DOCKER_HOST: engine.host,
      XNAI_BENCH_ENGINE: JSON.stringify({ folder: engine.folder, pid: engine.pid }),
      [outsideVariable]: `/proc/${process.pid}/ns/net`,
    },
  });
  process.exitCode = exitCode ?? 1;
} finally {
  await engine.stop();
}
