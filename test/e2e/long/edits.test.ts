// What an edit of the configuration changes on the engine: exactly what depends on the value, and nothing else.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { edits, original } from "../../support/edits.ts";
import { TestStack } from "../../support/stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.create("e2e-edit", original);
  await stack.mustUp();
});
afterAll(async () => stack?.close());

interface Step {
  op: string;
  urn: string;
}

/** `replace redis`, `create Network egress`: what a preview would do, by kind and name where it is neither a container nor a marker. */
async function changes(edit: Record<string, unknown>): Promise<string[]> {
  await stack.configure(edit);
  try {
    const { stdout, stderr, exitCode } = await stack.pulumi(["preview", "--stack", "dev", "--json"]);
    expect(exitCode, stderr).toBe(0);
    const steps = (JSON.parse(stdout) as { steps: Step[] }).steps;
    const words: Record<string, string> = {
      "create-replacement": "replace",
      replace: "replace",
      "delete-replaced": "replace",
    };
    const found = steps
      .filter(({ op, urn }) => op !== "same" && !urn.includes("pulumi:pulumi:Stack"))
      .map(({ op, urn }) => {
        const [type, name] = urn.split("::").slice(-2) as [string, string];
        const kind = type.split("$").at(-1)?.split(":").at(-1);
        return `${words[op] ?? op} ${kind === "Container" || kind === "RandomUuid" ? name : `${kind} ${name}`}`;
      });
    return [...new Set(found)].toSorted();
  } finally {
    await stack.configure(Object.fromEntries(Object.keys(edit).map((key) => [key, original[key]])));
  }
}
describe("an edit of", () => {
  it.each(edits)("%s", async (_, edit, expected) => {
    expect(await changes(edit)).toEqual([...new Set(expected)].toSorted());
  });
});

it("a preview says it as a review does, and holds no secret of the stack, of its file or of the environment", async () => {
  const environment = { XNAI_TEST_PASSWORD: "c4n4ry-of-the-environment" };
  await stack.configure({ redis: { maxMemoryMiB: 256 }, rotate: { qdrantKey: 1 } });
  const { exitCode, all } = await stack.xnai(["preview", "--markdown", "plan.md"], { env: environment });
  await stack.configure({ redis: undefined, rotate: undefined });
  expect(exitCode, all).toBe(0);
  const text = await readFile(join(stack.folder, "plan.md"), "utf8");
  expect(text.split("\n")[1]).toMatch(/^✅ 7 are replaced; \d+ unchanged\.$/);
  for (const line of [
    "+maxmemory 256mb",
    "`memory`: `832` → `448`",
    "Password qdrantKey is made anew",
    "`secret files`: changed (it holds secrets)",
    "- redis restarts",
    "- qdrant restarts",
  ])
    expect(text).toContain(line);
  const passphrase = (await readFile(join(stack.folder, ".xnai/passphrase"), "utf8")).trim();
  const generated = Object.values(await stack.outputs()).filter(
    (value) => typeof value === "string" && value.length > 20,
  );
  expect(generated.length).toBeGreaterThan(5);
  for (const secret of [...generated, passphrase, ...Object.values(environment)])
    expect(text).not.toContain(secret as string);
});

describe("changes that nobody expected", () => {
  it("are refused before anything is changed", async () => {
    const before = (await stack.container("redis").inspect()).Id;
    await stack.configure({ redis: { maxMemoryMiB: 128 } });
    const { exitCode, all } = await stack.up("--expect-no-changes");
    await stack.configure({ redis: undefined });
    expect(exitCode, all).toBe(1);
    expect((await stack.container("redis").inspect()).Id).toBe(before);
    expect((await stack.mustUp()).all).toContain("nothing to change");
  });

  it("are not taken for applied when only a part of them was", async () => {
    await stack.configure({ caddy: { routes: [{ path: "/part", upstream: "x:1" }] } });
    const [urn] = /urn:\S+RandomPassword::qdrantKey/.exec(
      (await stack.pulumi(["stack", "--stack", "dev", "--show-urns"])).all,
    ) ?? [""];
    expect((await stack.up("--target", urn)).exitCode).toBe(0);
    expect((await stack.mustUp()).all).not.toContain("nothing to change");
    await stack.configure({ caddy: undefined });
    await stack.mustUp();
  });
});

describe("what is updated in place", () => {
  it("is updated without a restart", async () => {
    const started = async () =>
      Object.fromEntries(
        await Promise.all(
          ["caddy", "redis", "consul", "qdrant", "vikunja", "vikunja_db"].map(async (name) => {
            const { State, HostConfig } = await stack.container(name).inspect();
            return [name, [State.StartedAt, (HostConfig.Memory ?? 0) / 2 ** 20, HostConfig.PidsLimit]];
          }),
        ),
      );
    const before = await started();
    await stack.configure({
      resources: { qdrant: { memoryMiB: 2048, pids: 4096 } },
      caddy: { routes: [{ path: "/x", upstream: "x:1" }] },
      rotate: { consulViewerToken: 1 },
    });
    await stack.mustUp();
    expect(await started()).toEqual({ ...before, qdrant: [before.qdrant?.[0], 2048, 4096] });
    const { exitCode, all } = await stack.up("--expect-no-changes", "--refresh");
    expect(exitCode, all).toBe(0);
  });
});
