import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readMachine } from "../../../../ops/engine/connection/machine.ts";

describe("readMachine", () => {
  function root(files: Record<string, string>): string {
    const at = mkdtempSync(join(tmpdir(), "xnai engine "));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(at, path)), { recursive: true });
      writeFileSync(join(at, path), content);
    }
    return at;
  }
  const debian = {
    "etc/os-release": 'PRETTY_NAME="Debian"\nID=debian\n',
    "usr/bin/apt-get": "",
    "proc/mounts": "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n",
  };

  it("sees a bare Debian with systemd", () => {
    expect(readMachine(root({ ...debian, "run/systemd/system/x": "" }))).toMatchObject({
      debianLike: true,
      installed: false,
      init: "systemd",
      packages: ["docker.io", "iptables"],
    });
  });

  it("sees a classic init", () => {
    expect(readMachine(root({ ...debian, "run/initctl": "" })).init).toBe("sysv");
  });

  it("sees an installed engine, no init, AppArmor and missing cgroups", () => {
    const files = {
      ...debian,
      "usr/sbin/dockerd": "",
      "sys/module/apparmor/parameters/enabled": "Y\n",
      "proc/mounts": "/dev/vda / ext4 rw 0 0\n",
    };
    expect(readMachine(root(files))).toMatchObject({
      installed: true,
      init: "none",
      packages: ["docker.io", "iptables", "apparmor", "cgroupfs-mount"],
    });
  });

  it.each([
    ["Ubuntu", "ID=ubuntu\nID_LIKE=debian\n", true],
    ["Mint", 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', true],
    ["Fedora", "ID=fedora\n", false],
  ])("tells whether %s is like Debian", (_, release, expected) => {
    expect(readMachine(root({ ...debian, "etc/os-release": release })).debianLike).toBe(expected);
  });
});
