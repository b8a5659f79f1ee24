// The world outside the host, as network namespaces of the test's own. The nearest is on the same link: it is the default route of
// the engine's namespace, answers on one port, and writes down every IPv4 packet that arrives. Behind it, as behind a router,
// is a client. No real address is ever a target.
import { type ChildProcess, spawn } from "node:child_process";
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

// AF_PACKET sees what arrives, whether or not anybody listens.
const watcher = `
import socket, threading, sys
server = socket.create_server(("0.0.0.0", ${worldPort}))
def serve():
    while True:
        server.accept()[0].close()
threading.Thread(target=serve, daemon=True).start()
raw = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
print("ready", flush=True)
while True:
    packet, info = raw.recvfrom(65535)
    if info[2] == 4:
        continue
    print(socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20]), packet[8], flush=True)
`;

/** Where somebody is who wants to reach the host. */
export type Place = "on the link" | "behind a router";

export interface Outside {
  /** Whether a connection from there comes about. */
  connects(from: Place, address: string, port: number): Promise<boolean>;
  /** Source addresses of the packets that arrived, without the host's own. */
  arrived(): string[];
  close(): Promise<void>;
}

export async function outsideWorld(): Promise<Outside> {
  const name = `world-${process.pid}`;
  const ip = (...args: string[]) => execa("ip", args);
  await ip("netns", "add", name);
  await ip("link", "add", "to-world", "type", "veth", "peer", "name", "to-host", "netns", `/run/netns/${name}`);
  await ip("addr", "add", `${host}/30`, "dev", "to-world");
  await ip("link", "set", "to-world", "up");
  await ip("route", "add", "default", "via", world);
  const inWorld = (...args: string[]) => execa("nsenter", [`--net=/run/netns/${name}`, ...args]);
  await inWorld("ip", "link", "set", "lo", "up");
  await inWorld("ip", "addr", "add", `${world}/30`, "dev", "to-host");
  await inWorld("ip", "link", "set", "to-host", "up");
  await inWorld("ip", "route", "add", "default", "via", host);
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
  const child: ChildProcess = spawn("nsenter", [`--net=/run/netns/${name}`, "python3", "-c", watcher], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  await new Promise<void>((ready) => {
    if (!child.stdout) return;
    createInterface(child.stdout).on("line", (line) => (line === "ready" ? ready() : lines.push(line)));
  });
  return {
    arrived: () =>
      lines.map((line) => line.split(" ")[0] as string).filter((source) => source !== host && source !== world),
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
