// The Caddyfile, read back line by line and token by token as Caddy does.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { caddyfile, healthPort } from "../../../components/caddy/caddyfile.ts";
import { caddy } from "../../../components/caddy/definition.ts";
import { caddySite } from "../../../components/caddy/site.ts";
import { ConfigError, parseConfig } from "../../../components/config/parse.ts";
import { definitionsOf } from "../../../components/services.ts";
import { caddyTokens } from "../../support/caddy-tokens.ts";

const parse = (caddy: object = {}, more: object = {}) => parseConfig({ caddy, ...more });
const siteOf = (config: ReturnType<typeof parse>) => caddySite(config, definitionsOf(config));
const render = (caddy: object = {}, more: object = {}) => caddyfile(siteOf(parse(caddy, more)));
/** Each directive with what stands behind it on its line, without indentation. */
const lines = (text: string) => text.split("\n").map((line) => line.trim());

/** The lines of the block that `opening` begins. */
function block(text: string, opening: string): string[] {
  const all = lines(text);
  const from = all.indexOf(`${opening} {`);
  expect(from, `a block ${opening}`).toBeGreaterThanOrEqual(0);
  let depth = 1;
  const end = all.findIndex((line, index) => {
    if (index > from) depth += line.endsWith("{") ? 1 : line === "}" ? -1 : 0;
    return depth === 0;
  });
  return all.slice(from + 1, end);
}

describe("the Caddyfile", () => {
  it("asks nobody: no admin API, no certificates, no stapling", () => {
    expect(lines(render())).toEqual(
      expect.arrayContaining(["admin off", "auto_https off", "ocsp_stapling off", "persist_config off"]),
    );
  });

  it("matches a path and what is below it, and keeps or strips the prefix", () => {
    const routes = [
      { path: "/keep", upstream: "one:1" },
      { path: "/strip", upstream: "two:2", stripPrefix: true },
    ];
    const text = render({ routes });
    expect(lines(text)).toContain("@route0 path /strip /strip/*");
    expect(block(text, "handle @route1")[0]).toBe("reverse_proxy one:1 {");
    expect(block(text, "handle @route1").join()).not.toContain("strip_prefix");
    expect(block(text, "handle @route0")[0]).toBe("uri strip_prefix /strip");
  });

  it("gives up on an upstream that is not there within a second", () => {
    const waits = lines(render()).flatMap((line) => /^dial_timeout (\d+)ms$/.exec(line)?.[1] ?? []);
    expect(waits).toHaveLength(4);
    for (const wait of waits) expect(Number(wait)).toBeLessThan(1000);
  });

  it("puts a longer path first: the first that fits is taken", () => {
    const paths = ["/api", "/api/v2", "/b"].map((path) => ({ path, upstream: "a:1" }));
    const order = lines(render({ routes: paths })).filter((line) => line.startsWith("@route"));
    expect(order.map((line) => line.split(" ")[2])).toEqual(["/api/v2", "/api", "/b"]);
  });

  it("has all of Vikunja at a port of its own, behind the same rules, where that is wanted", () => {
    const text = render({}, { exposure: { vikunja: { port: 9100 } } });
    const own = text.slice(text.indexOf("http://:8010 {"));
    for (const part of [
      "@stranger not header_regexp",
      "@upgrade {",
      "max_size 64MB",
      "Content-Security-Policy",
      "log {",
    ])
      expect(own, part).toContain(part);
    expect(own).toContain("reverse_proxy vikunja:3456 {");
    expect(own).not.toContain("file_server");
    expect(text).toContain("redir http://{http.request.host}:9100/ 302");
    expect(render({}, {})).not.toContain(":8010");
    const tls = render({ tls: "internal" }, { exposure: { vikunja: {} } });
    expect(tls).toContain("https://localhost:8010, https://vikunja.localhost:8010");
  });

  it("lets a route take larger bodies, and nothing else", () => {
    const app = { image: "localhost/a:1", health: { tcp: 80 } };
    const text = render(
      { routes: [{ path: "/big/not", upstream: "a:1" }] },
      {
        apps: {
          big: { ...app, route: { path: "/big", port: 80, maxUploadMiB: 500 } },
          own: { ...app, route: { host: "own.localhost", port: 80 } },
        },
      },
    );
    expect(block(text, "request_body @elsewhere")).toEqual(["max_size 64MB"]);
    expect(block(text, "@elsewhere")).toEqual(["not path /big/not /big/not/* /big /big/*", "not host own.localhost"]);
    const limitOf = (handle: string) => block(text, `handle ${handle}`).slice(0, 2);
    expect(limitOf("@route0")).toEqual(["request_body {", "max_size 64MB"]);
    expect(limitOf("@route1")).toEqual(["request_body {", "max_size 500MiB"]);
    expect(limitOf("@host0")).toEqual(["request_body {", "max_size 64MB"]);
    expect(render()).toContain("\n\t\trequest_body {\n\t\t\tmax_size 64MB\n\t\t}\n");
  });

  it("gives Vikunja its API without the prefix, and sends browsers to the host name of its pages", () => {
    const text = render({}, { exposure: { caddy: { port: 9000 } } });
    const api = block(text, "handle @vikunjaApi");
    expect(api[0]).toBe("uri strip_prefix /vikunja");
    expect(api).toContain("reverse_proxy vikunja:3456 {");
    expect(block(text, "handle @vikunjaUi")).toEqual(["redir http://vikunja.localhost:9000/ 302"]);
    expect(text.indexOf("@vikunjaApi path")).toBeLessThan(text.indexOf("@vikunjaUi {"));
  });

  it("logs neither query strings nor headers", () => {
    expect(block(render(), "format filter")).toEqual(
      expect.arrayContaining(["request>headers delete", "resp_headers delete", "request>uri regexp \\?.* ?..."]),
    );
  });

  it("answers the health check on loopback only, whatever the front door speaks", () => {
    for (const tls of ["off", "internal"])
      expect(block(render({ tls }), `http://127.0.0.1:${healthPort}`)).toEqual([
        "bind 127.0.0.1",
        "respond /healthz ok 200",
      ]);
    expect(caddy.container(parse({ tls: "internal" })).health?.test).toContain(
      `http://127.0.0.1:${healthPort}/healthz`,
    );
  });

  it("sets the same headers on answers and on errors", () => {
    const text = render({ securityHeaders: { "X-Own": "yes" } });
    const header = block(text, "header");
    expect(header).toContain('X-Own "yes"');
    expect(header).toContain("-Server");
    expect(block(text, "handle_errors").join("\n")).toContain(header.join("\n"));
  });

  it("speaks HTTPS with its own authority, for the names and the address it is reached by", () => {
    const caddy = { tls: "internal" };
    const sites = (address: string) =>
      lines(render(caddy, { exposure: { caddy: { address, public: true } } })).find((line) =>
        line.startsWith("https://localhost"),
      );
    expect(sites("10.1.2.3")).toBe("https://localhost:8000, https://vikunja.localhost:8000, https://10.1.2.3:8000 {");
    expect(sites("fd00::1")).toContain("https://[fd00::1]:8000");
    expect(sites("0.0.0.0")).toBe("https://localhost:8000, https://vikunja.localhost:8000 {");
    expect(lines(render(caddy))).toContain("tls internal");
    // With "off" Caddy makes no certificate at all, and every handshake fails.
    expect(lines(render(caddy))).toContain("auto_https disable_redirects");
    expect(lines(render())).not.toContain("tls internal");
    expect(lines(render())).toContain("http://:8000 {");
  });
});

describe("nothing that passes validation can say more than it should", () => {
  const route = fc.record({
    path: fc.stringMatching(/^\/[A-Za-z0-9._~-]{1,8}(\/[A-Za-z0-9._~-]{1,8}){0,2}$/),
    upstream: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,10}:[1-9][0-9]{0,3}$/),
    stripPrefix: fc.boolean(),
  });
  // What means something in a Caddyfile, and a letter.
  const spiced = fc.string({ unit: fc.constantFrom(...'""`#<>{}\\$ \n\t%\'()*@:,/a'), minLength: 1, maxLength: 12 });
  const text = fc.oneof(spiced, fc.string({ unit: "grapheme-ascii", minLength: 1 }));
  const anyCaddy = fc.record({
    routes: fc.array(fc.oneof(route, fc.record({ path: text, upstream: text })), { maxLength: 4 }),
    securityHeaders: fc.dictionary(text, fc.oneof(text, fc.constant(false))),
    tls: fc.constantFrom("off", "internal"),
  });
  const likelyCaddy = fc.record({
    routes: fc.uniqueArray(route, { maxLength: 4, selector: ({ path }) => path.toLowerCase() }),
    securityHeaders: fc.dictionary(
      fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,9}$/),
      text.map((value) => value.replace(/[{}\\\n\t]/g, "x")),
    ),
    tls: fc.constantFrom("off", "internal"),
  });

  /** The same site with values that nobody could misread, and a way back to the real ones. */
  function harmless(site: ReturnType<typeof caddySite>) {
    const real = new Map<string, string>();
    const stand = (value: string, plain: string) => {
      real.set(plain, value);
      return plain;
    };
    const routes = site.routes.map(({ path, upstream, stripPrefix }, index) => {
      // As long as the real one: the length decides the order.
      const plain = stand(path, `/${String.fromCharCode(0x41 + index).repeat(path.length - 1)}`);
      real.set(`${plain}/*`, `${path}/*`);
      return { path: plain, upstream: stand(upstream, `upstream${index}:1`), stripPrefix };
    });
    const headers = Object.fromEntries(
      Object.entries(site.headers).map(([name, value], index) => [
        stand(name, `Header${index}`),
        stand(value, `value${index}`),
      ]),
    );
    return { site: { ...site, routes, headers }, real };
  }

  it("each value is one token in its own place, and no other token changes", () => {
    let rendered = 0;
    fc.assert(
      fc.property(fc.oneof(anyCaddy, likelyCaddy), (values) => {
        let config: ReturnType<typeof parse>;
        try {
          config = parse(values);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          return;
        }
        rendered += 1;
        const site = siteOf(config);
        const plain = harmless(site);
        const expected = caddyTokens(caddyfile(plain.site)).map((line) =>
          line.map((token) => plain.real.get(token) ?? token),
        );
        expect(caddyTokens(caddyfile(site))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
    expect(rendered, "enough of the inputs were valid").toBeGreaterThan(50);
  });
});
