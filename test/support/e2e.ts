// `npm run test:e2e`: a Docker engine of its own in a network namespace of its own, and vitest in that namespace. Ports,
// networks and firewall rules of the tests can then not meet those of anything else on the machine, and nothing in the
// tests can reach outside. With XNAI_TEST_ENGINE=unix:///... the tests run here, on that engine.
import { execa } from "execa";
import { startTestEngine } from "./test-engine.ts";
import { buildAct } from "./workflows/act.ts";

// Inside the namespace nothing can be fetched any more.
await buildAct(console.error);
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "e2e", ...process.argv.slice(2)];
const given = process.env.XNAI_TEST_ENGINE;
if (given) {
  const { exitCode } = await execa(process.execPath, vitest, {
    stdio: "inherit",
    reject: false,
    env: { DOCKER_HOST: given },
  });
  process.exit(exitCode ?? 1);
}

const engine = await startTestEngine(`xnai-e2e-${process.pid}`);
const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopped.abort());
try {
  const { exitCode } = await execa("nsenter", [`--net=${engine.namespaceFile}`, process.execPath, ...vitest], {
    stdio: "inherit",
    reject: false,
    cancelSignal: stopped.signal,
    env: { DOCKER_HOST: engine.host, XNAI_TEST_NAMESPACE: engine.namespace },
  });
  process.exitCode = exitCode ?? 1;
} finally {
  await engine.stop();
}
