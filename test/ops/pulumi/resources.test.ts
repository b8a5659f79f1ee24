// What is data, what is a task: told from the labels that state keeps, never to the loss of data.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import {
  containerIds,
  dataDirectories,
  dataVolumeNames,
  dataVolumes,
  preparingTasks,
} from "../../../ops/pulumi/resources.ts";
import type { StateResource } from "../../../ops/pulumi/state.ts";
import { run } from "../../support/program.ts";
import { container, marker, network, stateOf, volume } from "../../support/state.ts";

const role = (value: string) => ({ "io.xnai.role": value });
const mounts = (...paths: string[]) => ({ volumes: [{ volumeName: "v" }, ...paths.map((hostPath) => ({ hostPath }))] });

describe("data", () => {
  const volumes = [volume("redis-data", "lab_redis_data"), volume("redis-config", "lab_redis_config")];
  const directory = (path: string) => marker("redis-prepare", role("task"), mounts(path));

  it("is what destroy names: volumes without configuration, and directories", () => {
    const all = stateOf(...volumes, volume("caddy-data", "lab_caddy_data"), directory("/srv/x/redis/data"));
    expect(dataVolumeNames(all)).toEqual(["lab_caddy_data", "lab_redis_data"]);
    expect(dataDirectories(all)).toEqual(["/srv/x/redis/data"]);
    expect(dataVolumeNames(stateOf())).toEqual([]);
  });

  it("is a volume without the label of a configuration, whatever it is called", () => {
    const all = stateOf(
      volume("app-config", "lab_app_config", role("data")),
      volume("old-config", "lab_old_config", {}),
      volume("new-config", "lab_new_config", role("something-new")),
      volume("redis-data", "lab_redis_data", role("config")),
    );
    expect(dataVolumeNames(all)).toEqual(["lab_app_config", "lab_new_config", "lab_old_config"]);
    expect(dataVolumes(all).map(({ id }) => id)).toEqual(["lab_app_config", "lab_old_config", "lab_new_config"]);
  });

  it("is a directory that a task mounts, or a container of which nothing is known; each once", () => {
    const all = stateOf(
      marker("postgres-setup", role("task"), mounts("/srv/b", "/srv/a")),
      container("old-prepare", "2", mounts("/srv/c", "/srv/a")),
      container("redis", "3", mounts("/etc/hosts"), role("service")),
    );
    expect(dataDirectories(all)).toEqual(["/srv/a", "/srv/b", "/srv/c"]);
  });

  it("is no directory of the user's that an app mounts or is given: nothing deletes that", () => {
    const volumes = [
      { hostPath: "/srv/models", containerPath: "/prepare/mount-0" },
      { hostPath: "/srv/x/rag/library", containerPath: "/prepare/library" },
    ];
    const task = { volumes: [{ hostPath: "/srv/other", containerPath: "/other" }] };
    const all = stateOf(marker("rag-prepare", role("task"), { volumes }), marker("rag-setup", role("task"), task));
    expect(dataDirectories(all)).toEqual(["/srv/x/rag/library"]);
  });
});

describe("containerIds", () => {
  it("are those of containers that have been made", () => {
    const half = { ...container("caddy"), id: undefined };
    expect([...containerIds(stateOf(container("redis", "1"), half, network("main", "2")))]).toEqual(["1"]);
  });
});

describe("preparingTasks", () => {
  const owned = { "io.xnai.owner": "1000:1000" };
  const task = (name: string, service: string, more = {}) =>
    marker(name, { "io.xnai.service": service, ...role("task"), ...more });
  const all = stateOf(
    task("redis-prepare", "redis", owned),
    task("vikunja-prepare", "vikunja", owned),
    task("vikunja-db-prepare", "postgres", owned),
    task("vikunja-db-setup", "postgres"),
    { ...marker("redis-ready", {}), inputs: { keepers: { containerName: "lab_redis", pids: "1024" } } },
    container("redis"),
    volume("redis-prepare", "x", owned),
  );
  const names = (service: Parameters<typeof preparingTasks>[1]) =>
    preparingTasks(all, service).map((each) => each.split("::").at(-1));

  it("are the preparing tasks of one service, or of all", () => {
    expect(names("redis")).toEqual(["redis-prepare"]);
    expect(names("vikunja")).toEqual(["vikunja-prepare"]);
    expect(names("postgres")).toEqual(["vikunja-db-prepare"]);
    expect(names(true)).toEqual(["redis-prepare", "vikunja-prepare", "vikunja-db-prepare"]);
  });

  it("are none when nobody asks", () => expect(names(undefined)).toEqual([]));
});

describe("of what the program makes", () => {
  async function stateOfProgram(values: Record<string, unknown>) {
    const { all } = await run(async () => {
      const { Stack } = await import("../../../components/stack.ts");
      return new Stack("stack", parseConfig({ prefix: "lab", ...values }));
    });
    const asInState = ({ urn, name, inputs }: (typeof all)[number]): StateResource => {
      const type = urn.split("::").at(-2)?.split("$").at(-1) as string;
      return { urn, type, id: name, inputs };
    };
    return stateOf(...all.map(asInState));
  }
  const data = ["caddy_data", "consul_data", "postgres_data", "qdrant_snapshots", "qdrant_storage", "redis_data"];
  const named = (urns: string[]) => urns.map((urn) => urn.split("::").at(-1)).toSorted();

  it("data is in the volumes that hold no configuration, and every service has one preparing task", async () => {
    const state = await stateOfProgram({});
    expect(dataVolumeNames(state)).toEqual([...data, "vikunja_files"].map((part) => `lab_${part}`));
    expect(dataDirectories(state)).toEqual([]);
    expect(named(preparingTasks(state, true))).toEqual(
      ["caddy", "consul", "qdrant", "redis", "vikunja-db", "vikunja"].map((name) => `${name}-prepare`),
    );
    expect(named(preparingTasks(state, "vikunja"))).toEqual(["vikunja-prepare"]);
  });

  it("data is in directories with storage.root", async () => {
    const state = await stateOfProgram({ storage: { root: "/srv/xnai" } });
    expect(dataVolumeNames(state)).toEqual([]);
    expect(dataDirectories(state)).toEqual(
      [...data, "vikunja_files"].map((part) => `/srv/xnai/${part.replace("_", "/")}`),
    );
  });
});
