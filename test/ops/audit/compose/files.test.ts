// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Compose writes its variables
// Which files Compose reads, in which order, and where a finding is written then.
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { collected, composed, folderOf } from "./composed.ts";

const base = "services:\n  app:\n    image: redis\n    ports: ['127.0.0.1:1:1']\n";
const over = "services:\n  app:\n    privileged: true\n    ports: ['2:2']\n";
const places = ({ findings, place }: ReturnType<typeof collected>, rule: string) =>
  findings()
    .filter((each) => each.rule.name === rule)
    .map(place)
    .map(({ file, line }) => `${basename(file)}:${line}`);

it("several files, the later over the earlier", () => {
  const folder = folderOf({ "a.yml": base, "b.yml": over });
  const read = collected({ files: [join(folder, "a.yml"), join(folder, "b.yml")] });
  expect(places(read, "not-privileged")).toEqual(["b.yml:3"]);
  expect(places(read, "port-bound-to-loopback")).toEqual(["b.yml:4"]);
});

it("a folder: the default file and its override", () => {
  const read = collected(folderOf({ "compose.yaml": base, "compose.override.yaml": over }));
  expect(places(read, "not-privileged")).toEqual(["compose.override.yaml:3"]);
});

it("a file alone, with a note about an override beside it", () => {
  const folder = folderOf({ "compose.yml": base, "compose.override.yml": over });
  const { broken, notes } = collected(join(folder, "compose.yml"));
  expect(broken("not-privileged")).toEqual([]);
  expect(notes.join()).toContain("compose.override.yml lies beside it and is not read: give the folder instead");
});

it("a folder without a compose file is refused, and none above it is read", () => {
  const folder = folderOf({ "compose.yml": base, "sub/x": "" });
  expect(() => collected(join(folder, "sub"))).toThrow("no compose file in this folder");
});

it("extends and include", () => {
  const read = composed(
    "include: [inc/compose.yml]\nservices:\n  app:\n    extends: { file: base.yml, service: base }\n",
    {
      "base.yml": "services:\n  base:\n    image: redis\n    privileged: true\n",
      "inc/compose.yml": "services:\n  inner:\n    image: redis\n    env_file: [x.env]\n    network_mode: host\n",
      "inc/x.env": "A=b\n",
    },
  );
  expect(read.broken("not-privileged").map(({ subject }) => subject.label)).toEqual(["app"]);
  expect(places(read, "no-host-network")).toEqual(["compose.yml:5"]);
  expect(read.service("inner").env).toMatchObject([{ name: "A", value: "b", path: "env_file[0]" }]);
});

it("says that remote files are not followed", () => {
  const { notes, facts } = composed(`include: ['https://example.invalid/c.yml', 'oci://x/y']\n${base}`);
  expect(notes).toContain("A remote file is included (https://, oci://): it is not fetched, and not looked at.");
  expect(facts).not.toEqual([]);
  expect(() => composed("services: { a: { extends: { file: 'https://example.invalid/c.yml', service: x } } }")).toThrow(
    "a service extends one of a remote file (https://), which is not fetched",
  );
});

it("!reset and !override, and several documents", () => {
  const folder = folderOf({
    "a.yml": "services:\n  app: { image: x, privileged: true, cap_add: [NET_ADMIN], ports: ['1:1', '2:2'] }\n",
    "b.yml":
      "services:\n  app: { privileged: !reset null, cap_add: !override [CHOWN] }\n---\nservices:\n  app: { ports: !override ['3:3'] }\n",
  });
  const { service } = collected({ files: [join(folder, "a.yml"), join(folder, "b.yml")] });
  expect(service("app")).toMatchObject({ privileged: false, capAdd: ["CHOWN"], ports: [{ external: 3 }] });
});

it("--env-file in place of .env", () => {
  const folder = folderOf({
    "compose.yml": "services: { a: { image: 'redis:${T}' } }",
    ".env": "T=1",
    "other.env": "T=2",
  });
  expect(collected(folder).service("a").image).toBe("redis:1");
  const { service } = collected({ files: [folder], envFiles: [join(folder, "other.env")] });
  expect(service("a").image).toBe("redis:2");
  expect(() => collected({ files: [folder], envFiles: [join(folder, "none.env")] })).toThrow(/none\.env: no such file/);
});

describe("profiles", () => {
  const text = `services:
  a: { image: x, container_name: same, profiles: [one], ports: ['127.0.0.1:80:80'], volumes: ['data:/d'] }
  b: { image: x, container_name: same, profiles: [two], ports: ['127.0.0.1:80:80'], volumes: ['data:/d'] }
volumes: { data: {} }
`;
  const clashes = ["host-port-unique", "container-name-unique", "volume-written-by-one"];
  it("that exclude each other are judged each for itself", () => {
    const { broken, service } = composed(text);
    expect(clashes.flatMap(broken)).toEqual([]);
    expect([service("a").profiles, service("b").profiles]).toEqual([["one"], ["two"]]);
  });
  it("that something needs which is always on: Compose refuses that without them", () => {
    const { notes, broken } = composed(
      "services:\n  a: { image: x, depends_on: [b], privileged: true }\n  b: { image: x, profiles: [p] }\n",
    );
    expect(notes).toEqual([
      'Without a profile Compose refuses these files: service "a" depends on undefined service "b": invalid compose project.',
    ]);
    expect(broken("not-privileged")).toHaveLength(1);
  });
  it("do not make a remote file a missing one", () => {
    const text = "include: ['https://example.invalid/c.yml']\nservices: { a: { image: x, profiles: [p] } }\n";
    expect(composed(text).notes).toEqual([expect.stringContaining("it is not fetched")]);
  });
  it("that are on together clash", () => {
    const folder = folderOf({ "compose.yml": text });
    for (const clash of clashes)
      expect(collected({ files: [folder], profiles: ["one", "two"] }).broken(clash)).toHaveLength(2);
  });
  it("that are off are not looked at", () => {
    const folder = folderOf({ "compose.yml": text });
    const { facts } = collected({ files: [folder], profiles: ["one"] });
    expect(facts.filter(({ kind }) => kind === "container").map(({ label }) => label)).toEqual(["a"]);
  });
});
