// The engines that the stack is tried on, and how each is started on a machine of its own.

import type { DoesNotHold, StepName } from "../../engines/steps.ts";
import type { GoPrograms } from "../go-programs.ts";

/** An engine, as a test starts it. */
export interface EngineUnderTest {
  /** As `npm run test:engines -- NAME` takes it. */
  readonly name: string;
  readonly title: string;
  /** Whether its programs are this machine's own, or those of a Debian 13 that is made once (system.sh). */
  readonly system: "this machine" | "debian 13";
  /** Whether it belongs to a user instead of to root. */
  readonly rootless: boolean;
  /** A script of this folder and its arguments, called by whom the engine belongs to. */
  readonly start: readonly [script: string, ...args: string[]];
  /** Programs that no distribution has yet; their folder is the script's first argument. */
  readonly programs?: GoPrograms;
  /** Where it listens: the usual place. */
  readonly socket: string;
  /** Whether its ordinary networks have IPv6. */
  readonly ipv6: boolean;
  /** Whether it is tried on a machine with systemd, which is started again (test/engines/reboot.test.ts), and with nothing else. */
  readonly boots?: true;
  /** Steps that are tried on it and not on others (`special` in steps.ts). @default none */
  readonly also?: readonly StepName[];
  readonly doesNotHold?: DoesNotHold;
}

/** Name of the engine of the machine that a test runs on, in its environment. */
export const engineVariable = "XNAI_TEST_ENGINE_NAME";

/** Whom the engines without root belong to. */
export const user = { name: "ada", uid: 1002 } as const;

const dockerAsks = {
  ownNames:
    "Docker asks the machine's resolver for every container that is not told otherwise (`--dns 127.0.0.1`, as all of the stack's are)",
};

const runtime = `/run/user/${user.uid}`;

/** In the order of the table. */
export const engines: readonly EngineUnderTest[] = [
  {
    name: "docker",
    title: "Docker of this machine",
    system: "this machine",
    rootless: false,
    start: ["docker.sh"],
    socket: "/run/docker.sock",
    ipv6: false,
    doesNotHold: dockerAsks,
  },
  {
    name: "docker-26",
    title: "Docker 26, overlay2",
    system: "debian 13",
    rootless: false,
    start: ["docker.sh"],
    socket: "/run/docker.sock",
    ipv6: false,
    doesNotHold: dockerAsks,
  },
  {
    name: "docker-26-containerd",
    title: "Docker 26, containerd's store",
    system: "debian 13",
    rootless: false,
    start: ["docker.sh", "--config-file", "containerd-store.json"],
    socket: "/run/docker.sock",
    ipv6: false,
    doesNotHold: dockerAsks,
  },
  {
    name: "docker-29",
    title: "Docker 29, containerd's store, networks with IPv6",
    system: "debian 13",
    rootless: false,
    start: ["docker-29.sh"],
    programs: {
      packages: ["github.com/moby/moby/v2/cmd/dockerd", "github.com/moby/moby/v2/cmd/docker-proxy"],
      version: "v2.0.0-beta.24",
      // The Docker that is released from it; else it would call itself "library-import".
      ldflags: "-X github.com/moby/moby/v2/dockerversion.Version=29-v2.0.0-beta.24",
    },
    socket: "/run/docker.sock",
    ipv6: true,
    doesNotHold: dockerAsks,
  },
  {
    name: "docker-26-rootless",
    title: "Docker 26 without root",
    system: "debian 13",
    rootless: true,
    start: ["docker-rootless.sh"],
    socket: `${runtime}/docker.sock`,
    ipv6: false,
    doesNotHold: dockerAsks,
  },
  {
    name: "podman-5.4",
    title: "Podman 5.4",
    system: "debian 13",
    rootless: false,
    start: ["podman.sh", "/run/podman/podman.sock"],
    socket: "/run/podman/podman.sock",
    ipv6: false,
  },
  {
    name: "podman-5.4-rootless",
    title: "Podman 5.4 without root",
    system: "debian 13",
    rootless: true,
    start: ["podman.sh", `${runtime}/podman/podman.sock`],
    socket: `${runtime}/podman/podman.sock`,
    ipv6: false,
    also: ["app", "directories", "moved"],
  },
  {
    name: "podman-5.4-reboot",
    title: "Podman 5.4 without root, systemd",
    system: "debian 13",
    rootless: true,
    start: ["systemd.sh"],
    socket: `${runtime}/podman/podman.sock`,
    ipv6: false,
    boots: true,
  },
];

/** @throws Error with the names that there are */
export function engineNamed(name: string): EngineUnderTest {
  const found = engines.find((each) => each.name === name);
  if (!found)
    throw new Error(`there is no engine "${name}" to test on: ${engines.map((each) => each.name).join(", ")}`);
  return found;
}
