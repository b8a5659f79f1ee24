import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../components/config/parse.ts";
import { configProblems } from "../../support/config-problems.ts";

const parse = (caddy: object = {}) => parseConfig({ caddy });
const problems = (caddy: object) => configProblems({ caddy });

describe("routes", () => {
  const to = (path: string, upstream = "a:1") => ({ path, upstream });

  it("lead to the user's own containers when nothing is said", () => {
    expect(parse().caddy.routes).toEqual([
      { path: "/api", upstream: "xnai_rag_api:8000", stripPrefix: false },
      { path: "/chainlit", upstream: "xnai_chainlit_ui:8001", stripPrefix: false },
    ]);
  });

  it.each([
    ["api", "a path such as /api"],
    ["/", "a path such as /api"],
    ["/api/", "a path such as /api"],
    ["/a//b", "a path such as /api"],
    ["/a b", "a path such as /api"],
    ["/*", "a path such as /api"],
    ["/{env.HOME}", "a path such as /api"],
    ["/a\n}", "a path such as /api"],
    ["/a/../b", "dot segments are not allowed"],
    ["/vikunja", "/vikunja belongs to the stack itself"],
    ["/Vikunja/api", "/vikunja belongs to the stack itself"],
    ["/healthz", "/healthz belongs to the stack itself"],
  ])("refuse the path %j", (path, message) => {
    expect(problems({ routes: [to(path)] })).toEqual([expect.stringContaining(message)]);
  });

  it.each(["a", "a:", ":1", "a:0", "a:65536", "a:1 b:2", "http://a:1", "a:1/x", "{$A}:1", "a\n:1", "-a:1"])(
    "refuse the upstream %j",
    (upstream) => expect(problems({ routes: [to("/a", upstream)] })).toHaveLength(1),
  );

  it("refuse a path twice, in any case, and tell it beside other problems", () => {
    expect(problems({ routes: [to("/a"), to("/A"), { path: "/b" }] })).toEqual([
      "caddy.routes[2].upstream is not set; it must be text",
      'caddy.routes[1].path is "/A"; it is already routed by caddy.routes[0]',
    ]);
  });

  it("take what merely begins alike", () => {
    expect(problems({ routes: [to("/vikunja2"), to("/a"), to("/a/b"), to("/ab")] })).toEqual([]);
  });
});

describe("response headers", () => {
  it.each([
    ["-Server", "x"],
    ["+Server", "x"],
    ["A B", "x"],
    ["A:", "x"],
    ["", "x"],
    ["A", "a\nb"],
    ["A", "ä"],
    ["A", ""],
    ["A", "{env.HOME}"],
    ["A", "{$HOME}"],
    ["A", "back\\slash"],
    ["A", true],
  ])("refuse %j: %j", (name, value) => {
    expect(problems({ securityHeaders: { [name]: value } })).toHaveLength(1);
  });
});
