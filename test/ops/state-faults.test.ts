// Every way in which the files around a state can be broken: what each command that reads or writes it says, that nothing is
// changed by then, and that the way back which it names leads back. Pulumi is played by a script, the engine by FakeEngine;
// test/e2e/lost-state.test.ts has the worst of these on real ones.
import { execFileSync } from "node:child_process";
import { chmodSync, globSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { hostname } from "node:os";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { exitCode, type XnaiError } from "../../lib/errors.ts";
import {
  backupFile,
  bakFile,
  checkpoint,
  checkpointResource,
  historyFile,
  passphrase,
  salt,
  stateFile,
} from "../support/checkpoints.ts";
import { Clone } from "../support/clone.ts";
import { FakeEngine } from "../support/fake-engine.ts";

const clone = new Clone();
const configFile = "Pulumi.dev.yaml";
const passphraseFile = ".xnai/passphrase";
const lockFile = ".xnai/.pulumi/locks/organization/xnai/dev/1.json";
const metaFile = ".xnai/.pulumi/meta.yaml";
const config = `config:\n  xnai:prefix: lab\n  xnai:images:\n    source: local\nencryptionsalt: ${salt}\n`;
const labels = { "io.xnai.stack": "lab", "io.xnai.role": "data" };
let engine: FakeEngine;
let open: typeof import("../../ops/open-stack.ts").openStack;
let outputs: typeof import("../../ops/pulumi/outputs.ts").stackOutputs;
let copy: typeof import("../../ops/pulumi/copy.ts").withCopy;
let takeOver: typeof import("../../ops/take-over.ts").takeOver;
let state: typeof import("../../ops/verbs/state.ts");
let env: typeof import("../../ops/verbs/env.ts");

beforeAll(async () => {
  const cli = clone.write(
    "pulumi",
    `#!/bin/sh
case "$*" in
*"stack init"*) mkdir -p "$(dirname "${clone.path(stateFile)}")"
  echo '{"version":0,"checkpoint":{"stack":"organization/xnai/dev"}}' > "${clone.path(stateFile)}";;
*"stack export"*) echo "error: no stack named 'dev' found" >&2; exit 255;;
*"stack output"*) echo '{"redisPassword":"secret"}';;
esac
`,
  );
  chmodSync(cli, 0o755);
  clone.write(
    "airgap/toolchain/index.ts",
    `export const ensureToolchain = async () => ({ pulumi: ${JSON.stringify(cli)}, env: {} });`,
  );
  [{ openStack: open }, { stackOutputs: outputs }, { withCopy: copy }, { takeOver }, state, env] = await Promise.all([
    clone.load<typeof import("../../ops/open-stack.ts")>("ops/open-stack.ts"),
    clone.load<typeof import("../../ops/pulumi/outputs.ts")>("ops/pulumi/outputs.ts"),
    clone.load<typeof import("../../ops/pulumi/copy.ts")>("ops/pulumi/copy.ts"),
    clone.load<typeof import("../../ops/take-over.ts")>("ops/take-over.ts"),
    clone.load<typeof import("../../ops/verbs/state.ts")>("ops/verbs/state.ts"),
    clone.load<typeof import("../../ops/verbs/env.ts")>("ops/verbs/env.ts"),
  ]);
  engine = await FakeEngine.start();
  // Nearly all of the command is loaded anew.
}, 60_000);
afterAll(() => engine.stop());
beforeEach(() => {
  for (const name of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("DOCKER_HOST", engine.host);
  vi.spyOn(console, "error").mockImplementation(() => {});
  // A stack that has been up twice.
  clone.write(configFile, config);
  clone.write(passphraseFile, `${passphrase}\n`);
  clone.write(metaFile, "version: 1\n");
  clone.write(stateFile, checkpoint({ time: "2026-11-27T12:00:03Z" }));
  clone.write(historyFile, checkpoint({ time: "2026-11-27T12:00:02Z" }));
  clone.write(backupFile, checkpoint({ time: "2026-11-27T12:00:02Z" }));
  clone.write(bakFile, checkpoint({ time: "2026-11-27T12:00:01Z" }));
  engine.volumes = [{ name: "lab_redis_data", labels }];
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  engine.clear();
  clone.reset("dev");
});

const said = () => vi.mocked(console.error).mock.calls.flat().join("\n");
function remove(...files: string[]): void {
  for (const file of files) rmSync(clone.path(file), { force: true });
}
const cut = (file: string) => truncateSync(clone.path(file), Math.floor(statSync(clone.path(file)).size / 2));
const noCopies = () => remove(bakFile, backupFile, historyFile);

/** Everything that a command might have written. */
const files = () =>
  Object.fromEntries(
    globSync([".xnai/**/*", "Pulumi.*.yaml"], { cwd: clone.folder, withFileTypes: true })
      .filter((each) => each.isFile())
      .map(({ parentPath, name }) => [`${parentPath}/${name}`, readFileSync(`${parentPath}/${name}`, "utf8")]),
  );

const commands = {
  "up and destroy": () => open("dev"),
  preview: () => copy("dev", async ({ exists }) => exists),
  credentials: () => outputs("dev"),
};

/** Runs what the error names, as a user would. */
async function wayBack({ fix }: XnaiError): Promise<void> {
  const [, shell] = /(rm ".*")/.exec(fix) ?? [];
  const [, variable] = /^Unset (PULUMI_\w+)/.exec(fix) ?? [];
  if (/npm run xnai -- state restore/.test(fix)) {
    const program = new Command("xnai").exitOverride();
    state.register(program);
    await program.parseAsync(["state", "restore", "--yes"], { from: "user" });
  } else if (shell) execFileSync("sh", ["-c", shell]);
  else if (/git checkout -- Pulumi\.dev\.yaml/.test(fix)) clone.write(configFile, config.replace(/encryption.*\n/, ""));
  else if (variable) vi.stubEnv(variable, undefined);
  else if (/npm run up -- --take-over/.test(fix)) await takeOver("dev", true);
  else throw new Error(`names no way back: ${fix}`);
}

interface Row {
  code: number;
  says: RegExp;
  /** Commands that do not mind. */
  except?: (keyof typeof commands)[];
  /** Resources that are known again after the way back. @default 2 */
  resources?: number;
  break(): void;
}

const machine = exitCode.machine;
const rows: Record<string, Row> = {
  "state file missing": {
    code: machine,
    says: /is lost or damaged: .*dev\.json does not exist/,
    break: () => remove(stateFile),
  },
  "state file empty": { code: machine, says: /dev\.json is empty/, break: () => truncateSync(clone.path(stateFile)) },
  "state file cut": { code: machine, says: /dev\.json is cut off/, break: () => cut(stateFile) },
  "state file foreign": {
    code: machine,
    says: /dev\.json is the state of organization\/xnai\/prod/,
    break: () => clone.write(stateFile, checkpoint({ stack: "prod" })),
  },
  "state file changed by hand": {
    code: machine,
    says: /dev\.json was changed by hand: .* needs urn:gone/,
    break: () =>
      clone.write(stateFile, checkpoint({ resources: [checkpointResource("a", { dependencies: ["urn:gone"] })] })),
  },
  "state file made anew": {
    code: machine,
    says: /dev\.json holds no resources: it was made anew/,
    break: () => {
      clone.write(stateFile, checkpoint({ resources: [], time: "2026-11-27T13:00:00Z" }));
      clone.write(bakFile, '{"version":0,"checkpoint":{"stack":"organization/xnai/dev"}}');
    },
  },
  "state file and .bak cut, as a full disk leaves them": {
    code: machine,
    says: /dev\.json is cut off/,
    break: () => {
      cut(stateFile);
      cut(bakFile);
    },
  },
  "state file cut, and all copies": {
    code: machine,
    says: /is damaged: .*dev\.json is cut off.*no whole copy/,
    resources: 0,
    break: () => {
      cut(stateFile);
      for (const file of [bakFile, backupFile, historyFile]) cut(file);
    },
  },
  "state file and copies missing, data there": {
    code: machine,
    says: /is on this engine already \(0 containers, 0 networks, 1 volumes with data\), and the state .* does not know it/,
    except: ["preview", "credentials"],
    resources: 0,
    break: () => {
      remove(stateFile);
      noCopies();
    },
  },
  "state elsewhere": {
    code: exitCode.usage,
    says: /PULUMI_BACKEND_URL is s3:\/\/bucket, which has no stack dev; its state, with 2 resources, is in .*\.xnai/,
    break: () => vi.stubEnv("PULUMI_BACKEND_URL", "s3://bucket"),
  },
  "lock empty": {
    code: exitCode.busy,
    says: /lock of stack dev is damaged/,
    except: ["preview", "credentials"],
    break: () => clone.write(lockFile, ""),
  },
  "lock cut": {
    code: exitCode.busy,
    says: /lock of stack dev is damaged/,
    except: ["preview", "credentials"],
    break: () => clone.write(lockFile, '{"pid": 1'),
  },
  "passphrase missing": {
    code: machine,
    says: /passphrase of stack dev is missing: .* does not exist/,
    resources: 0,
    break: () => remove(passphraseFile),
  },
  "passphrase empty": {
    code: machine,
    says: /passphrase of stack dev is missing: .* is empty/,
    resources: 0,
    break: () => truncateSync(clone.path(passphraseFile)),
  },
  "passphrase cut": {
    code: machine,
    says: /passphrase in .*\.xnai\/passphrase does not open stack dev/,
    resources: 0,
    break: () => cut(passphraseFile),
  },
  "passphrase foreign": {
    code: machine,
    says: /passphrase in .*\.xnai\/passphrase does not open stack dev/,
    resources: 0,
    break: () => clone.write(passphraseFile, "another"),
  },
  "passphrase empty, from the environment": {
    code: machine,
    says: /PULUMI_CONFIG_PASSPHRASE, which is empty, does not open/,
    break: () => vi.stubEnv("PULUMI_CONFIG_PASSPHRASE", ""),
  },
  "configuration missing": {
    code: exitCode.usage,
    says: /Pulumi\.dev\.yaml does not exist, but stack dev has 2 resources/,
    break: () => remove(configFile),
  },
  "configuration empty": {
    code: exitCode.usage,
    says: /Pulumi\.dev\.yaml is empty, but stack dev has 2 resources/,
    break: () => truncateSync(clone.path(configFile)),
  },
};

describe.each(Object.entries(rows))("%s", (_, { code, says, except = [], resources = 2, break: damage }) => {
  beforeEach(() => {
    damage();
  });

  it.each(Object.entries(commands).filter(([name]) => !except.includes(name as "preview")))(
    "is told by %s, which changes nothing",
    async (_, command) => {
      const before = files();
      const error = (await command().then(
        () => undefined,
        (error: unknown) => error,
      )) as XnaiError;
      expect(error).toMatchObject({ name: "XnaiError", code, message: expect.stringMatching(says) });
      expect(`${error.message}\n${error.fix}`).not.toMatch(/docker rm|should not happen/);
      expect(files()).toEqual(before);
      expect(engine.changes).toEqual([]);
    },
  );

  it("is led back from by what the message names, with the data there", async () => {
    const error = (await open("dev").catch((error: unknown) => error)) as XnaiError;
    await wayBack(error);
    const opened = await open("dev", { takeOver: resources === 0 });
    expect(opened.state.resources).toHaveLength(resources);
    expect(engine.volumes).toEqual([{ name: "lab_redis_data", labels }]);
    if (resources > 0) expect(clone.read(configFile)).toContain(salt);
  });
});

describe("what mends itself", () => {
  it.each([
    ["empty", ""],
    ["cut", "vers"],
    ["foreign", "hello: world\n"],
  ])("meta.yaml that is %s", async (_, text) => {
    clone.write(metaFile, text);
    expect((await open("dev")).state.resources).toHaveLength(2);
    expect(clone.read(metaFile)).toBe("version: 1\n");
    expect(said()).toContain("meta.yaml was damaged and is written again");
  });

  it.each([
    ["missing", config.replace(/encryptionsalt.*\n/, "")],
    ["empty", config.replace(salt, '""')],
    ["cut", config.replace(salt, salt.slice(0, 30))],
    ["changed by hand", config.replace("YaZUHC", "AAAAAA")],
  ])("a salt of the configuration that is %s", async (_, text) => {
    clone.write(configFile, text);
    expect((await open("dev")).state.resources).toHaveLength(2);
    expect(clone.read(configFile)).toMatch(
      /^encryptionsalt: "?v1:yUtmDtdIVPA=:v1:YaZUHCk76KtVHdlX:g\+ZzfJSdOF0gDNiGTbavI2nKTlaTuA=="?$/m,
    );
  });

  it.each([
    ["missing", () => remove(bakFile)],
    ["empty", () => truncateSync(clone.path(bakFile))],
    ["cut", () => cut(bakFile)],
    ["foreign", () => clone.write(bakFile, "hello")],
  ])("a .bak that is %s, beside a whole state", async (_, damage) => {
    damage();
    expect((await open("dev")).state.resources).toHaveLength(2);
  });

  it("a lock of a run that is dead, which only what writes releases", async () => {
    const lock = { pid: 2 ** 22 + 1, username: "u", hostname: hostname(), timestamp: new Date().toISOString() };
    clone.write(lockFile, lock);
    const before = files();
    expect(await commands.preview()).toBe(true);
    expect(await commands.credentials()).toEqual({ redisPassword: "secret" });
    expect(files()).toEqual(before);
    await open("dev");
    expect(said()).toContain("its lock is released");
  });
});

it("env hands a bare pulumi nothing while the state is damaged", async () => {
  cut(stateFile);
  const printed = vi.spyOn(console, "log").mockImplementation(() => {});
  const program = new Command("xnai").exitOverride();
  env.register(program);
  await expect(program.parseAsync(["env"], { from: "user" })).rejects.toMatchObject({
    code: exitCode.machine,
    fix: expect.stringContaining("npm run xnai -- state restore"),
  });
  expect(printed).not.toHaveBeenCalled();
});

describe("only what writes writes", () => {
  it.each(["preview", "credentials"] as const)("%s changes nothing, with a stack and without", async (name) => {
    const there = files();
    await commands[name]();
    expect(files()).toEqual(there);
    clone.reset("dev");
    clone.write(configFile, "config:\n  xnai:prefix: lab\n");
    const nothing = files();
    await commands[name]();
    expect(files()).toEqual(nothing);
  });
});

it("a new stack takes volumes that somebody has put data into for it", async () => {
  clone.reset("dev");
  clone.write(configFile, "config:\n  xnai:prefix: lab\n");
  engine.volumes = [{ name: "lab_redis_data", labels: { "io.xnai.stack": "lab" } }];
  expect((await open("dev")).state.resources).toEqual([]);
});

it("a new stack beside volumes of other prefixes is a new stack", async () => {
  clone.reset("dev");
  clone.write(configFile, "config:\n  xnai:prefix: other\n");
  expect((await open("dev")).state.resources).toEqual([]);
  expect(clone.read(passphraseFile).trim()).not.toBe("");
});
