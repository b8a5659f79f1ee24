// The container of Vikunja as Pulumi registers it.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { task } from "../../support/program.ts";
import { localStack, viewOf } from "../../support/whole-stacks.ts";

const program = await localStack();
const { inputs, networks, files } = viewOf(program);

describe("Vikunja", () => {
  it("is between Caddy and Postgres and nowhere else", () => {
    expect(networks("vikunja").toSorted()).toEqual(["xnai_db vikunja", "xnai_web vikunja"]);
    expect(inputs("vikunja").ports).toEqual([]);
  });

  it("restarts whatever ends it, and ends with SIGINT", () => {
    expect(inputs("vikunja")).toMatchObject({ restart: "always", stopSignal: "SIGINT" });
    expect(inputs("vikunja").healthcheck).toMatchObject({
      tests: ["CMD", "/app/vikunja/vikunja", "healthcheck"],
      timeout: "10s",
    });
  });

  it("does not start with a short signing key", () => {
    expect(task(program, "vikunja-prepare").args).toContain("32:signing.key");
    expect(files("vikunja")["signing.key"]).toHaveLength(64);
  });
});

describe("switched off", () => {
  it("is refused for Postgres alone", () => {
    expect(() => parseConfig({ services: { postgres: false } })).toThrow(
      /services\.postgres is false; Vikunja keeps its data there: set services\.vikunja to false as well/,
    );
  });
});
