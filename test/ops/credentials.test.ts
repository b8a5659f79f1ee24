import { beforeAll, describe, expect, it } from "vitest";
import type { StackConfig } from "../../components/config/keys/base.ts";
import { parseConfig } from "../../components/config/parse.ts";
import { credentialRows, outputsOf } from "../../components/outputs.ts";
import { credentialLines, credentialTable } from "../../ops/credentials.ts";
import { run } from "../support/program.ts";

let outputs: Record<string, unknown>;
beforeAll(async () => {
  const { result } = await run(async () => {
    const { Stack } = await import("../../components/stack.ts");
    return new Stack("stack", parseConfig({}));
  });
  outputs = (result as { outputs: Record<string, unknown> }).outputs;
});

/** The outputs in which an address stands. */
const addresses = (config: StackConfig) =>
  Object.fromEntries(
    outputsOf(config).flatMap(({ name, value }) =>
      typeof value === "string" && !/User$|Email$/.test(name) ? [[name, value]] : [],
    ),
  );

const rows = credentialRows(parseConfig({}));

const off = { caddy: false, redis: false, consul: false, vikunja: false, postgres: false, qdrant: false };

describe("credentials", () => {
  it("are every output that the stack has, each once", () => {
    const values = Object.fromEntries(Object.keys(outputs).map((name) => [name, "x"]));
    const names = credentialLines(rows, values)
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(names.toSorted()).toEqual(
      Object.keys(outputs)
        .filter((name) => name !== "vikunjaEmail")
        .toSorted(),
    );
    expect(credentialTable(rows, values)).toHaveLength(names.length);
  });

  it("come with addresses that work in a browser and in a client", async () => {
    expect(outputs).toMatchObject({
      frontDoor: "http://localhost:8000",
      vikunjaUrl: "http://vikunja.localhost:8000/",
      vikunjaApi: "http://localhost:8000/vikunja/api/v1",
      redisAddress: "localhost:6379",
      consulUrl: "http://localhost:8500",
      qdrantUrl: "http://localhost:6333",
      qdrantGrpcAddress: "localhost:6334",
    });
    expect(addresses(parseConfig({ services: off }))).toEqual({});
    expect(addresses(parseConfig({ exposure: { caddy: false, qdrant: false } }))).toEqual({
      redisAddress: "localhost:6379",
      consulUrl: "http://localhost:8500",
    });
  });

  it("leave out what there is not", () => {
    expect(credentialLines(rows, { qdrantKey: "k", other: "o" })).toBe("qdrantKey=k");
    expect(credentialTable(rows, { qdrantKey: "k" })).toEqual([["qdrant", "key", "k"]]);
  });
});
