// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Compose writes its variables
// What Compose refuses: its own sentence, in one line, without any value; and no input takes long or much.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exitCode, XnaiError } from "../../../../lib/errors.ts";
import { collected, composed, folderOf } from "./composed.ts";

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(XnaiError);
    expect((error as XnaiError).code).toBe(exitCode.usage);
    const { message } = error as XnaiError;
    expect(message).toMatch(/^Compose does not read \P{Cc}+\.$/u);
    expect(message.length).toBeLessThan(500);
    return message.replace(/\/tmp\/\S+\//g, "");
  }
  throw new Error("it was not refused");
}

const app = (lines: string) => `services:\n  app:\n    image: redis\n${lines.replace(/^/gm, "    ")}\n`;

it.each([
  [
    "a list where a map is merged",
    "x-e: &e [A=b]\nservices: { a: { image: x, environment: { <<: *e } } }",
    "map merge",
  ],
  ["no services", "version: '3'\nx: 1\n", "additional properties 'x' not allowed"],
  ["a service that is no map", "services: { a: 1 }", "services.a must be a mapping"],
  ["numbers as keys", "services: { 1: { image: x } }", "non-string key in services: 1"],
  ["a NUL", 'services: { a: { image: "x\0y" } }', "control characters are not allowed"],
  ["no text at all", "\x00\x01", "control characters"],
  ["nothing", "", "empty compose file"],
  ["aliases without end", bomb("[", "]"), "excessive aliasing"],
  ["an alias of itself", "x-a: &a [*a]\nservices: { a: { image: x } }", "cycle detected"],
  ["100,000 lists in each other", `x-a: ${"[".repeat(100_000)}\n`, "exceeded max depth"],
  ["a key twice", "services: { a: { image: x }, a: { image: y } }", 'key "a" already defined'],
  ["itself included", "include: [docker-compose.yml]\n", "include cycle detected"],
  ["a missing include", "include: [other.yml]\n", "other.yml: no such file or directory"],
  ["a special file included", "include: [/dev/zero]\nservices: { a: { image: x } }", "/dev/zero: not a regular file"],
  [
    "a special file extended",
    "services: { a: { extends: { file: /dev/zero, service: x } } }",
    "/dev/zero: not a regular file",
  ],
  ["an undefined network", app("networks: [n]"), 'service "app" refers to undefined network'],
  [
    "distinct limits",
    app("mem_limit: 1m\ndeploy: { resources: { limits: { memory: 2m } } }"),
    "can't set distinct values on 'mem_limit'",
  ],
  ["a port that is none", app('ports: ["nonsense"]'), "nvalid containerPort"],
])("%s", (_, text, sentence) => expect(refusal(() => composed(text))).toContain(sentence));

function bomb(open: string, close: string): string {
  const names = [..."abcdefghij"];
  const levels = names.map(
    (name, i) => `x-${name}: &${name} ${open}${Array(10).fill(i ? `*${names[i - 1]}` : 1)}${close}`,
  );
  return `${levels.join("\n")}\nservices: { a: { image: x, labels: *j } }\n`;
}

describe("no value is in a refusal", () => {
  it.each([
    'services:\n  a:\n    environment:\n      PW: "S3cretPw\n   b: c\n',
    app("mem_limit: S3cretPw"),
    app('ports: ["S3cretPw:80"]'),
    app('ports: ["80:S3cretPw/tcp"]'),
    app("S3cretPw"),
    app("privileged: S3cretPw"),
    app("cpus: S3cretPw"),
    app("healthcheck: { interval: S3cretPw }"),
    app("healthcheck: { test: [S3cretPw] }"),
    app('environment: ["A=${S3cretPw!!x}"]'),
    app("environment: { A: { S3cretPw: 1 } }"),
    app("networks: [S3cretPw]"),
    app("volumes: ['S3cretPw:/x']"),
    app("secrets: [S3cretPw]"),
    app("depends_on: [S3cretPw]"),
    app("deploy: { restart_policy: { delay: S3cretPw } }"),
    app("command: 'S3cretPw \"unclosed'"),
    app("ulimits: { nofile: S3cretPw }"),
    app("devices: [{ source: 1, target: S3cretPw }]"),
    app("extends: S3cretPw"),
    "services: S3cretPw",
    "S3cretPw",
    "- S3cretPw",
    "services: { a: { image: x, mem_limit: '${FROM_ENV}' } }",
    "services: { a: { image: x, ports: ['${FROM_ENV}:1'] } }",
    "services: { a: !!map S3cretPw }",
  ])("%j", (text) => {
    expect(refusal(() => composed(text, {}, { FROM_ENV: "S3cretPw" }))).not.toContain("S3cret");
  });
  it("of a .env either", () => {
    const text = "services: { a: { image: x } }";
    expect(refusal(() => composed(text, { ".env": 'A=b\nS3cretPw S3cretPw\n"' }))).not.toContain("S3cret");
  });
});

describe("special files", () => {
  it.each(["/dev/zero", "/dev/stdin", "/proc/self/mem"])("%s", (file) => {
    expect(refusal(() => collected(file))).toContain(file);
  });
  it("a pipe that nobody writes to", () => {
    const folder = folderOf({});
    execFileSync("mkfifo", [join(folder, "compose.yml")]);
    expect(refusal(() => collected(folder))).toContain("not a regular file");
  });
});

it("memory and processor time are bounded", () => {
  const endless = "include: [{ path: other.yml, env_file: /dev/zero }]\n";
  expect(refusal(() => composed(endless, { "other.yml": "services: { a: { image: x } }" }))).toContain(
    "more than 512 MiB of memory",
  );
}, 60_000);

it("says what to call when it has no better words", () => {
  const folder = folderOf({ "compose.yml": "services: { a: { image: x, x: 1 } }" });
  const read = () => collected({ files: [join(folder, "compose.yml")] });
  expect(read).toThrow(expect.objectContaining({ fix: expect.stringContaining("docker compose -f") }));
});
