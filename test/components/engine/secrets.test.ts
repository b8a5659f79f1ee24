import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { secretItself, secretText } from "../../../components/definition/secret.ts";
import { generatedSecret, Secrets } from "../../../components/engine/secrets.ts";
import { run } from "../../support/program.ts";

class Parent extends pulumi.ComponentResource {
  constructor() {
    super("xnai:index:Parent", "parent");
  }
}

/** The secrets of a stack, with one that is made anew every ten days. */
async function tenDays() {
  let secrets: Secrets | undefined;
  const program = await run(() => {
    secrets = new Secrets(parseConfig({}));
    secrets.generate({ token: { rotation: 2, renewedEveryDays: 10 }, other: {} }, new Parent());
  });
  return { program, secrets: secrets as unknown as Secrets };
}

describe("generated secrets", () => {
  it("are letters and digits of the length that is asked for, renewed by a number", async () => {
    const { all } = await run(() => [generatedSecret("redisPassword", 3, {}), generatedSecret("qdrantKey", 0, {}, 64)]);
    expect(all.map(({ kind, name, inputs }) => ({ kind, name, inputs }))).toEqual([
      {
        kind: "RandomPassword",
        name: "redisPassword",
        inputs: { length: 32, special: false, keepers: { rotation: "3" } },
      },
      { kind: "RandomPassword", name: "qdrantKey", inputs: { length: 64, special: false, keepers: { rotation: "0" } } },
    ]);
  });
});

describe("a secret that is made anew by itself", () => {
  afterEach(() => void vi.useRealTimers());
  const keepers = async (date: string) => {
    vi.useFakeTimers({ now: new Date(date), toFake: ["Date"] });
    const { program } = await tenDays();
    return program.all.find(({ name }) => name === "token")?.inputs.keepers;
  };

  it("stays for a period, and is another one in the next", async () => {
    const first = await keepers("1970-01-01");
    expect(first).toEqual({ rotation: "2, period 0 of 10 days" });
    expect(await keepers("1970-01-10")).toEqual(first);
    expect(await keepers("1970-01-11")).toEqual({ rotation: "2, period 1 of 10 days" });
  });
});

describe("a secret that a service issues", () => {
  it("is asked for when it is written down, and then once; what counts is the generated one", async () => {
    const { secrets } = await tenDays();
    let asked = 0;
    secrets.issue("token", async () => `issued ${++asked}`);
    const text = secretText(["token"], (token) => `TOKEN=${token}`);
    const counted = await new Promise((done) => void pulumi.output(secrets.render(text)).apply(done));
    expect([asked, counted]).toEqual([0, expect.stringMatching(/^TOKEN=(?!issued)/)]);
    const written = [secrets.issued(text), secrets.issued(secretItself("token"))];
    expect(await Promise.all(written.map((each) => each?.()))).toEqual(["TOKEN=issued 1", "issued 1"]);
  });

  it("makes no other text wait", async () => {
    const { secrets } = await tenDays();
    secrets.issue("token", async () => "issued");
    expect([secrets.issued("plain"), secrets.issued(secretItself("other"))]).toEqual([undefined, undefined]);
    const both = secretText(["other", "token"], (other, token) => `${other.length > 0} ${token}`);
    expect(await secrets.issued(both)?.()).toBe("true issued");
  });
});
