// Every property that a task's container has must reach the engine: one that was forgotten would be a hole that no policy sees.
import { expect, it } from "vitest";
import { createOptions } from "../../../../components/engine/api/create-options.ts";
import { plainDocker } from "../../../../lib/engine/traits.ts";
import { tasks } from "../../../support/program.ts";
import { localStack } from "../../../support/whole-stacks.ts";

const { limits: every } = plainDocker;
const all = tasks(await localStack()).map(({ container }) => container);

it("says to the engine what the marker says to the policies", () => {
  const prepare = all.find(({ name }) => name === "xnai_redis_prepare");
  expect(createOptions(prepare as never, every)).toMatchObject({
    name: "xnai_redis_prepare",
    User: "0:0",
    Labels: { "io.xnai.role": "task", "io.xnai.owner": "1000:1000", "io.xnai.stack": "xnai" },
    HostConfig: {
      NetworkMode: "none",
      Binds: ["xnai_redis_data:/prepare/data:rw", "xnai_redis_config:/prepare/config:rw"],
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      CapAdd: ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER"],
      SecurityOpt: ["no-new-privileges"],
      Memory: 64 * 1024 * 1024,
      MemorySwap: 64 * 1024 * 1024,
      NanoCpus: 1e9,
      PidsLimit: 1024,
      Ulimits: [{ Name: "nofile", Soft: 16384, Hard: 16384 }],
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
      RestartPolicy: { Name: "no" },
    },
  });
  const server = all.find(({ name }) => name === "xnai_vikunja_user");
  expect(createOptions(server as never, every)).toMatchObject({
    Cmd: ["web"],
    StopSignal: "SIGINT",
    HostConfig: {
      NetworkMode: "xnai_db",
      Binds: ["xnai_vikunja_config:/run/xnai:ro"],
      Sysctls: { "net.ipv4.ip_default_ttl": "1" },
      Dns: ["127.0.0.1"],
    },
  });
});

it("translates every property that a task has", () => {
  // mustRun and restart are what makes it a task; removeVolumes is said when it is removed.
  const known = new Set([
    ...["name", "image", "user", "entrypoints", "command", "envs", "labels", "stopSignal", "networksAdvanced"],
    ...["networkMode", "volumes", "tmpfs", "readOnly", "capabilities", "securityOpts", "sysctls", "dns", "memory"],
    ...["memorySwap", "cpus", "ulimits", "logDriver", "logOpts", "mustRun", "restart", "removeVolumes"],
  ]);
  for (const container of all)
    for (const property of Object.keys(container)) expect(known, container.name).toContain(property);
});

it("keeps the label of SELinux on a directory of the host", () => {
  const volumes = [{ hostPath: "/srv/x", containerPath: "/x", selinuxRelabel: "z" }];
  expect(createOptions({ image: "i", volumes }, every).HostConfig?.Binds).toEqual(["/srv/x:/x:rw,z"]);
});

it.each([
  ["memory", ["Memory", "MemorySwap"]],
  ["cpu", ["NanoCpus"]],
  ["pids", ["PidsLimit"]],
])("asks for no limit of %s where the engine has no controller for it", (limit, left) => {
  const names = ["Memory", "MemorySwap", "NanoCpus", "PidsLimit"];
  const { HostConfig = {} } = createOptions(all[0] as never, { ...every, [limit]: false });
  expect(names.filter((name) => !(name in HostConfig))).toEqual(left);
});
