import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nothingUsable, readFound } from "../../../../ops/engine/remote/sockets.ts";

const script = join(import.meta.dirname, "../../../../ops/engine/remote/look.sh");
const ssh = { destination: "ann@box" };

it("the sockets of a machine are found, with those of its user; what is no socket is none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "xnai there "));
  mkdirSync(join(folder, "podman"));
  writeFileSync(join(folder, "docker.sock"), "");
  const server = createServer().listen(join(folder, "podman/podman.sock"));
  await once(server, "listening");
  const args = [script, join(folder, "gone.sock"), "docker.sock", "podman/podman.sock"];
  const output = execFileSync("sh", args, {
    encoding: "utf8",
    env: { PATH: process.env.PATH, XDG_RUNTIME_DIR: folder },
  });
  server.close();
  expect(readFound(output)).toMatchObject({ usable: [join(folder, "podman/podman.sock")], denied: [] });
});

it("what a login shell prints besides does not count; without the last line nothing is known", () => {
  const said =
    "Welcome to box\nxnai usable /run/a b.sock\r\nxnai denied /run/c.sock\nxnai installed podman\nxnai user ann\n";
  expect(readFound(said)).toEqual({
    usable: ["/run/a b.sock"],
    denied: ["/run/c.sock"],
    installed: ["podman"],
    user: "ann",
  });
  expect(readFound("xnai usable /run/a.sock\n")).toBeUndefined();
});

it.each([
  [
    { denied: ["/var/run/docker.sock"] },
    "denied",
    "ann may not use the engine at /var/run/docker.sock on ann@box",
    "usermod -aG docker ann",
  ],
  [
    { installed: ["podman"] },
    "stopped",
    "none of /x.sock is there",
    "systemctl --user enable --now podman.socket podman-restart, then loginctl enable-linger ann",
  ],
  [{ installed: ["dockerd"] }, "stopped", "No engine listens on ann@box", "systemctl enable --now docker"],
  [{}, "absent", "No engine listens on ann@box", "Install Docker or Podman"],
])("without one that can be used: %o", (there, fault, what, fix) => {
  expect(
    nothingUsable(ssh, ["/x.sock"], { usable: [], denied: [], installed: [], user: "ann", ...there }),
  ).toMatchObject({
    fault,
    message: expect.stringContaining(what),
    fix: expect.stringContaining(fix),
  });
});
