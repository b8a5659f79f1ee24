import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Clone } from "../support/clone.ts";

const clone = new Clone();
let applying: typeof import("../../ops/applying.ts");
let server: Server;
let status = 200;
let asked = "";
let vikunjaApi: string;

beforeAll(async () => {
  applying = await clone.load<typeof applying>("ops/applying.ts");
  server = createServer(async (request, response) => {
    asked = "";
    for await (const chunk of request) asked += chunk;
    response.writeHead(status).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  vikunjaApi = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  clone.write(".xnai/x", "");
});
afterAll(() => server.close());
afterEach(() => {
  asked = "";
});

const ask = (api = vikunjaApi) =>
  applying.notApplying("dev", { vikunjaApi: api, vikunjaUser: "me", vikunjaPassword: "new" });

it("is not asked of Vikunja in a stack that has its own data", async () => {
  expect(await ask()).toEqual({});
  expect(asked).toBe("");
});

it("is found out after a take-over, by a login", async () => {
  applying.noteTakenOver("dev");
  expect(await ask()).toEqual({});
  expect(JSON.parse(asked)).toEqual({ username: "me", password: "new" });
  status = 403;
  expect(await ask()).toEqual({
    vikunjaPassword: "does not apply: the stack was taken over, and me keeps the password from before",
  });
  expect(await ask("http://127.0.0.1:1")).toEqual({
    vikunjaPassword: expect.stringMatching(/^may not apply, and Vikunja does not answer/),
  });
});
