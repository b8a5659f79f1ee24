import { describe, expect, it } from "vitest";
import { enforces, engineName, plainDocker, traitsOf } from "../../../lib/engine/traits.ts";

const docker = { Version: "26.1.5", Components: [{ Name: "Engine" }] };
const podman = { Version: "5.4.2", Components: [{ Name: "Podman Engine" }] };
const everything = { MemoryLimit: true, CpuCfsQuota: true, PidsLimit: true };

describe("what an engine is", () => {
  it("is Docker with root and with every limit where nothing else is said", () => {
    expect(traitsOf({}, {})).toEqual(plainDocker);
    expect(traitsOf(docker, { ...everything, CgroupDriver: "systemd" })).toEqual(plainDocker);
  });

  it("is told from the limits that Docker says it has", () => {
    const limits = traitsOf(docker, { ...everything, MemoryLimit: false, PidsLimit: false }).limits;
    expect(limits).toEqual({ memory: false, cpu: true, pids: false });
  });

  it("enforces no limit without a cgroup driver, although it takes them", () => {
    const traits = traitsOf(docker, { ...everything, CgroupDriver: "none", SecurityOptions: ["name=rootless"] });
    expect(traits).toEqual({ ...plainDocker, rootless: true, cgroups: false });
    expect([enforces(traits, "memory"), enforces(plainDocker, "memory")]).toEqual([false, true]);
  });

  it("is Podman with the controllers that it has, not with those that it says Docker would have", () => {
    const rootless = { ...everything, SecurityOptions: ["name=seccomp,profile=default", "name=rootless"] };
    expect(traitsOf(podman, rootless, { host: { cgroupControllers: [] } })).toEqual({
      ...plainDocker,
      kind: "podman",
      rootless: true,
      limits: { memory: false, cpu: false, pids: false },
    });
    const delegated = traitsOf(podman, everything, { host: { cgroupControllers: ["cpu", "memory", "pids"] } });
    expect(delegated).toEqual({ ...plainDocker, kind: "podman" });
    expect(engineName(delegated)).toBe("Podman");
  });
});
