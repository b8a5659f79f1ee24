import { describe, expect, it } from "vitest";
import { wholeStack } from "../../support/whole-stacks.ts";

describe("switched off", () => {
  it("leaves volumes and secrets, and no container", async () => {
    const off = await wholeStack({ services: { vikunja: false, postgres: false, qdrant: false } });
    const made = off.all.map(({ kind, name }) => `${kind} ${name}`);
    expect(made.filter((name) => /^Container (vikunja|postgres|qdrant)/.test(name))).toEqual([]);
    for (const kept of ["Volume vikunja-files", "Volume postgres-data", "Volume qdrant-storage"])
      expect(made).toContain(kept);
    for (const kept of ["vikunjaSecret", "vikunjaUserSeed", "postgresPassword", "vikunjaDatabasePassword", "qdrantKey"])
      expect(made).toContain(`RandomPassword ${kept}`);
  });
});
