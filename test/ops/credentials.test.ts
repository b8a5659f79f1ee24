import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../components/config/read.ts";
import { credentialLines, credentialRows } from "../../ops/credentials.ts";
import { run } from "../support/program.ts";

let outputs: Record<string, unknown>;
beforeAll(async () => {
  const { result } = await run(async () => {
    const { Stack } = await import("../../components/stack.ts");
    return new Stack("stack", parseConfig({}));
  });
  outputs = (result as { outputs: Record<string, unknown> }).outputs;
});

const off = { caddy: false, redis: false, consul: false, vikunja: false, postgres: false, qdrant: false };

describe("credentials", () => {
  it("are every output that the stack has, each once", () => {
    const values = Object.fromEntries(Object.keys(outputs).map((name) => [name, "x"]));
    const names = credentialLines(values)
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(names.toSorted()).toEqual(
      Object.keys(outputs)
        .filter((name) => name !== "vikunjaEmail")
        .toSorted(),
    );
    expect(credentialRows(values)).toHaveLength(names.length);
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
    const { addresses } = await import("../../components/addresses.ts");
    expect(addresses(parseConfig({ services: off }))).toEqual({});
    expect(addresses(parseConfig({ exposure: { caddy: false, qdrant: false } }))).toEqual({
      redisAddress: "localhost:6379",
      consulUrl: "http://localhost:8500",
    });
  });

  it("leave out what there is not", () => {
    expect(credentialLines({ qdrantKey: "k", other: "o" })).toBe("qdrantKey=k");
    expect(credentialRows({ qdrantKey: "k" })).toEqual([["qdrant", "key", "k"]]);
  });
});
