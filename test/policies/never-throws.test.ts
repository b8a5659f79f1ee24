// No input makes a rule throw, and no unknown turns a violation into silence.
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { PolicyConfigError, parsePolicyConfig } from "../../policies/config.ts";
import { evaluate } from "../../policies/evaluate.ts";
import { parseImage } from "../../policies/facts/image-reference.ts";
import type { ContainerFacts, Facts } from "../../policies/facts/model.ts";
import { dockerTypes, factsOf } from "../../policies/facts/pulumi.ts";
import { plainValue } from "../../policies/facts/wire-values.ts";
import { allRules } from "../../policies/rules/all.ts";
import { assignments, isCredentialName, looksLikeSecret, tokenKind } from "../../policies/tables/secret-shapes.ts";
import { judge } from "./support/judge.ts";
import { goodStack, unknown } from "./support/stack.ts";

// On a busy machine all this takes its time.
vi.setConfig({ testTimeout: 60_000 });
const runs = 100;
const types = [...Object.values(dockerTypes), "docker:index/service:Service", "aws:s3/bucket:Bucket"];
const properties = [
  "name image user command entrypoints envs labels uploads mustRun ports publishAllPorts networkMode networksAdvanced dns",
  "sysctls privileged readOnly capabilities securityOpts pidMode ipcMode usernsMode cgroupnsMode cgroupParent devices",
  "deviceRequests gpus volumes mounts tmpfs memory memorySwap cpus ulimits restart maxRetryCount healthcheck logDriver logOpts",
  "destroyGraceSeconds driver internal ipv6 options driverOpts host certPath",
].flatMap((line) => line.split(" "));

/** Anything at all, with Pulumi's own marks and the names that rules look for mixed in. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<unknown>(
      unknown,
      null,
      undefined,
      "",
      "0.0.0.0",
      "::",
      "host",
      "A=",
      "=B",
      "a:b:c",
      "[",
      "(",
      "${",
      "*",
    ),
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: "no json" }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        fc.string(),
        fc.constantFrom(...properties, "__proto__", "adds", "tests", "ip", "internal", "label", "value"),
      ),
      tie("value"),
      {
        maxKeys: 5,
      },
    ),
  ),
})).value;
const props = fc.dictionary(fc.constantFrom(...properties), anything, { maxKeys: 12 });

it("gives an answer to every resource", () => {
  const resources = fc.array(
    fc.record({
      type: fc.constantFrom(...types),
      name: fc.string(),
      urn: fc.string(),
      props: fc.oneof(props, anything),
    }),
    {
      maxLength: 5,
    },
  );
  fc.assert(
    fc.property(resources, (list) => {
      for (const { message, path } of judge(list))
        expect(typeof message === "string" && typeof path === "string").toBe(true);
    }),
    { numRuns: runs },
  );
});

it("is never silenced by a value that is not known", () => {
  const good = goodStack();
  const containers = good.filter(({ type }) => type === dockerTypes.container);
  fc.assert(
    fc.property(fc.constantFrom(...containers), fc.constantFrom(...properties), (container, property) => {
      const given = container.props as Record<string, unknown>;
      if (given[property] === undefined) return;
      const hidden = good.map((each) =>
        each === container ? { ...each, props: { ...given, [property]: unknown } } : each,
      );
      const removed = good.map((each) =>
        each === container ? { ...each, props: { ...given, [property]: undefined } } : each,
      );
      // Whatever would be wrong without the property has to be open while it is unknown.
      const of = (list: typeof good, status: string) =>
        new Set(
          judge(list)
            .filter((finding) => finding.status === status)
            .map(({ rule, subject }) => `${rule.name} on ${subject.id}`),
        );
      const open = new Set([...of(hidden, "undecided"), ...of(hidden, "violation")]);
      for (const each of of(removed, "violation")) expect(open).toContain(each);
    }),
    { numRuns: runs },
  );
});

it("reads texts of any kind", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      parseImage(text);
      assignments(text);
      tokenKind(text);
      looksLikeSecret(text);
      isCredentialName(text);
      plainValue(text);
    }),
    { numRuns: runs },
  );
});

it("takes long texts of any shape in a moment", () => {
  const pieces = ["a", "\n", "a:", "a.", "x+", "://", "x://a:", " ", "-", 'a="', "eyJ", "sk-", "pass", "_"];
  const start = process.cpuUsage();
  for (const piece of pieces) {
    const text = piece.repeat(20_000);
    for (const read of [assignments, tokenKind, looksLikeSecret, isCredentialName, parseImage]) read(text);
  }
  // Reading one of them in quadratic time takes longer than all of them should.
  expect(process.cpuUsage(start).user).toBeLessThan(2_500_000);
});

it("reads circular and hostile objects", () => {
  const circular: Record<string, unknown> = { name: "a" };
  circular.volumes = [circular];
  const hostile = new Proxy(
    { ports: 1 },
    {
      get: () => {
        throw new Error("no");
      },
    },
  );
  for (const each of [circular, hostile, Object.create(null), new Date(), new Map([["ports", 1]])]) {
    expect(() => judge([{ type: dockerTypes.container, name: "a", urn: "a", props: each }])).not.toThrow();
  }
});

it("refuses every configuration that it does not understand in sentences", () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom("all", "settings", ...allRules.map(({ name }) => name))),
        anything,
        { maxKeys: 4 },
      ),
      (raw) => {
        try {
          parsePolicyConfig(raw, "the test");
        } catch (error) {
          expect(error).toBeInstanceOf(PolicyConfigError);
        }
      },
    ),
    { numRuns: runs },
  );
});

it("prints no value of a variable, option or file", () => {
  const name = fc.constantFrom("PASSWORD", "API_KEY", "SENTRY_DSN", "POSTHOG_KEY", "DATABASE_URL", "SOMETHING");
  const value = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/);
  fc.assert(
    fc.property(name, value, (variable, secret) => {
      const props = {
        name: "app",
        envs: [`${variable}=${secret}`, `${variable}2=postgres://u:${secret}@h/db`],
        command: ["x", "--password", secret],
        uploads: [{ file: "/f", content: `password: ${secret}` }],
      };
      for (const { message } of judge([{ type: dockerTypes.container, name: "app", urn: "app", props }]))
        expect(message).not.toContain(secret);
    }),
    { numRuns: runs },
  );
});

it("takes time in proportion to the number of containers", () => {
  const stack = (count: number): Facts[] =>
    Array.from({ length: count }, (_, i) => {
      const [container] = goodStack().filter(({ name }) => name === "redis");
      const given = container?.props as Record<string, unknown>;
      const ports = [{ internal: 6379, external: 7000 + i, ip: "127.0.0.1" }];
      return factsOf({
        type: dockerTypes.container,
        name: `c${i}`,
        urn: `c${i}`,
        props: { ...given, name: `c${i}`, ports },
      })[0] as ContainerFacts;
    });
  const config = parsePolicyConfig({}, "the test");
  const time = (facts: Facts[]) => {
    const start = process.cpuUsage();
    evaluate(facts, config);
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  const [few, many] = [stack(50), stack(200)];
  time(many);
  const ratios = [1, 2, 3].map(() => time(many) / Math.max(time(few), 1));
  // Four times as many take about four times as long; a quadratic rule would take sixteen.
  expect(Math.min(...ratios)).toBeLessThan(9);
});
