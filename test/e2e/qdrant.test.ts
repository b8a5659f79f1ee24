// Qdrant as the stack runs it: closed, durable, and never open by mistake.
import http2 from "node:http2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../components/config/parse.ts";
import { qdrant } from "../../components/qdrant/definition.ts";
import { killService, services } from "../support/data.ts";
import { eventually } from "../support/neighbour.ts";
import { QdrantClient } from "../support/qdrant.ts";
import { realImages } from "../support/real-images.ts";
import { TestStack } from "../support/stack.ts";
import { Lab } from "./standin-lab.ts";

const [port, grpcPort] = [18603, 18604];
const url = `http://127.0.0.1:${port}`;
let stack: TestStack;
let full: QdrantClient;
let reading: QdrantClient;
let real: string | undefined;

async function connect() {
  const outputs = await stack.outputs();
  full = new QdrantClient(url, outputs.qdrantKey as string);
  reading = new QdrantClient(url, outputs.qdrantReadOnlyKey as string);
}

beforeAll(async () => {
  stack = await TestStack.create("e2e-qdrant", {
    services: services("qdrant"),
    exposure: { qdrant: { port, grpcPort } },
  });
  real = (await realImages(stack.docker)).qdrant;
  if (real) await stack.configure({ images: { source: "local", refs: { qdrant: real } } });
  await stack.mustUp();
  await connect();
});
afterAll(async () => stack?.close());

describe("without the key", () => {
  it("every call that shows or changes data is refused, whatever is guessed", async () => {
    const guesses = [undefined, "", "changeme123", "changeme", "qdrant", "vikunja123", "null", full.key?.slice(1)];
    for (const guess of guesses) {
      const client = new QdrantClient(url, guess);
      for (const [method, path] of [
        ["GET", "/collections"],
        ["PUT", "/collections/mine"],
        ["GET", "/telemetry"],
        ["GET", "/metrics"],
        ["POST", "/collections/mine/points/search"],
        ["DELETE", "/collections/mine"],
      ] as const)
        expect([guess, path, (await client.ask(method, path, method === "GET" ? undefined : {})).status]).toEqual([
          guess,
          path,
          401,
        ]);
    }
  });

  it("the key for reading reads and does not write", async () => {
    expect((await reading.ask("GET", "/collections")).status).toBe(200);
    expect((await reading.ask("PUT", "/collections/mine", { vectors: { size: 4, distance: "Dot" } })).status).toBe(403);
  });

  it("it listens on loopback only", async () => {
    const { HostConfig } = await stack.container("qdrant").inspect();
    const bindings = Object.values(HostConfig.PortBindings as Record<string, { HostIp: string }[]>).flat();
    expect(bindings.map(({ HostIp }) => HostIp)).toEqual(["127.0.0.1", "127.0.0.1"]);
  });
});

describe("the real server", () => {
  /** Status that gRPC answers to a call with an empty message; 16 is UNAUTHENTICATED. */
  async function grpcStatus(method: string, headers: Record<string, string> = {}): Promise<number> {
    const session = http2.connect(`http://127.0.0.1:${grpcPort}`);
    try {
      const request = session.request({
        ":method": "POST",
        ":path": method,
        "content-type": "application/grpc",
        te: "trailers",
        ...headers,
      });
      request.end(Buffer.alloc(5));
      const status = new Promise<number>((done, failed) => {
        for (const event of ["response", "trailers"] as const)
          request.on(event, (found) => found["grpc-status"] !== undefined && done(Number(found["grpc-status"])));
        request.on("error", failed);
      });
      request.resume();
      return await status;
    } finally {
      session.close();
    }
  }

  it("refuses gRPC without the key, and takes it with it", async ({ skip }) => {
    skip(!real, "not run: no real image");
    expect(await grpcStatus("/qdrant.Collections/List")).toBe(16);
    expect(await grpcStatus("/qdrant.Collections/List", { "api-key": "changeme123" })).toBe(16);
    expect(await grpcStatus("/qdrant.Collections/List", { "api-key": full.key as string })).toBe(0);
  });

  it("serves its dashboard, as configured", async ({ skip }) => {
    skip(!real, "not run: no real image");
    expect((await fetch(`${url}/dashboard/`)).status).toBe(200);
  });
});

describe("with the key", () => {
  it("10,000 vectors are stored, found, and still there after a restart", async () => {
    await full.create("docs");
    for (let from = 0; from < 10_000; from += 1000) await full.fill("docs", from, from + 1000);
    const check = async () => {
      expect(await full.count("docs")).toBe(10_000);
      for (const number of [0, 4321, 9999]) expect(await full.nearest("docs", number)).toBe(number);
    };
    await check();
    await stack.container("qdrant").restart();
    await eventually(
      30,
      () => full.ask("GET", "/readyz"),
      ({ status }) => status === 200,
    );
    await check();
  });

  it("no acknowledged write is lost by kill -9, and it comes back by itself", async () => {
    await full.create("writes");
    for (let round = 0; round < 3; round++) {
      const start = await full.count("writes");
      let acknowledged = start;
      const writing = (async () => {
        for (;;) {
          await full.fill("writes", acknowledged, acknowledged + 20);
          acknowledged += 20;
        }
      })().catch(() => undefined);
      await eventually(
        30,
        async () => acknowledged - start,
        (written) => written >= 200,
      );
      await killService(stack.container("qdrant"));
      await writing;
      await eventually(
        30,
        () => full.count("writes"),
        (count) => count >= acknowledged,
      );
      for (const number of [start, acknowledged - 1]) expect(await full.nearest("writes", number)).toBe(number);
    }
  });

  it("the stop is graceful", async () => {
    const container = stack.container("qdrant");
    await container.stop();
    expect((await container.inspect()).State.ExitCode).toBe(0);
    await container.start();
    await eventually(
      30,
      () => full.count("docs"),
      (count) => count === 10_000,
    );
  });

  it("new keys take the place of the old ones, and the data stays", async () => {
    const old = full;
    await stack.configure({ rotate: { qdrantKey: 1 } });
    await stack.mustUp();
    await connect();
    expect(full.key).not.toBe(old.key);
    expect((await old.ask("GET", "/collections")).status).toBe(401);
    expect(await full.count("docs")).toBe(10_000);
  });

  it("a second up has nothing to do", async () => {
    const { exitCode, all } = await stack.up("--expect-no-changes", "--refresh");
    expect(exitCode, all).toBe(0);
  });
});

describe("a configuration without keys", () => {
  let lab: Lab;
  const spec = qdrant.container(parseConfig({}));
  const key = "k".repeat(32);
  beforeAll(async () => {
    lab = await Lab.with("qdrant", "busybox");
  });
  afterAll(async () => lab?.clean());

  async function start(title: string, yaml: string | undefined, uid = 1000) {
    const [storage, snapshots, config] = await Promise.all([
      lab.volume(`${title}_storage`),
      lab.volume(`${title}_snapshots`),
      lab.volume(`${title}_config`),
    ]);
    for (const volume of [storage, snapshots]) await lab.arrange(volume, "touch .keep; chown -R 1000:1000 .");
    if (yaml !== undefined) await lab.files(config, { "qdrant.yaml": yaml }, uid);
    const ms = 1_000_000;
    return lab.start({
      image: "qdrant",
      cmd: spec.command as string[],
      env: spec.env as Record<string, string>,
      volumes: [`${storage}:/qdrant/storage`, `${snapshots}:/qdrant/snapshots`, `${config}:/run/xnai:ro`],
      tmpfs: { "/tmp": "size=16m" },
      healthcheck: {
        Test: ["CMD", ...(spec.health?.test ?? [])],
        Interval: 300 * ms,
        Timeout: 5000 * ms,
        StartPeriod: 0,
        Retries: 3,
      },
    });
  }
  const service = (lines: string[]) => `${["service:", ...lines.map((line) => `  ${line}`)].join("\n")}\n`;

  it.each([
    ["missing", undefined, 1000],
    ["of another owner", service([`api_key: "${key}"`, `read_only_api_key: "${key}"`]), 4242],
    ["empty", "", 1000],
    ["with an empty key", service(['api_key: ""', `read_only_api_key: "${key}"`]), 1000],
    ["with no key", service(["api_key:", `read_only_api_key: "${key}"`]), 1000],
    ["with an unquoted key", service([`api_key: ${key}`, `read_only_api_key: "${key}"`]), 1000],
    ["with a short key", service(['api_key: "short"', `read_only_api_key: "${key}"`]), 1000],
    ["with a misspelt name", service([`apikey: "${key}"`, `read_only_api_key: "${key}"`]), 1000],
  ])("%s never starts the server", async (title, yaml, uid) => {
    const running = await start(title.replaceAll(" ", "_"), yaml, uid);
    const { code, log } = await running.ended(20);
    expect(code).toBe(1);
    expect(log).toContain("has no usable keys");
    expect(log).not.toContain("listening");
  });

  it("that the server reads otherwise than it looks does not count as healthy", async () => {
    const misread = `${service([`api_key: "${key}"`, `read_only_api_key: "${key}"`])}service: {}\n`;
    const running = await start("misread", misread);
    const { State } = await eventually(
      30,
      () => running.container.inspect(),
      ({ State }) => !State.Running || State.Health?.Status === "unhealthy" || State.Health?.Status === "healthy",
    );
    expect(State.Running && State.Health?.Status === "healthy").toBe(false);
  });

  it("with both keys starts and is healthy", async () => {
    const running = await start("right", service([`api_key: "${key}"`, `read_only_api_key: "${key}r"`]));
    await eventually(
      30,
      () => running.container.inspect(),
      ({ State }) => State.Health?.Status === "healthy",
    );
  });
});
