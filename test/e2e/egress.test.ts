// From inside each container nothing reaches the outside, which is a namespace of the test's own.
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Outside, outsideWorld, worldAddress, worldPort } from "../support/outside.ts";
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
