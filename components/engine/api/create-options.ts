// The arguments of a `docker.Container` in the form in which the engine's API takes them: a task is described in the words of
// the provider, which the policies read, and created by the program itself. Pure.
import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { EngineTraits } from "../../../lib/engine/traits.ts";

/** A container as the provider would take it, in plain values. */
export type PlainContainer = pulumi.Unwrap<docker.ContainerArgs>;

type Device = NonNullable<PlainContainer["devices"]>[number];

const mebibyte = 1024 * 1024;

/**
 * What `POST /containers/create` takes. Only what tasks use is translated.
 * @param limits what the engine can limit: without a controller Podman would not start the container at all
 * @param pids processes and threads; the provider has no word for it
 */
export function createOptions(
  container: PlainContainer,
  limits: EngineTraits["limits"],
  pids = 1024,
): Docker.ContainerCreateOptions {
  const { entrypoints, command, envs, user, networksAdvanced, networkMode, stopSignal, workingDir } = container;
  return {
    ...(container.name !== undefined && { name: container.name }),
    Image: container.image,
    ...(user !== undefined && { User: user }),
    ...(entrypoints && { Entrypoint: entrypoints }),
    ...(command && { Cmd: command }),
    ...(envs && { Env: envs }),
    Labels: Object.fromEntries((container.labels ?? []).map(({ label, value }) => [label, value])),
    // Not the image's: nobody looks at the health of something that runs for a second.
    Healthcheck: { Test: ["NONE"] },
    ...(stopSignal && { StopSignal: stopSignal }),
    ...(workingDir !== undefined && { WorkingDir: workingDir }),
    HostConfig: {
      NetworkMode: networksAdvanced?.[0]?.name ?? networkMode ?? "none",
      Binds: (container.volumes ?? []).map(bind),
      Tmpfs: container.tmpfs ?? {},
      ...(container.shmSize !== undefined && { ShmSize: container.shmSize * mebibyte }),
      ReadonlyRootfs: container.readOnly ?? false,
      CapAdd: container.capabilities?.adds ?? [],
      CapDrop: container.capabilities?.drops ?? [],
      SecurityOpt: container.securityOpts ?? [],
      ...(container.hosts && { ExtraHosts: container.hosts.map(({ host, ip }) => `${host}:${ip}`) }),
      ...(container.devices && { Devices: container.devices.map(device) }),
      ...(container.sysctls && { Sysctls: container.sysctls }),
      ...(container.dns && { Dns: container.dns }),
      ...(limits.memory && {
        Memory: (container.memory ?? 0) * mebibyte,
        MemorySwap: (container.memorySwap ?? 0) * mebibyte,
      }),
      ...(limits.cpu && { NanoCpus: Math.round(Number(container.cpus ?? 0) * 1e9) }),
      ...(limits.pids && { PidsLimit: pids }),
      Ulimits: (container.ulimits ?? []).map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
      LogConfig: { Type: container.logDriver ?? "json-file", Config: container.logOpts ?? {} },
      RestartPolicy: { Name: "no" },
    },
  };
}

const device = ({ hostPath, containerPath = hostPath, permissions = "rwm" }: Device) => ({
  PathOnHost: hostPath,
  PathInContainer: containerPath,
  CgroupPermissions: permissions,
});

function bind(volume: NonNullable<PlainContainer["volumes"]>[number]): string {
  const options = [volume.readOnly ? "ro" : "rw", ...(volume.selinuxRelabel ? [volume.selinuxRelabel] : [])];
  return `${volume.volumeName ?? volume.hostPath}:${volume.containerPath}:${options.join(",")}`;
}
