// Qdrant's stand-in against facts of the real server: who owns the data, what opens without a key, what survives.

import { once } from "node:events";
import { request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { signed } from "../../components/qdrant/tokens.ts";
import { Lab, type Run, type Running } from "./standin-lab.ts";

const key = "test-key-0123456789abcdef";
const points = 200;
const dimension = 8;

let lab: Lab;
let network: string;
let storage: string;
let snapshots: string;

/** Deterministic, and different for each id. */
const vectorOf = (id: number) => Array.from({ length: dimension }, (_, i) => Math.sin(id * 7 + i * 3) + 1.5);

const server = (more: Partial<Run> = {}): Run => ({
  image: "qdrant",
  cmd: ["./qdrant"],
  alias: "qdrant",
  network,
  volumes: [`${storage}:/qdrant/storage`, `${snapshots}:/qdrant/snapshots`],
  env: { QDRANT_INIT_FILE_PATH: "/tmp/x" },
  tmpfs: { "/tmp": "" },
  ...more,
});

/** A client of a running server. */
async function client(running: Running, apiKey?: string) {
  const base = `http://${await running.address()}:6333`;
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(base + path, {
      method,
      headers: { ...(apiKey !== undefined && { "api-key": apiKey }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get("content-type") === "application/json" ? JSON.parse(text) : undefined;
    return { status: response.status, text, json, headers: response.headers };
  };
}

/** PUTs to a path as it stands; fetch would resolve its dots. */
async function statusOfRawPath(running: Running, path: string, body: string): Promise<number> {
  const sent = request({
    host: await running.address(),
    port: 6333,
    method: "PUT",
    path,
    headers: { "content-length": body.length },
  });
  sent.end(body);
  const [response] = await once(sent, "response");
  response.resume();
  return response.statusCode;
}

async function up(run: Run = server()) {
  const running = await lab.start(run);
  const milliseconds = await running.ready(`http://${await running.address()}:6333/readyz`);
  return { running, milliseconds };
}

/** Starts, looks whether every point and vector is there, stops. */
async function expectAllPoints(run: Run = server()): Promise<void> {
  const { running } = await up(run);
  const call = await client(running);
  const { json } = await call("POST", "/collections/docs/points/scroll", { limit: points + 1, with_vector: true });
  expect(json.result.points).toHaveLength(points);
  for (const point of json.result.points) {
    expect(point.payload).toEqual({ n: point.id });
    vectorOf(point.id).forEach((value, i) => {
      expect(point.vector[i]).toBeCloseTo(value, 5);
    });
  }
  await lab.remove(running);
}

const owned = (uid: number, path = ".") => `chown -R ${uid}:${uid} ${path}`;
async function arrange(onStorage: string, onSnapshots = "true") {
  await lab.arrange(storage, onStorage);
  await lab.arrange(snapshots, onSnapshots);
}

beforeAll(async () => {
  lab = await Lab.with("busybox", "qdrant");
  network = await lab.network("net");
  storage = await lab.volume("storage");
  snapshots = await lab.volume("snapshots");
});
afterEach(() => lab.removeAll());
afterAll(() => lab?.clean());

describe("a fresh start", () => {
  test("on root-owned volumes, as the engine makes them, ends with exit 1", async () => {
    const { code, log } = await lab.run(server());
    expect(code).toBe(1);
    expect(log).toMatch(/Initializing new raft state at \.\/storage\/raft_state\.json/);
    expect(log).toMatch(
      /^Error: Service internal error: Failed to write file: Permission denied \(os error 13\) at path "\/qdrant\/\.\/storage\/\.atomicwrite/m,
    );
  });

  test("says that it is a stand-in: label, first log line, header, API", async () => {
    await arrange(owned(1000), owned(1000));
    const { running } = await up();
    const { Config } = await lab.docker.getImage((await running.container.inspect()).Image).inspect();
    expect(Config.Labels["io.xnai.image.standin"]).toBe("true");
    const [first] = (await running.logWith("THIS IS A STAND-IN for Qdrant")).split("\n");
    expect(first).toContain("THIS IS A STAND-IN for Qdrant");
    const call = await client(running);
    const root = await call("GET", "/");
    expect(root.json).toMatchObject({ title: expect.stringContaining("(stand-in)"), version: "1.18.3", standin: true });
    expect(root.headers.get("x-xnai-standin")).toBe("qdrant");
    expect((await call("GET", "/healthz")).text).toBe("healthz check passed");
    expect((await call("GET", "/readyz/")).text).toBe("all shards are ready");
  });

  test("listens on 6333 alone and opens no other socket", async () => {
    const { running } = await up();
    const { log } = await running.exec("bash", "-c", "cat /proc/net/tcp /proc/net/udp /proc/net/udp6");
    const listening = log.split("\n").filter((line) => / 0A /.test(line) && !line.includes("0B00007F")); // the engine's resolver
    expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([
      `00000000:${(6333).toString(16).toUpperCase()}`,
    ]);
    await running.logWith("gRPC is not in the stand-in");
  });
});

describe("data", () => {
  test("a collection is made, filled, found, listed and refused twice", async () => {
    const { running } = await up();
    const call = await client(running);
    const config = { vectors: { size: dimension, distance: "Euclid" } };
    expect((await call("PUT", "/collections/docs", config)).json.result).toBe(true);
    expect((await call("PUT", "/collections/docs", config)).json.status.error).toBe(
      "Wrong input: Collection `docs` already exists!",
    );
    expect((await call("PUT", "/collections/docs", config)).status).toBe(409);
    const all = Array.from({ length: points }, (_, i) => ({
      id: i + 1,
      vector: vectorOf(i + 1),
      payload: { n: i + 1 },
    }));
    const written = await call("PUT", "/collections/docs/points?wait=true", { points: all });
    expect(written.json.result.status).toBe("completed");
    expect((await call("GET", "/collections")).json.result.collections).toEqual([{ name: "docs" }]);
    expect((await call("GET", "/collections/docs")).json.result).toMatchObject({
      status: "green",
      points_count: points,
    });

    const search = await call("POST", "/collections/docs/points/search", {
      vector: vectorOf(42),
      limit: 1,
      with_payload: true,
    });
    expect(search.json.result[0]).toMatchObject({ id: 42, payload: { n: 42 } });
    const query = await call("POST", "/collections/docs/points/query", {
      query: vectorOf(42),
      filter: { must: [{ key: "n", range: { gt: 100 } }], must_not: [{ key: "n", match: { value: 142 } }] },
      limit: 5,
    });
    expect(query.json.result.points).toHaveLength(5);
    for (const point of query.json.result.points) expect(point.id > 100 && point.id !== 142).toBe(true);
    const filter = { should: [{ key: "n", match: { any: [1, 2] } }, { has_id: [3] }] };
    expect((await call("POST", "/collections/docs/points/count", { filter })).json.result.count).toBe(3);
    expect((await call("POST", "/collections/docs/points", { ids: [5, 9999] })).json.result).toHaveLength(1);
    expect((await call("GET", "/collections/docs/points/5")).json.result.payload).toEqual({ n: 5 });
  });

  test("wrong requests get the server's codes", async () => {
    const { running } = await up();
    const call = await client(running);
    const short = await call("PUT", "/collections/docs/points", { points: [{ id: 1, vector: [1] }] });
    expect([short.status, short.json.status.error]).toEqual([
      400,
      `Wrong input: Vector dimension error: expected dim: ${dimension}, got 1`,
    ]);
    expect((await call("POST", "/collections/docs/points/search", { vector: [1], limit: 1 })).status).toBe(400);
    expect((await call("PUT", "/collections/docs/points", { points: [{ id: "x", vector: vectorOf(1) }] })).status).toBe(
      400,
    );
    expect((await call("GET", "/collections/none")).json.status.error).toBe(
      "Not found: Collection `none` doesn't exist!",
    );
    expect((await call("GET", "/collections/docs/points/9999")).status).toBe(404);
    const gone = await call("DELETE", "/collections/none");
    expect([gone.status, gone.json.result]).toEqual([200, false]);
    const snapshot = await call("POST", "/collections/docs/snapshots");
    expect([snapshot.status, snapshot.json.status.error]).toEqual([
      501,
      expect.stringContaining("Not in the stand-in"),
    ]);
    const config = { vectors: { size: 1, distance: "Dot" } };
    expect((await call("PUT", "/collections/a%3Cb", config)).status).toBe(422);
    for (const path of ["/collections/..", "/collections/%2E%2E", "/collections/..%2Faliases"]) {
      expect(await statusOfRawPath(running, path, JSON.stringify(config))).toBeGreaterThanOrEqual(400);
    }
    expect((await call("GET", "/nothing")).status).toBe(404);
  });
});

describe("ownership (facts of the real server, one by one)", () => {
  const wal =
    /Panic occurred in file lib\/collection\/src\/shards\/replica_set\/mod\.rs at line 312: Failed to load local shard "\.\/storage\/collections\/docs\/0": Service internal error: Wal error: Can't init WAL: Custom \{ kind: PermissionDenied,.* path: "\.\/storage\/collections\/docs\/0\/wal\/open-1" \}/;
  const temp =
    /^Error: Service internal error: Failed to remove temp directory at \.\/snapshots\/tmp: Custom \{ kind: PermissionDenied, error: Error \{ kind: RemoveDir,/m;
  const raft =
    /^Error: Service internal error: Failed to write file: Permission denied \(os error 13\) at path "\/qdrant\/\.\/storage\/\.atomicwrite/m;
  const upload =
    /Panic occurred in file src\/actix\/mod\.rs at line 74: .*Failed to create snapshots temp directory at \.\/snapshots\/tmp/;
  const writableTemp = `rm -rf tmp; ${owned(1001)}`;
  const data = "collections/docs/0";

  const refused: [
    title: string,
    run: Partial<Run>,
    onStorage: string,
    onSnapshots: string,
    code: number,
    message: RegExp,
  ][] = [
    ["data and snapshots of 1000, run as 1001", { user: "1001:1001" }, owned(1000), owned(1000), 1, temp],
    ["data of 1000, snapshots without tmp, run as 1001", { user: "1001:1001" }, owned(1000), writableTemp, 101, wal],
    ["only the WAL of another uid", {}, `${owned(1000)}; ${owned(1001, `${data}/wal`)}`, owned(1000), 101, wal],
    [
      "only the segments of another uid",
      {},
      `${owned(1000)}; ${owned(1001, `${data}/segments`)}`,
      owned(1000),
      101,
      /Failed to open mmap payload storage: Permission denied/,
    ],
    ["all 0700 of another uid", {}, `${owned(1001)}; chmod -R go-rwx .`, owned(1000), 1, raft],
    ["data of 1001, run as 1000", {}, `chmod -R go+rX .; ${owned(1001)}`, `rm -rf tmp; ${owned(1000)}`, 101, wal],
    ["root-owned, run as 1000", {}, owned(0), `mkdir -p tmp/upload; ${owned(0)}`, 1, temp],
    ["data of 1000, run as root without capabilities", { user: "0:0" }, owned(1000), owned(1000), 1, temp],
    ["snapshots root-owned and empty", {}, owned(1000), `rm -rf tmp; ${owned(0)}`, 101, upload],
  ];
  for (const [title, run, onStorage, onSnapshots, code, message] of refused) {
    test(`${title}: exit ${code}`, async () => {
      await arrange(onStorage, onSnapshots);
      const ended = await lab.run(server(run));
      expect(ended.code).toBe(code);
      expect(ended.log).toMatch(message);
      if (code === 101 && message !== upload)
        expect(ended.log).toMatch(/INFO storage::content_manager::toc: Loading collection: docs/);
    });
  }

  test("storage mounted read-only: exit 101, ReadOnlyFilesystem", async () => {
    await arrange(owned(1000), owned(1000));
    const { code, log } = await lab.run(
      server({ volumes: [`${storage}:/qdrant/storage:ro`, `${snapshots}:/qdrant/snapshots`] }),
    );
    expect(code).toBe(101);
    expect(log).toMatch(/Wal error: Can't init WAL: Custom \{ kind: ReadOnlyFilesystem,/);
  });

  test("no volume for snapshots: exit 101; with SNAPSHOTS_PATH inside storage it starts", async () => {
    await arrange(owned(1000), owned(1000));
    const volumes = [`${storage}:/qdrant/storage`];
    const without = await lab.run(server({ volumes }));
    expect(without.code).toBe(101);
    expect(without.log).toMatch(/Panic occurred in file src\/actix\/mod\.rs at line 74/);
    await expectAllPoints(server({ volumes, env: { QDRANT__STORAGE__SNAPSHOTS_PATH: "./storage/snapshots" } }));
  });

  test("only the top directory and raft_state.json of another uid: starts", async () => {
    await arrange(`${owned(1000)}; chown 1001:1001 . raft_state.json; chmod 755 .`, owned(1000));
    await expectAllPoints();
  });

  test("run as root with the engine's capabilities: starts, and the next run as 1000 ends with exit 1", async () => {
    await arrange(owned(1000), owned(1000));
    await expectAllPoints(server({ user: "0:0", capabilities: "engine" }));
    const { code, log } = await lab.run(server());
    expect(code).toBe(1);
    expect(log).toMatch(temp);
  });

  test("the init file that cannot be written is only a warning", async () => {
    await arrange(owned(1000), owned(1000));
    const { running } = await up(server({ env: {}, tmpfs: {} }));
    await running.logWith("WARN qdrant::startup: Failed to create init file indicator");
  });

  test("after all of that and one chown every point is there", async () => {
    await arrange(owned(1000), owned(1000));
    await expectAllPoints();
  });

  test("a second server on the same data ends with exit 101", async () => {
    await up();
    const own = await lab.volume("snapshots2");
    await lab.arrange(own, owned(1000));
    const second = await lab.run(
      server({ alias: "second", volumes: [`${storage}:/qdrant/storage`, `${own}:/qdrant/snapshots`] }),
    );
    expect(second.code).toBe(101);
    expect(second.log).toMatch(/Can't init WAL: Kind\(WouldBlock\)/);
  });

  test("data of the real server is not opened", async () => {
    const real = await lab.volume("real");
    await lab.arrange(real, `echo '{"this_peer_id": 1}' > raft_state.json; ${owned(1000)}`);
    const { code, log } = await lab.run(
      server({ volumes: [`${real}:/qdrant/storage`, `${snapshots}:/qdrant/snapshots`] }),
    );
    expect(code).toBe(1);
    expect(log).toContain("holds data of the real Qdrant");
  });
});

describe("keys", () => {
  const withConfig = async (title: string, yaml: string | undefined, uid = 1000, env: Record<string, string> = {}) => {
    const config = await lab.volume(`config_${title}`);
    if (yaml !== undefined) await lab.files(config, { "config.yaml": yaml }, uid);
    return server({
      cmd: ["./qdrant", "--config-path", "/run/config/config.yaml"],
      volumes: [`${storage}:/qdrant/storage`, `${snapshots}:/qdrant/snapshots`, `${config}:/run/config:ro`],
      env,
    });
  };
  const statusOf = async (run: Run, apiKey?: string) => {
    const { running } = await up(run);
    const { status } = await (await client(running, apiKey))("GET", "/collections");
    const log = await running.log();
    await lab.remove(running);
    return { status, log };
  };

  test("with a key: only the health paths and / answer without it", async () => {
    const { running } = await up(
      await withConfig("key", `service:\n  api_key: "${key}"\n  read_only_api_key: "reader"\n`),
    );
    const anybody = await client(running);
    for (const path of ["/", "/healthz", "/livez", "/readyz"]) expect((await anybody("GET", path)).status).toBe(200);
    for (const path of ["/collections", "/telemetry", "/metrics", "/nothing", "/collections/docs"]) {
      const answer = await anybody("GET", path);
      expect([answer.status, answer.text]).toEqual([401, "Must provide an API key or an Authorization bearer token"]);
    }
    expect((await anybody("OPTIONS", "/collections")).status).toBe(401);
    expect((await anybody("GET", "/collections", undefined, { "api-key": "" })).status).toBe(401);
    expect((await (await client(running, "wrong"))("GET", "/collections")).text).toBe("Invalid API key or JWT");
    expect((await anybody("GET", "/collections", undefined, { authorization: `Bearer ${key}` })).status).toBe(200);
    const reader = await client(running, "reader");
    for (const path of ["/collections", "/telemetry", "/metrics", "/snapshots"])
      expect((await reader("GET", path)).status).toBe(200);
    expect((await reader("POST", "/collections/docs/points/search", { vector: vectorOf(1), limit: 1 })).status).toBe(
      200,
    );
    const write = await reader("PUT", "/collections/other", { vectors: { size: 1, distance: "Dot" } });
    expect([write.status, write.json.status.error]).toEqual([403, "Forbidden: Global manage access is required"]);
    expect((await (await client(running, key))("GET", "/collections")).status).toBe(200);
    expect(await running.log()).not.toContain(key);
  });

  test("a token opens the collections that it names, for as long as its value exists", async () => {
    const { running } = await up(await withConfig("tokens", `service:\n  api_key: "${key}"\n  jwt_rbac: true\n`));
    const owner = await client(running, key);
    await owner("PUT", "/collections/valid", { vectors: { size: 1, distance: "Dot" } });
    const point = { id: 1, vector: [1], payload: { token: "abc" } };
    await owner("PUT", "/collections/valid/points?wait=true", { points: [point] });
    const value_exists = { collection: "valid", matches: [{ key: "token", value: "abc" }] };
    const as = async (access: unknown, more: object = {}, by = key) => client(running, signed({ access, ...more }, by));
    const asked = async (who: Awaited<ReturnType<typeof as>>, method: string, path: string, body?: object) => {
      const { status, json, text } = await who(method, path, body);
      return [status, json?.status?.error ?? text.slice(0, 50)];
    };
    const reads = await as([{ collection: "docs", access: "r" }], { value_exists });
    const search = { vector: vectorOf(1), limit: 1 };
    expect((await reads("POST", "/collections/docs/points/search", search)).status).toBe(200);
    expect((await reads("GET", "/collections")).json.result.collections).toEqual([{ name: "docs" }]);
    const refused = async (...request: [string, string, object?]) => (await asked(reads, ...request)).join(" ");
    expect(await refused("GET", "/collections/valid")).toBe("403 Forbidden: Access to collection valid is required");
    expect(await refused("GET", "/telemetry")).toBe("403 Forbidden: Global access is required");
    expect(await refused("PUT", "/collections/docs/points", { points: [] })).toBe(
      "403 Forbidden: Write access to collection docs is required",
    );
    const writes = await as([{ collection: "docs", access: "rw" }]);
    expect((await asked(writes, "DELETE", "/collections/docs"))[1]).toBe(
      "Forbidden: Manage access for this operation is required",
    );
    expect(await asked(await as("m", {}, "another key"), "GET", "/collections")).toEqual([403, "InvalidSignature"]);
    expect(await asked(await as("m", { exp: 1 }), "GET", "/collections")).toEqual([403, "ExpiredSignature"]);
    await owner("POST", "/collections/valid/points/delete?wait=true", { points: [1] });
    expect(await asked(reads, "GET", "/collections/docs")).toEqual([401, "Invalid JWT, stateful validation failed"]);
    await owner("DELETE", "/collections/valid");
  });

  test("DANGER: a config file that is missing or unreadable starts a server without any key", async () => {
    const missing = await statusOf(await withConfig("missing", undefined));
    const unreadable = await statusOf(await withConfig("unreadable", `service:\n  api_key: "${key}"\n`, 0));
    for (const { status, log } of [missing, unreadable]) {
      expect(status).toBe(200);
      expect(log).toContain(
        "ERROR qdrant::settings: Config file via --config-path is not found: /run/config/config.yaml",
      );
    }
  });

  test("DANGER: a misspelt or null key starts a server without any key, silently", async () => {
    for (const [title, line] of [
      ["misspelt", `apikey: "${key}"`],
      ["null", "api_key:"],
    ] as const) {
      expect((await statusOf(await withConfig(title, `service:\n  ${line}\n`))).status).toBe(200);
    }
  });

  test("DANGER: an empty key asks for a key, and an empty header is one", async () => {
    const run = await withConfig("empty", 'service:\n  api_key: ""\n');
    expect((await statusOf(run)).status).toBe(401);
    expect((await statusOf(run, "")).status).toBe(200);
  });

  test("DANGER: unquoted keys are mangled", async () => {
    for (const mangled of ["0123456789", "12e5", "0x1F"]) {
      const run = await withConfig(`mangled_${mangled}`, `service:\n  api_key: ${mangled}\n`);
      expect((await statusOf(run, mangled)).status).toBe(401);
    }
  });

  test("broken YAML: exit 1", async () => {
    expect((await lab.run(await withConfig("broken", "service: [\n"))).code).toBe(1);
  });

  test("env beats the file; only a read-only key: nobody writes", async () => {
    const env = { QDRANT__SERVICE__API_KEY: "0123456789" };
    expect(
      (await statusOf(await withConfig("env", `service:\n  api_key: "${key}"\n`, 1000, env), "0123456789")).status,
    ).toBe(200);
    const { running } = await up(await withConfig("reader", 'service:\n  read_only_api_key: "reader"\n'));
    const write = await (await client(running, "reader"))("DELETE", "/collections/docs");
    expect(write.status).toBe(403);
  });

  test("the telemetry switch is seen, from env, file and command line", async () => {
    for (const run of [
      server({ env: { QDRANT__TELEMETRY_DISABLED: "true" } }),
      server({ cmd: ["./qdrant", "--disable-telemetry"] }),
      await withConfig("telemetry", "telemetry_disabled: true\n"),
      server(),
    ]) {
      const { running } = await up(run);
      const { json } = await (await client(running))("GET", "/telemetry");
      const off = run.env?.QDRANT__TELEMETRY_DISABLED === "true" || (run.cmd?.length ?? 0) > 1;
      expect(json.result.standin.telemetry_disabled).toBe(off);
      await lab.remove(running);
    }
  });
});

describe("life and death", () => {
  test("the bash health check is healthy, also with a key, and fails on a frozen server", async () => {
    const probe = `exec 3<>/dev/tcp/127.0.0.1/6333 && printf "GET /readyz HTTP/1.0\\r\\n\\r\\n" >&3 && read -r -t 3 l <&3 && [[ $l == *" 200"* ]]`;
    const { running } = await up(server({ env: { QDRANT__SERVICE__API_KEY: key } }));
    expect((await running.exec("bash", "-c", probe)).code).toBe(0);
    await running.container.kill({ signal: "SIGSTOP" });
    expect((await running.exec("bash", "-c", probe)).code).not.toBe(0);
    await running.container.kill({ signal: "SIGCONT" });
    expect((await running.exec("bash", "-c", probe)).code).toBe(0);
    expect((await running.exec("bash", "-c", "command -v curl wget nc")).code).not.toBe(0);
  });

  test("SIGTERM: ./qdrant ends with 0, entrypoint.sh with 143", async () => {
    const { running } = await up();
    expect((await running.signal("SIGTERM")).code).toBe(0);
    await lab.remove(running);
    const { running: wrapped } = await up({ ...server(), cmd: undefined });
    expect((await wrapped.signal("SIGTERM")).code).toBe(143);
  });

  test("kill -9 under writes loses no acknowledged point, with and without wait", async () => {
    for (const wait of [true, false]) {
      const { running } = await up();
      const call = await client(running);
      const name = `killed_${wait}`;
      await call("PUT", `/collections/${name}`, { vectors: { size: dimension, distance: "Dot" } });
      let acknowledged = 0;
      const writing = (async () => {
        for (let id = 1; ; id++) {
          const answer = await call("PUT", `/collections/${name}/points?wait=${wait}`, {
            points: [{ id, vector: vectorOf(id) }],
          });
          if (answer.status === 200) acknowledged = id;
        }
      })().catch(() => {});
      while (acknowledged < 100) await new Promise((resolve) => setTimeout(resolve, 10));
      expect((await running.signal("SIGKILL")).code).toBe(137);
      await writing;
      await lab.remove(running);
      const { running: again } = await up();
      const { json } = await (await client(again))("POST", `/collections/${name}/points/count`, {});
      expect(json.result.count).toBeGreaterThanOrEqual(acknowledged);
      await lab.remove(again);
    }
  });

  test("10,000 vectors of 128 dimensions in 256 MiB: filled, found, there after a restart", async () => {
    const run = server({ memoryMiB: 256 });
    const { running } = await up(run);
    const call = await client(running);
    await call("PUT", "/collections/many", { vectors: { size: 128, distance: "Cosine" } });
    const vector = (id: number) => Array.from({ length: 128 }, (_, i) => Math.sin(id * (i + 1)));
    for (let from = 1; from <= 10_000; from += 500) {
      const batch = Array.from({ length: 500 }, (_, i) => ({ id: from + i, vector: vector(from + i) }));
      expect((await call("PUT", "/collections/many/points?wait=true", { points: batch })).status).toBe(200);
    }
    expect((await running.signal("SIGTERM")).code).toBe(0);
    await running.container.start();
    await running.ready(`http://${await running.address()}:6333/readyz`);
    const again = await client(running);
    expect((await again("POST", "/collections/many/points/count", {})).json.result.count).toBe(10_000);
    const found = await again("POST", "/collections/many/points/search", { vector: vector(7_777), limit: 1 });
    expect(found.json.result[0]).toMatchObject({ id: 7_777, score: expect.closeTo(1, 4) });
  });
});
