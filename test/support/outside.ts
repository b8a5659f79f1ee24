// The world outside the host, as network namespaces of the test's own. The nearest is on the same link: it is the default route of
// the engine's namespace, answers on one port, and writes down every packet that arrives. Behind it, as behind a router,
// is a client. No real address is ever a target.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";

const world = "10.99.0.2";
/** The host's address on that link. */
export const hostAddress = "10.99.0.1";
const host = hostAddress;
const [router, client] = ["10.98.0.1", "10.98.0.2"];
/** Port in the world that answers. */
export const worldPort = 8080;
export const worldAddress = world;

/** The same over IPv6. */
export const worldAddress6 = "fd99::2";
const host6 = "fd99::1";

/** A packet that arrived in the world. */
export interface Packet {
  from: string;
  to: string;
  /** `tcp`, `udp`, `icmp`, `icmp6`, or a number. */
  protocol: string;
  /** 0 where the protocol has none. */
  port: number;
}

/** Where somebody is who wants to reach the host. */
export type Place = "on the link" | "behind a router";

export interface Outside {
  /** Whether a connection from there comes about. */
  connects(from: Place, address: string, port: number): Promise<boolean>;
  /** Every packet that arrived. */
  packets(): readonly Packet[];
  /** Source addresses of the IPv4 packets that arrived, without the host's own. */
  arrived(): string[];
  close(): Promise<void>;
}

/** @param routes whether the world knows a way to the host's private networks, which no real one does. @default yes */
export async function outsideWorld({ routes = true } = {}): Promise<Outside> {
  const name = `world-${process.pid}`;
  const ip = (...args: string[]) => execa("ip", args);
  await ip("netns", "add", name);
  await ip("link", "add", "to-world", "type", "veth", "peer", "name", "to-host", "netns", `/run/netns/${name}`);
  await ip("addr", "add", `${host}/30`, "dev", "to-world");
  await ip("addr", "add", `${host6}/64`, "dev", "to-world", "nodad");
  await ip("link", "set", "to-world", "up");
  await ip("route", "add", "default", "via", world);
  await ip("-6", "route", "add", "default", "via", worldAddress6);
  const inWorld = (...args: string[]) => execa("nsenter", [`--net=/run/netns/${name}`, ...args]);
  await inWorld("ip", "link", "set", "lo", "up");
  await inWorld("ip", "addr", "add", `${world}/30`, "dev", "to-host");
  await inWorld("ip", "addr", "add", `${worldAddress6}/64`, "dev", "to-host", "nodad");
  await inWorld("ip", "link", "set", "to-host", "up");
  if (routes) {
    await inWorld("ip", "route", "add", "default", "via", host);
    await inWorld("ip", "-6", "route", "add", "default", "via", host6);
  }
  const behind = `behind-${process.pid}`;
  await ip("netns", "add", behind);
  const inClient = (...args: string[]) => execa("nsenter", [`--net=/run/netns/${behind}`, ...args]);
  await inWorld(
    "ip",
    "link",
    "add",
    "to-client",
    "type",
    "veth",
    "peer",
    "name",
    "uplink",
    "netns",
    `/run/netns/${behind}`,
  );
  await inWorld("ip", "addr", "add", `${router}/30`, "dev", "to-client");
  await inWorld("ip", "link", "set", "to-client", "up");
  await inWorld("sysctl", "-qw", "net.ipv4.ip_forward=1");
  await inClient("ip", "addr", "add", `${client}/30`, "dev", "uplink");
  await inClient("ip", "link", "set", "uplink", "up");
  await inClient("ip", "route", "add", "default", "via", router);
  const watcher = ["python3", join(import.meta.dirname, "outside.py"), `${worldPort}`];
  const child: ChildProcess = spawn("nsenter", [`--net=/run/netns/${name}`, ...watcher], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const packets: Packet[] = [];
  await new Promise<void>((ready) => {
    if (!child.stdout) return;
    createInterface(child.stdout).on("line", (line) =>
      line === "ready" ? ready() : packets.push(JSON.parse(line) as Packet),
    );
  });
  return {
    packets: () => packets,
    arrived: () => packets.map(({ from }) => from).filter((from) => !from.includes(":") && from !== host),
    connects: async (from, address, port) => {
      const program = `import socket; socket.create_connection(("${address}", ${port}), 3)`;
      const namespace = `--net=/run/netns/${from === "on the link" ? name : behind}`;
      const { exitCode } = await execa("nsenter", [namespace, "python3", "-c", program], { reject: false });
      return exitCode === 0;
    },
    close: async () => {
      child.kill();
      await ip("netns", "delete", behind);
      await ip("link", "delete", "to-world");
      await ip("netns", "delete", name);
    },
  };
}
