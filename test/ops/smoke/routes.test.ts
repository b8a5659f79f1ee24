import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import type { Answer } from "../../../ops/clients/http.ts";
import { type Bus, NotRun, Wrong } from "../../../ops/smoke/step.ts";
import { routeSteps } from "../../../ops/smoke/steps/routes.ts";

const config = parseConfig({ caddy: { routes: [{ path: "/api", upstream: "rag:8000" }] } });

/** A bus whose front door answers everything alike. */
const bus = (answer: Partial<Answer>, container: "running" | "stopped" | "absent" = "absent") =>
  ({
    door: { ask: async () => ({ headers: {}, body: "", ...answer }) },
    container: async (name: string) => (name === "rag" ? container : "absent"),
  }) as unknown as Bus;
const run = async (title: string, ...given: Parameters<typeof bus>) =>
  routeSteps(config)
    .find((step) => step.title.startsWith(title))
    ?.run(bus(...given));

it("there is a step for every route, Vikunja's pages where they are", () => {
  const titles = (given: Record<string, unknown>) =>
    routeSteps(parseConfig(given)).map(({ title, doors }) => `${title} ${doors}`);
  expect(titles({})).toEqual([
    "/ is the landing page caddy.port",
    "/healthz answers caddy.port",
    "what nobody has is a 404 caddy.port",
    "/vikunja/api leads to Vikunja caddy.port",
    "/vikunja/ leads to Vikunja's pages caddy.port",
    "vikunja.localhost:8000 has Vikunja's pages caddy.port",
    "/api leads to xnai_rag_api:8000 caddy.port",
    "/chainlit leads to xnai_chainlit_ui:8001 caddy.port",
  ]);
  expect(titles({ exposure: { vikunja: { port: 8010 } } })).toContain(
    "localhost:8010 has Vikunja's pages caddy.vikunja",
  );
});

describe("the stack's own routes", () => {
  it("pass with the right answer only", async () => {
    await expect(
      run("/ is", { status: 200, headers: { "content-type": "text/html; charset=utf-8" } }),
    ).resolves.toBeUndefined();
    await expect(run("/ is", { status: 200 })).rejects.toThrow("the answer to GET / is not what it should be");
    await expect(run("/healthz", { status: 503 })).rejects.toThrow("GET /healthz is answered with 503 instead of 200");
    await expect(run("/vikunja/api", { status: 200, body: "{}" })).rejects.toThrow("is not what it should be");
  });
});

describe("a route to a container of the user's", () => {
  it.each([200, 302, 401, 404])("passes with whatever it answers: %i", async (status) => {
    expect(await run("/api", { status })).toBe(`answers ${status}`);
  });

  it("fails when it fails", async () => {
    await expect(run("/api", { status: 500 })).rejects.toThrow("GET /api/ is answered with 500");
  });

  it.each([
    ["absent", "no container on the stack's network has the name rag yet"],
    ["stopped", "GET /api/ is answered with 502: the container rag has stopped"],
    ["running", "GET /api/ is answered with 502: the container rag runs, but does not answer there"],
  ] as const)("without an answer says why: %s", async (container, why) => {
    const error = await run("/api", { status: 502 }, container).catch((caught: Error) => caught);
    expect(error).toBeInstanceOf(container === "absent" ? NotRun : Wrong);
    expect(error).toMatchObject({ message: why });
  });
});
