// `node test/support/engines/try.ts NAME`: starts an engine and leaves it until Ctrl-C, for experiments by hand.
import { engineNamed } from "./catalogue.ts";
import { startEngine } from "./start.ts";
import { asUser } from "./user.ts";

const engine = engineNamed(process.argv[2] ?? "");
const { machine, version, stop } = await startEngine(engine, console.error);
console.log(`${engine.title} ${version}
DOCKER_HOST=unix:///proc/${machine.pid}/root${engine.socket} on this machine
root on its machine: ${machine.command("bash").join(" ")}
${engine.rootless ? `its user: ${machine.command(...asUser(machine.folder, ["bash"])).join(" ")}` : ""}`);
const idle = setInterval(() => {}, 60_000);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, async () => {
    clearInterval(idle);
    await stop();
  });
