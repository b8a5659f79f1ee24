// From inside each container nothing reaches the outside, and from outside nothing is reached but what was opened. The outside
// are namespaces of the test's own.
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostAddress, type Outside, outsideWorld, worldAddress, worldPort } from "../support/outside.ts";
import { TestStack } from "../support/stack.ts";

let stack: TestStack;
let outside: Outside;

beforeAll(async () => {
  if (!process.env.XNAI_TEST_NAMESPACE)
    throw new Error("this test makes a default route: it runs in a namespace of its own only");
  outside = await outsideWorld();
  stack = await TestStack.create("closed");
  await stack.mustUp();
});
afterAll(async () => {
  await stack.close();
  await outside.close();
});

/** Tries from the network namespace of a container, with the host's tools, so that what an image has does not matter. */
async function reaches(pid: number, address: string, port: number): Promise<boolean> {
  const program = `import socket; socket.create_connection(("${address}", ${port}), 3)`;
  const { exitCode } = await execa("nsenter", ["-t", `${pid}`, "-n", "python3", "-c", program], { reject: false });
  return exitCode === 0;
}

test("a container without the limits reaches the outside, so the test can fail", async () => {
  const network = await stack.docker.createNetwork({ Name: "open" });
  const image = (await stack.docker.listImages())
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .find((tag) => tag.includes("/busybox:"));
  const container = await stack.docker.createContainer({
    name: "open",
    Image: image,
    Cmd: ["sleep", "60"],
    HostConfig: { NetworkMode: "open" },
  });
  try {
    await container.start();
    const { State } = await container.inspect();
    expect(await reaches(State.Pid, worldAddress, worldPort)).toBe(true);
  } finally {
    await container.remove({ force: true });
    await network.remove();
  }
});

test("no container of the stack does, by address or by name", async () => {
  const services = await stack.docker.listContainers({ filters: { label: ["io.xnai.role=service"] } });
  expect(services.length).toBeGreaterThan(1);
  const before = outside.arrived().length;
  for (const { Id, Names } of services) {
    const { State } = await stack.docker.getContainer(Id).inspect();
    expect(await reaches(State.Pid, worldAddress, worldPort), Names[0]).toBe(false);
    const lookup = 'import socket; socket.setdefaulttimeout(3); socket.getaddrinfo("outside.invalid", 80)';
    const asked = await execa("docker", ["inspect", "-f", "{{.State.Pid}}", Id]);
    const named = await execa("nsenter", ["-t", asked.stdout, "-n", "python3", "-c", lookup], { reject: false });
    expect(named.exitCode, Names[0]).not.toBe(0);
  }
  expect(outside.arrived().slice(before)).toEqual([]);
});

const front = (more: object) => stack.configure({ exposure: { caddy: { address: hostAddress, ...more } } });
const clients = async () => [
  await outside.connects("on the link", hostAddress, 8000),
  await outside.connects("behind a router", hostAddress, 8000),
];

test("a client behind a router is answered by a front door that is routed or public, and by no other", async () => {
  expect(await clients(), "on loopback").toEqual([false, false]);
  await front({});
  await stack.mustUp();
  expect(await clients(), "on a private address").toEqual([true, false]);
  await front({ routed: true });
  const preview = await stack.xnai(["preview"]);
  expect(preview.all).toContain("caddy answers clients behind routers (exposure.caddy)");
  await stack.mustUp();
  expect(await clients(), "routed").toEqual([true, true]);
  // The others are where they were, and nobody resolves a name.
  for (const suffix of ["redis", "qdrant", "vikunja", "consul"]) {
    const { State } = await stack.container(suffix).inspect();
    expect(await reaches(State.Pid, worldAddress, worldPort), suffix).toBe(false);
  }
  const { State, HostConfig } = await stack.container("caddy").inspect();
  expect(HostConfig.Dns).toEqual(["127.0.0.1"]);
  // What it sends leaves, and no connection comes about: nobody outside has a way to its address but the link itself.
  expect(await reaches(State.Pid, "10.98.0.2", worldPort)).toBe(false);
  expect((await stack.up("--refresh", "--expect-no-changes")).exitCode).toBe(0);
  await stack.configure({ exposure: { caddy: { address: "0.0.0.0", public: true } } });
  await stack.mustUp();
  expect(await clients(), "public").toEqual([true, true]);
  await stack.configure({ exposure: undefined });
});

test("a service with egress is refused where the link would reach it, until that is accepted", async () => {
  const { Version } = await stack.docker.version();
  if (Number.parseInt(Version, 10) >= 28) throw new Error("this test is about engines before 28");
  const address = async () => {
    const { Networks } = (await stack.container("qdrant").inspect()).NetworkSettings;
    return Networks[`${stack.prefix}_network`]?.IPAddress as string;
  };
  expect(await outside.connects("on the link", await address(), 6333)).toBe(false);
  const before = (await stack.container("qdrant").inspect()).Id;
  await stack.configure({ egress: ["qdrant"] });
  const refused = await stack.up();
  expect(refused.exitCode).toBe(3);
  expect(refused.all).toContain("qdrant may reach the internet (egress), and on Docker");
  expect((await stack.container("qdrant").inspect()).Id).toBe(before);
  await stack.configure({ egressOpenToLink: true });
  await stack.mustUp();
  // What was refused, and accepted here: a port that is published on loopback only.
  expect(await outside.connects("on the link", await address(), 6333)).toBe(true);
  expect((await stack.xnai(["preview"])).all).toMatch(/qdrant may reach the internet \(egress\), and on Docker/);
});
