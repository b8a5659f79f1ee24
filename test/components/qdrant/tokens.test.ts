// Tokens of apps for Qdrant: what they say, and how they are kept. Qdrant's API is played by the test.
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig } from "../../../components/config/parse.ts";
import { clientsOf } from "../../../components/definition/clients.ts";
import type { Answer } from "../../../components/definition/task.ts";
import { appKey, signed, tokenCollection, tokenId } from "../../../components/qdrant/tokens.ts";
import { givingToken, tokensInUse } from "../../../components/qdrant/tokens-task.ts";

const app = { image: "localhost/rag:latest", health: { tcp: 8000 }, uses: ["qdrant"] };
const docs = { collections: { docs: { size: 8 }, old: { access: "read" } } };
const withApps = (apps: Record<string, object>) => parseConfig({ apps });
function client(more: object) {
  const [found] = clientsOf(withApps({ rag: { ...app, ...more } }), "qdrant");
  if (!found) throw new Error("no client");
  return found;
}
const decoded = (part: string | undefined) => JSON.parse(Buffer.from(part ?? "", "base64url").toString());

describe("the token of an app", () => {
  it("is signed with the key, as RFC 7515 has it", () => {
    // The header and payload of the RFC's appendix A.1 differ in white space only; the signature is made over ours.
    const [header, payload, signature] = signed({ iss: "joe" }, "secret").split(".");
    expect([decoded(header), decoded(payload)]).toEqual([{ alg: "HS256", typ: "JWT" }, { iss: "joe" }]);
    expect(signature).toBe(createHmac("sha256", "secret").update(`${header}.${payload}`).digest("base64url"));
  });

  it("opens its collections only, and counts while its point is there", () => {
    const text = appKey(client({ qdrant: docs }), "qdrantKey");
    expect(text.secrets).toEqual(["qdrantKey", "qdrant-rag-token"]);
    expect(decoded(text.render("key", "own").split(".")[1])).toEqual({
      subject: "rag",
      access: [
        { collection: "docs", access: "rw" },
        { collection: "old", access: "r" },
      ],
      value_exists: {
        collection: tokenCollection,
        matches: [{ key: "token", value: tokenId(client({ qdrant: docs }), "own") }],
      },
    });
    expect(text.render("key", "own")).not.toContain("own");
  });

  it("is another one with each secret, and with other collections", () => {
    const fewer = { collections: { docs: { size: 8 } } };
    const ids = [
      tokenId(client({ qdrant: docs }), "one"),
      tokenId(client({ qdrant: docs }), "two"),
      tokenId(client({ qdrant: fewer }), "one"),
      tokenId(client({ qdrant: { collections: { ...docs.collections, docs: { access: "read" } } } }), "one"),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    // Vectors are no matter of a token.
    const longer = { collections: { ...docs.collections, docs: { size: 9 } } };
    expect(tokenId(client({ qdrant: longer }), "one")).toBe(ids[0]);
  });

  it("is everybody's key where it says nothing of collections", () => {
    expect(appKey(client({}), "qdrantReadOnlyKey").secrets).toEqual(["qdrantReadOnlyKey"]);
  });

  it.each([
    [{ collections: {} }, "at least one collection"],
    [{ collections: { xnai_tokens: {} } }, "not beginning with xnai_"],
    [{ collections: { docs: { size: 0 } } }, "must be at least 1"],
    [{ collections: { docs: { acces: "read" } } }, "did you mean apps.rag.qdrant.collections.docs.access?"],
  ])("is refused for %j", (qdrant, said) => {
    expect(() => withApps({ rag: { ...app, qdrant } })).toThrow(ConfigError);
    expect(() => withApps({ rag: { ...app, qdrant } })).toThrow(said);
  });
});

/** A Qdrant with nothing but what the task asks for. */
class Played {
  readonly collections = new Map<string, { size: number; distance: string }>();
  points = new Map<string, { app: string; token: string }>();
  readonly said: string[] = [];

  /** What happens as Qdrant comes up, and then for each app. */
  async run(apps: Record<string, object>, secret = "one"): Promise<void> {
    const config = withApps(apps);
    const clients = clientsOf(config, "qdrant").flatMap((each) => givingToken(each) ?? []);
    for (const work of [tokensInUse, ...clients]) {
      const secrets = Object.fromEntries(work.secrets(config).map((name) => [name, name + secret]));
      const wanted = work.wanted(config, []);
      const http = { ask: async (...request: unknown[]) => this.#answer(request) };
      await work.run({ http, config, secrets, wanted, say: (line) => void this.said.push(line) });
    }
  }

  #answer([method, path, body]: unknown[]): Answer {
    const ok = (result: unknown) => ({ status: 200, body: JSON.stringify({ result }) });
    const [, , name = "", , what] = String(path).split(/[/?]/);
    if (method === "PUT" && !String(path).includes("points")) {
      if (this.collections.has(name)) return { status: 409, body: "already exists" };
      this.collections.set(name, (body as { vectors: { size: number; distance: string } }).vectors);
      return ok(true);
    }
    const vectors = this.collections.get(name);
    if (!vectors) return { status: 404, body: "Not found" };
    if (what === "scroll") return ok({ points: [...this.points].map(([id, payload]) => ({ id, payload })) });
    if (what === "delete") for (const id of (body as { points: string[] }).points) this.points.delete(id);
    else if (method === "PUT")
      for (const { id, payload } of (body as { points: { id: string; payload: { app: string; token: string } }[] })
        .points)
        this.points.set(id, payload);
    return ok({ config: { params: { vectors } } });
  }
}

describe("the work that keeps them", () => {
  it("makes nothing in a stack without such apps, which is ready as before", async () => {
    const qdrant = new Played();
    await qdrant.run({ other: app });
    expect(qdrant.collections.size).toBe(0);
    expect(tokensInUse.wanted(withApps({ other: app }), [])).toEqual({});
    expect(tokensInUse.wanted(withApps({ other: app, rag: { ...app, qdrant: docs } }), [])).toEqual({ tokens: "rag" });
  });

  it("makes collections with a size, and a point for each token", async () => {
    const qdrant = new Played();
    await qdrant.run({ rag: { ...app, qdrant: docs }, other: app });
    expect([...qdrant.collections]).toEqual([
      [tokenCollection, { size: 1, distance: "Dot" }],
      ["docs", { size: 8, distance: "Cosine" }],
    ]);
    const rag = client({ qdrant: docs });
    expect([...qdrant.points.values()]).toEqual([{ app: "rag", token: tokenId(rag, "qdrant-rag-tokenone") }]);
    expect(qdrant.said).toEqual(["Qdrant: new collection docs, for rag"]);
  });

  it("ends the token of an app that is renewed, or gone", async () => {
    const qdrant = new Played();
    await qdrant.run({ rag: { ...app, qdrant: docs } });
    await qdrant.run({ rag: { ...app, qdrant: docs } }, "two");
    const rag = client({ qdrant: docs });
    expect([...qdrant.points.values()]).toEqual([{ app: "rag", token: tokenId(rag, "qdrant-rag-tokentwo") }]);
    await qdrant.run({});
    expect(qdrant.points.size).toBe(0);
    expect(qdrant.collections.has("docs")).toBe(true);
    expect(qdrant.said).toEqual([
      "Qdrant: new collection docs, for rag",
      "Qdrant: the token of rag is no longer valid",
    ]);
  });

  it("leaves a collection to the app that was the first to need it", async () => {
    const qdrant = new Played();
    await qdrant.run({ rag: { ...app, qdrant: docs }, chat: { ...app, qdrant: docs } });
    expect(qdrant.said).toEqual(["Qdrant: new collection docs, for rag"]);
    expect(qdrant.points.size).toBe(2);
  });

  it("says which collection is another one than written", async () => {
    const qdrant = new Played();
    qdrant.collections.set("docs", { size: 384, distance: "Dot" });
    await expect(qdrant.run({ rag: { ...app, qdrant: docs } })).rejects.toThrow(
      "Qdrant's collection docs has vectors of 384 (Dot), and xnai:apps.rag.qdrant.collections.docs says 8 (Cosine)",
    );
  });
});
