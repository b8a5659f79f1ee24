// `npm test`: types, style, arrows between folders, shell scripts, and the unit and policy tests, side by side: vitest waits on
// sockets and timers often enough. Arguments go to vitest.
import { execa } from "execa";
import project from "../../package.json" with { type: "json" };

const { types, lint, "lint:arrows": arrows, "lint:shell": shell } = project.scripts;
const commands = { types, lint, "lint:arrows": arrows, "lint:shell": `${shell} --cached` };
const checks = Object.entries(commands).map(async ([name, command]) => {
  const { exitCode = 1, all } = await execa(command, { shell: true, preferLocal: true, all: true, reject: false });
  return { name, exitCode, all };
});
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "unit"];
const tests = await execa(process.execPath, [...vitest, ...process.argv.slice(2)], { stdio: "inherit", reject: false });
let failed = tests.exitCode !== 0;
for (const { name, exitCode, all } of await Promise.all(checks)) {
  console.log(`${name}: ${exitCode === 0 ? (/^not run/m.exec(all)?.input ?? "ok") : `failed\n${all}`}`);
  failed ||= exitCode !== 0;
}
process.exitCode = failed ? 1 : 0;
