// The scripts of the services, run for real as their containers run them, with stand-ins for the programs that they call.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { execa, execaSync } from "execa";
import { scriptCommand } from "../../lib/shell.ts";
import type { Ran, Shell } from "./shells.ts";

/**
 * A new folder with programs that stand in for others. Its name has a space in it.
 * @param programs name -> what it does, in sh; `$folder` is the folder
 */
export function standIns(programs: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "xnai stand-ins "));
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(folder, name), `#!/bin/sh\nfolder='${folder}'\n${text}\n`, { mode: 0o755 });
  return folder;
}

/** What runs a script, and where: in the folder of the stand-ins, which come before everything else on PATH. */
function invocation(shell: Shell, script: string, args: string[], folder: string) {
  const path = join(import.meta.dirname, "../../components", script);
  const [, , ...words] = scriptCommand("sh", dirname(path), basename(path), args);
  const [command = "sh", ...options] = shell.command;
  return {
    command,
    args: [...options, ...words],
    // Nothing to read: bash takes a socket, which a pipe of Node is, for a remote login and reads ~/.bashrc.
    options: {
      cwd: folder,
      env: { PATH: `${folder}:${shell.path}` },
      stdin: "ignore",
      extendEnv: false,
      reject: false,
      // Of a script that never ends, which would otherwise keep the whole process waiting.
      timeout: 10_000,
    } as const,
  };
}

/**
 * Runs a script to its end.
 * @param script below components/: `redis/start.sh`
 * @param folder of its stand-ins; also its working directory
 */
export function runServiceScript(shell: Shell, script: string, args: string[], folder: string): Ran {
  const { command, args: words, options } = invocation(shell, script, args, folder);
  const { exitCode, stdout, stderr } = execaSync(command, words, options);
  return { code: exitCode ?? null, stdout, stderr };
}

/** Starts a script that goes on while the test does something else. Parameters as above. */
export function startServiceScript(shell: Shell, script: string, args: string[], folder: string) {
  const { command, args: words, options } = invocation(shell, script, args, folder);
  return execa(command, words, options);
}
