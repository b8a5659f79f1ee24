// Where a service keeps what it must not lose: a named volume, or a directory below `storage.root`.
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { configRole, dataRole, label } from "../../lib/labels.ts";
import type { StackConfig } from "../config/keys/base.ts";
import { configVolume, volumeName } from "../definition/names.ts";

/** A place for data or files, as plain values that policies can read in preview. Either a volume or a directory. */
export interface Store {
  volumeName?: string;
  hostPath?: string;
  /** How messages call it: `volume xnai_redis_data`, `directory /srv/xnai/redis/data`. */
  title: string;
  /** What a container that mounts it has to wait for. */
  resources: pulumi.Resource[];
}

/**
 * Data that outlives the stack: `destroy` leaves it where it is.
 * @param part name of the part of the data, such as `data`; part of the volume's name and so never to be changed
 */
export function dataStore(
  config: StackConfig,
  service: string,
  part: string,
  opts: pulumi.CustomResourceOptions,
): Store {
  if (config.storage.root !== undefined) {
    const hostPath = `${config.storage.root}/${service}/${part}`;
    return { hostPath, title: `directory ${hostPath}`, resources: [] };
  }
  return volume(config, service, part, dataRole, { ...opts, retainOnDelete: true });
}

/** A volume for files that every `up` writes anew; it goes with the stack. */
export function configStore(
  config: StackConfig,
  service: string,
  opts: pulumi.CustomResourceOptions,
  part = configVolume,
): Store {
  return volume(config, service, part, configRole, opts);
}

function volume(
  config: StackConfig,
  service: string,
  part: string,
  role: string,
  opts: pulumi.CustomResourceOptions,
): Store {
  const name = volumeName(config.prefix, service, part);
  const labels = [
    { label: label.stack, value: config.prefix },
    { label: label.service, value: service },
    { label: label.role, value: role },
  ];
  // A label edit would replace the volume, under the containers that use it: labels are set once and then ignored.
  const resource = new docker.Volume(`${service}-${part}`, { name, labels }, { ...opts, ignoreChanges: ["labels"] });
  return { volumeName: name, title: `volume ${name}`, resources: [resource] };
}

/** The container's side of a store, or of another place of the host. On SELinux hosts a directory gets the label with which containers may use it. */
export function mount(
  store: Pick<Store, "volumeName" | "hostPath">,
  containerPath: string,
  readOnly = false,
): docker.types.input.ContainerVolume {
  const { volumeName, hostPath } = store;
  return { containerPath, readOnly, ...(volumeName ? { volumeName } : { hostPath, selinuxRelabel: "z" }) };
}
