import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparedChanges } from "../../../../ops/audit/review/changes.ts";
import { previewMarkdown } from "../../../../ops/audit/review/comment.ts";
import { readEvents } from "../../../../ops/pulumi/events.ts";
import { markerType } from "../../../../policies/facts/marker.ts";
import { dockerTypes } from "../../../../policies/facts/pulumi.ts";
import { changed, goodContainer, goodStack, resource, unknown } from "../../../policies/support/stack.ts";
import { event, log, urn } from "./event-log.ts";

const redis = { name: "app_redis", image: "redis:1", ports: [] };
const open = { ...redis, ports: [{ internal: 6379, external: 6379, ip: "0.0.0.0" }] };
const lineOf = (text: string, number: number) => text.split("\n")[number - 1];

describe("a preview as Markdown", () => {
  const violation = JSON.stringify({
    policyEvent: {
      policyName: "port-bound-to-loopback",
      resourceUrn: urn(dockerTypes.container, "redis"),
      enforcementLevel: "mandatory",
      message: "Title.\napp_redis publishes.\n",
    },
  });
  const failure = JSON.stringify({ diagnosticEvent: { severity: "error", message: "preview failed\n" } });

  it("counts first, then says what is dangerous, and folds the raw steps away at the end", () => {
    const text = previewMarkdown(
      log(
        event("update", dockerTypes.container, "redis", redis, open),
        event("same", dockerTypes.container, "caddy", redis, redis),
        event("same", "xnai:index:Service", "redis", {}, {}),
        violation,
        failure,
      ),
      { stack: "dev", policy: { before: {}, after: { all: "advisory" } } },
    );
    expect(lineOf(text, 2)).toBe("❌ 1 changes; 1 unchanged.");
    const order = [
      "<!-- xnai-preview -->",
      "Look at this first",
      "rules are relaxed",
      "Port 6379 opens",
      "Broken rules",
      "app\\_redis publishes",
      "When this is merged",
      "**updated**: container `redis`",
      "`ports`: not set → `0.0.0.0:6379 to 6379/tcp`",
      "Pulumi's own steps (1)",
    ].map((part) => text.indexOf(part));
    expect(order.every((at) => at >= 0)).toBe(true);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it("judges ways out by the engine that the rules are for", () => {
    const network = resource("network", "web", { name: "app_web", options: { no_default_route: "true" } });
    const alone = resource("container", "redis", goodContainer("redis", "app_web", { sysctls: {} }));
    const text = (engine: object) => {
      const policy = { before: {}, after: { settings: { engine } } };
      return previewMarkdown(log(), { stack: "dev", policy, changes: comparedChanges([], [network, alone]) });
    };
    expect(text({ kind: "podman" })).not.toContain("A way out opens");
    expect(text({ kind: "docker" })).toContain("A way out opens");
    // A base may name what this checkout does not know.
    expect(text({ kind: "containerd" })).toContain("A way out opens");
  });

  it("names a rule once that the pack and the program found broken", () => {
    const own = JSON.stringify({
      diagnosticEvent: { severity: "error", message: "Policy port-bound-to-loopback: app_redis publishes.\n" },
    });
    const text = previewMarkdown(log(violation, own), { stack: "dev" });
    expect(text.match(/app\\_redis publishes/g)).toHaveLength(1);
    expect(text).not.toContain("**Errors**");
  });
  it("is short and green when nothing changes", () => {
    expect(previewMarkdown(log(), { stack: "dev" })).toBe(
      "<!-- xnai-preview -->\n✅ Nothing changes; 0 unchanged.\n\n### What changes in `dev`\n",
    );
  });
  it("says so when the preview broke off, and why", () => {
    const text = previewMarkdown(
      readEvents(JSON.stringify({ diagnosticEvent: { severity: "error", message: "no such image\n" } })),
      { stack: "dev" },
    );
    expect(text).toContain("❌ The preview did not come to its end.");
    expect(text).toContain("- no such image");
  });
  it("fits into a comment, says that something is left out, and leaves out no danger", () => {
    const many = Array.from({ length: 400 }, (_, i) =>
      event(
        "update",
        dockerTypes.container,
        `container-${i}`,
        { ...redis, name: `c${i}`, user: "1:1", command: ["x".repeat(300)] },
        { ...redis, name: `c${i}`, user: `${i}:0`, command: ["y".repeat(300)] },
      ),
    );
    const text = previewMarkdown(log(...many), { stack: "dev" });
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text).toMatch(/… \d+ more parts do not fit here/);
    for (let i = 2; i < 400; i++) expect(text).toContain(`User of c${i} changes from 1:1 to ${i}:0.`);
    // What is opened is closed again.
    expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
  });
});

describe("what changes", () => {
  const compared = (after: ReturnType<typeof goodStack>, before = goodStack()) =>
    previewMarkdown(log(), { stack: "dev", changes: comparedChanges(before, after) });
  const marker = (keepers: object) => resource(markerType, "redis-prepare", { keepers });

  it("is said once of each resource, old and new", () => {
    const text = compared(changed("redis", { memory: 512, memorySwap: 512, envs: ["A=1"], user: "1001:1001" }));
    expect(lineOf(text, 2)).toBe("✅ 1 is replaced; 16 unchanged.");
    expect(text.match(/container `redis`/g)).toHaveLength(1);
    for (const line of ["`memory`: `256` → `512`", "`envs.A`: not set → `1`", "`user`: `1000:1000` → `1001:1001`"])
      expect(text).toContain(line);
  });
  it("is no replacement where the provider changes it in place", () => {
    expect(lineOf(compared(changed("redis", { memory: 512, memorySwap: 512 })), 2)).toBe("✅ 1 changes; 16 unchanged.");
  });
  it("does not count what is not known on either side, and the ids of what comes before", () => {
    const stack = (more: object) => changed("redis", { hostname: unknown, ...more });
    expect(lineOf(compared(stack({ waitTimeout: 1 }), stack({ waitTimeout: 2 })), 2)).toContain("Nothing changes");
  });
  it("shows rendered files as a diff, and of those with secrets that they change", () => {
    const before = [marker({ "file redis.conf": "a\nb\nc\n", "secret files": '{"users.acl":"1","x":"1"}' })];
    const after = [marker({ "file redis.conf": "a\nB\nc\n", "secret files": '{"users.acl":"2","x":"1"}' })];
    const text = compared(after, before);
    expect(text).toContain("```diff\n    @@ -1,3 +1,3 @@\n     a\n    -b\n    +B\n     c\n    ```");
    expect(text).toContain("`file users.acl`: changed (it holds secrets)");
    expect(text).not.toContain("`file x`");
  });
  it("says nothing of files with secrets when the base does not tell", () => {
    const text = compared([marker({ "secret files": '{"a":"1"}' })], [marker({ "secret files": unknown })]);
    expect(lineOf(text, 2)).toContain("Nothing changes");
    expect(compared([marker({ "secret files": unknown })], [marker({ "secret files": '{"a":"1"}' })])).toContain(
      "`secret files`: changed (it holds secrets)",
    );
  });
  it("lists what is added with its properties", () => {
    const text = compared([...goodStack(), resource("container", "new", goodContainer("new", "app_network"))]);
    expect(text).toContain("**added**: container `new`");
    expect(text).toContain("`image`: `new:1.2.3@sha256:");
  });
});

describe("a comment", { timeout: 60_000 }, () => {
  const hostile = ["`", "``` \n# big", "<script>", "@everyone", "\u202e", "| x |", "https://evil.test", "</details>"];

  it("has nothing in it that a name or a value makes markup", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...hostile), { minLength: 1, maxLength: 4 }), (parts) => {
        const value = parts.join("");
        const text = previewMarkdown(log(), {
          stack: "dev",
          changes: comparedChanges(
            goodStack(),
            changed("redis", { user: value, command: [value], envs: [`A=${value}`] }),
          ),
        });
        const outside = text
          .replaceAll(/^ *(`{3,})diff\n[\s\S]*?\n *\1$/gm, "")
          .replaceAll(/(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "")
          .replace("<!-- xnai-preview -->", "")
          .replaceAll(/<\/?(details|summary)>/g, "");
        expect(outside).not.toMatch(/(?<!\\)<script|@everyone|https:\/\/evil|\u202e|^# big/m);
        expect(text.match(/^<\/details>$/gm)).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  it("holds no secret, wherever one stands", () => {
    const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{6,20}[0-9]$/);
    /** One of its own for each place, so that none hides another. */
    const places = (start: string) => {
      const planted: string[] = [];
      const secret = () => {
        planted.push(`S3cret${planted.length}x${start}`);
        return planted.at(-1) ?? "";
      };
      const token = `ghp_${start.padEnd(36, "0aB1cD2eF3").slice(0, 36)}`;
      const key = `K9a${createHash("sha256").update(start).digest("base64url")}`;
      planted.push(token, key);
      const props = {
        envs: [
          `REDIS_PASSWORD=${secret()}`,
          `URL=redis://user:${secret()}@redis:6379`,
          `ORDINARY=${token}`,
          `X=${key}`,
        ],
        command: ["server", "--requirepass", secret(), `--token=${secret()}`, "--name", token],
        entrypoints: ["sh", "-c", `export DB_PASSWORD=${secret()}\nexec server --password ${secret()} ${key}\n`],
        labels: [{ label: "app.password", value: secret() }],
        healthcheck: { tests: ["CMD", "cli", `--password=${secret()}`, "ping"] },
        user: token,
        masked: "[secret]",
        wire: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: secret() },
      };
      const keepers = {
        "file redis.conf": `port 1\nrequirepass ${secret()}\n`,
        "file x.json": JSON.stringify({ password: secret(), url: `postgres://u:${secret()}@db/x` }, null, 2),
        "secret files": JSON.stringify({ "users.acl": secret() }),
        container: JSON.stringify({ name: "task", envs: [`API_KEY=${secret()}`] }),
      };
      return { planted, props, marker: resource(markerType, "redis-prepare", { keepers }) };
    };
    fc.assert(
      fc.property(word, word, (one, other) => {
        const [old, next] = [places(one), places(other)];
        const changes = comparedChanges(
          [...changed("redis", old.props), old.marker],
          [...changed("redis", next.props), next.marker, resource("container", "new", next.props)],
        );
        const failure = { diagnosticEvent: { severity: "error", message: `--password=${next.planted[2]} is wrong` } };
        const text = previewMarkdown(log(JSON.stringify(failure)), { stack: "dev", changes });
        for (const secret of [...old.planted, ...next.planted]) expect(text).not.toContain(secret);
      }),
      { numRuns: 100 },
    );
  });
});
