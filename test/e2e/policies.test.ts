// The policies through the real CLI: the pack by its flag, the program by itself, the package in another project, and
// this project's own stack.
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { Area } from "../../policies/rule.ts";
import { allRules } from "../../policies/rules/all.ts";
import { allCases } from "../policies/rules/all.cases.ts";
import { resourcesOf } from "../policies/rules/case.ts";
import { changed, goodStack, resource } from "../policies/support/stack.ts";
import { checkout, PolicyProject } from "../support/policy-project.ts";
import { cloneCheckout } from "../support/stack.ts";

const pack = join(checkout, "policies");
let project: PolicyProject;
beforeAll(async () => {
  project = await PolicyProject.create();
});

/** One rule of each area, with a form that its cases list. */
const oneOfEachArea: Record<Area, [rule: string, form: string]> = {
  exposure: ["port-bound-to-loopback", "no address"],
  telemetry: ["telemetry-off", "nothing said"],
  secrets: ["no-plain-secret", "a password by its name"],
  isolation: ["writable-mount-owned", "another user"],
  resources: ["logs-bounded", "no size"],
  "supply-chain": ["image-pinned", "a tag only"],
};

describe("the pack, by its flag", () => {
  it("finds nothing in a right stack, and leaves nothing undecided", async () => {
    await project.write(goodStack());
    const run = await project.run("preview", { pack, config: { all: "mandatory" } });
    expect(run.violations).toEqual([]);
    expect(run.exitCode, run.output).toBe(0);
  });

  it.each(Object.entries(oneOfEachArea))(
    "%s: a stack that breaks one rule is stopped by that rule",
    async (area, [rule, form]) => {
      expect(allRules.find(({ name }) => name === rule)?.area).toBe(area);
      const broken = allCases.find((each) => each.rule === rule)?.breaks[form];
      await project.write(resourcesOf(broken?.stack ?? []));
      const run = await project.run("preview", { pack, config: { all: "mandatory" } });
      expect(new Set(run.violations.map(({ policy }) => policy))).toEqual(new Set([rule]));
      for (const part of broken?.says ?? []) expect(run.output).toContain(part);
      expect(run.exitCode).not.toBe(0);
    },
  );

  it("takes levels, parameters and exemptions from its configuration, and refuses what is wrong with it", async () => {
    await project.write(changed("redis", { ports: [{ internal: 6379, external: 6379, ip: "10.0.0.1" }] }));
    const exemptions = [
      { rule: "port-bound-to-loopback", resource: "app_redis", reason: "only in this test", expires: "2999-01-01" },
    ];
    const exempt = await project.run("preview", { pack, config: { settings: { exemptions } } });
    expect(exempt.violations).toEqual([]);
    expect(exempt.output).toContain(
      "Policy port-bound-to-loopback, exempt until 2999-01-01 (only in this test): app_redis",
    );
    expect(exempt.exitCode).toBe(0);
    const advisory = await project.run("preview", { pack, config: { "port-bound-to-loopback": "advisory" } });
    expect(advisory.exitCode).toBe(0);
    const wrong = await project.run("preview", {
      pack,
      config: { "port-bound-to-loopback": { adresses: ["10.0.0.1"] } },
    });
    expect(wrong.exitCode).not.toBe(0);
    expect(wrong.output).toContain('port-bound-to-loopback: Unrecognized key: "adresses"');
  });
});

describe("the program, without the flag", () => {
  const open = () => changed("redis", { ports: [{ internal: 6379, external: 6379 }], user: "root" });

  it("lets a right stack through", async () => {
    await project.write(goodStack(), { all: "mandatory" });
    const run = await project.run("preview");
    expect(run.errors).toEqual([]);
    expect(run.exitCode, run.output).toBe(0);
  });

  it("shows every violation in a preview, in resources below components too, and fails it", async () => {
    await project.write(open(), {});
    const run = await project.run("preview");
    expect(run.errors.map((error) => error.split(":")[0])).toEqual([
      "Policy port-bound-to-loopback",
      "Policy non-root-user",
    ]);
    expect(run.exitCode).not.toBe(0);
    expect(run.output).not.toContain("at Object.");
  });

  it("knows which volumes are retained, as the pack cannot", async () => {
    await project.write(
      goodStack().map((each) => ({ ...each, retained: false })),
      {},
    );
    expect((await project.run("preview")).errors).toEqual([
      expect.stringContaining("Policy volume-retained: app_qdrant_data"),
    ]);
  });

  it("refuses properties that would stay as they are, and so does the pack", async () => {
    const ignoring = goodStack().map((each) => (each.name === "redis" ? { ...each, ignoreChanges: ["ports"] } : each));
    await project.write(ignoring, {});
    const run = await project.run("preview", { pack });
    expect(run.errors).toEqual([
      expect.stringContaining("Policy no-ignored-changes: app_redis ignores changes of ports"),
    ]);
    expect(run.violations).toMatchObject([{ policy: "no-ignored-changes", mandatory: true }]);
  });

  it("refuses an engine over plain tcp", async () => {
    await project.write([resource("provider", "remote", { host: "tcp://127.0.0.1:1" })], {});
    expect((await project.run("preview")).errors).toEqual([expect.stringContaining("Policy engine-encrypted: remote")]);
  });

  it("says what is wrong with its own configuration", async () => {
    await project.write(goodStack(), { "image-pined": "advisory" });
    expect((await project.run("preview")).errors.join()).toContain('did you mean "image-pinned"?');
  });
});

describe("on an engine", () => {
  const docker = new Docker();
  const network = (name: string, props: object = {}) =>
    resource("network", name, { name: `xnai_policy_test_${name}`, driver: "bridge", ...props });

  it("an update stops at the first violation, before the engine hears of it", async () => {
    await project.write(
      [network("kept", { internal: true }), network("refused"), network("after", { internal: true })],
      {},
    );
    const run = await project.run("up");
    try {
      const names = (await docker.listNetworks())
        .map(({ Name }) => Name)
        .filter((name) => name.startsWith("xnai_policy_test_"));
      expect(names).toEqual(["xnai_policy_test_kept"]);
      expect(run.errors).toEqual([expect.stringContaining("Policy network-no-masquerade: xnai_policy_test_refused")]);
      expect(run.exitCode).not.toBe(0);
    } finally {
      await project.cli(["destroy", "--yes"]);
    }
  });

  it("what a preview could not know is listed as undecided, and decided by the update", async () => {
    const named = network("kept", { internal: true, labels: [] });
    const volume = resource(
      "volume",
      "v",
      {
        name: "xnai_policy_test_v",
        driverOpts: { device: { random: "device", prefix: "/etc/" }, type: "none", o: "bind" },
      },
      { retained: true },
    );
    await project.write([named, volume], {});
    const preview = await project.run("preview");
    expect(preview.exitCode, preview.output).toBe(0);
    expect(preview.output).toContain("Policy no-sensitive-host-path, undecided until up");
    const packed = await project.run("preview", { pack });
    expect(packed.violations).toEqual([]);
    expect(packed.output).toContain("Policy no-sensitive-host-path, undecided until up: xnai_policy_test_v");
    const run = await project.run("up");
    try {
      expect(run.errors).toEqual([expect.stringContaining("Policy no-sensitive-host-path: xnai_policy_test_v")]);
      const { Volumes = [] } = await docker.listVolumes();
      expect(Volumes.map(({ Name }) => Name)).not.toContain("xnai_policy_test_v");
    } finally {
      await project.cli(["destroy", "--yes"]);
    }
  });
});

it("the package runs from node_modules of another project, as JavaScript", async () => {
  await execa(process.execPath, ["policies/publish/build.ts"], { cwd: checkout });
  const target = await mkdtemp(join(tmpdir(), "xnai-packed-"));
  await execa("npm", ["pack", join(checkout, "policies/dist"), "--pack-destination", target]);
  const [archive = ""] = await readdir(target);
  const modules = join(target, "node_modules");
  await mkdir(join(modules, "xnai-policy-pack"), { recursive: true });
  await execa("tar", ["xzf", join(target, archive), "-C", join(modules, "xnai-policy-pack"), "--strip-components=1"]);
  for (const each of await readdir(join(checkout, "node_modules")))
    await symlink(join(checkout, "node_modules", each), join(modules, each));
  const installed = join(modules, "xnai-policy-pack");
  await project.write(goodStack());
  const right = await project.run("preview", { pack: installed, config: { all: "mandatory" } });
  expect(right.exitCode, right.output).toBe(0);
  await project.write(changed("redis", { privileged: true }));
  expect((await project.run("preview", { pack: installed })).violations).toMatchObject([
    { policy: "not-privileged", mandatory: true },
  ]);
});

describe("this project's own stack", () => {
  const xnai = async (folder: string, args: string[]) =>
    execa(process.execPath, ["ops/xnai.ts", "policy", ...args], { cwd: folder, reject: false });

  it("passes every rule at mandatory level, with no exemption and nothing undecided", async () => {
    const folder = await cloneCheckout("policy");
    const before = await readFile(join(folder, "Pulumi.dev.yaml"), "utf8");
    await writeFile(join(folder, "all.json"), JSON.stringify({ all: "mandatory" }));
    const { stdout, exitCode, stderr } = await xnai(folder, [
      "--policy-config",
      "all.json",
      "--json",
      "--sarif",
      "out.sarif",
      "--markdown",
      "out.md",
    ]);
    expect(exitCode, stdout + stderr).toBe(0);
    expect(JSON.parse(stdout).findings).toEqual([]);
    expect(JSON.parse(stdout).summary.passed).toBe(allRules.length);
    expect(JSON.parse(await readFile(join(folder, "out.sarif"), "utf8")).version).toBe("2.1.0");
    expect(await readFile(join(folder, "out.md"), "utf8")).toContain("✅ no violation");
    // Neither the user's configuration nor their state was touched.
    expect(await readFile(join(folder, "Pulumi.dev.yaml"), "utf8")).toBe(before);
    expect(await readdir(folder)).not.toContain(".xnai");
  });

  it("ends with 5 when its configuration breaks a rule, and with 2 when that is wrong", async () => {
    const folder = await cloneCheckout("policy");
    const configured = (config: object) => writeFile(join(folder, "Pulumi.dev.yaml"), stringify({ config }));
    await configured({ "xnai:images": { source: "hub", refs: { redis: "redis:latest" } } });
    const { exitCode, stdout } = await xnai(folder, []);
    expect(exitCode, stdout).toBe(5);
    expect(stdout).toContain("image-pinned");
    await configured({ "xnai:policy": { "image-pined": "advisory" } });
    expect((await xnai(folder, [])).exitCode).toBe(2);
  });
});
