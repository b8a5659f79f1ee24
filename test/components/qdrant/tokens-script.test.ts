// Whether the running Qdrant takes tokens, as the script asks it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";

const script = join(import.meta.dirname, "../../../components/qdrant/tokens.sh");
let [status, asked] = [403, "" as string | undefined];
const server = createServer(({ headers }, answer) => {
  asked = `${headers["api-key"]}`;
  answer.writeHead(status).end("words");
});

beforeAll(() => new Promise<void>((done) => server.listen(0, "127.0.0.1", done)));
afterAll(() => void server.close());

const port = () => `${(server.address() as AddressInfo).port}`;
const ran = (at = port()) => execa("bash", [script, at], { reject: false, all: true });

it("ends well with a server that knows whose the token is not", async () => {
  status = 403;
  const { exitCode, all } = await ran();
  expect([exitCode, all]).toEqual([0, ""]);
  const parts = `${asked}`.split(".").map((part) => Buffer.from(part, "base64url"));
  expect(parts.slice(0, 2).map((part) => JSON.parse(part.toString()))).toEqual([{ alg: "HS256", typ: "JWT" }, {}]);
  expect(parts[2]).toHaveLength(32);
});

it("has one that takes it for a key start anew", async () => {
  status = 401;
  const { exitCode, all } = await ran();
  expect([exitCode, all]).toEqual([75, "it has run since before apps had tokens of their own"]);
});

it("says what else it answers, and fails without an answer", async () => {
  status = 500;
  const { exitCode, all } = await ran();
  expect([exitCode, all]).toEqual([1, "it answers HTTP/1.1 500 Internal Server Error to a token that nobody signed"]);
  expect((await ran("1")).exitCode).toBe(1);
});
