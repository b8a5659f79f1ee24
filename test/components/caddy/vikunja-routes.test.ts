import { describe, expect, it } from "vitest";
import { contentSecurityPolicy, knownScriptHashes, vikunjaRoutes } from "../../../components/caddy/vikunja-routes.ts";
import { imageOf } from "../../../components/image-source.ts";

const site = { host: "vikunja.localhost", page: "http://vikunja.localhost:8000/", tls: false, scriptHashes: [] };
const text = (more: Partial<typeof site> = {}) => vikunjaRoutes({ ...site, ...more }).join("\n");

describe("the policy of Vikunja's pages", () => {
  const directives = (hashes: string[] = []) =>
    Object.fromEntries(
      contentSecurityPolicy(hashes)
        .split("; ")
        .map((directive) => directive.split(/ (.*)/s)),
    );

  it("lets nothing in from elsewhere, and runs no script that stands in the page but the known ones", () => {
    const all = directives();
    expect(all["default-src"]).toBe("'none'");
    for (const [name, value] of Object.entries(all)) expect(value, name).not.toMatch(/https?:|\*|unsafe-eval/);
    expect(all["script-src"]).not.toContain("unsafe-inline");
    expect(all["script-src"]?.match(/'sha256-[^']+'/g)).toHaveLength(knownScriptHashes.length);
    expect(all["frame-ancestors"]).toBe("'none'");
  });

  it("takes the hashes of another image's scripts", () => {
    const hash = `sha256-${"b".repeat(43)}=`;
    expect(directives([hash])["script-src"]).toContain(`'${hash}'`);
  });

  it("is that of the version in the catalogue: a new one may have other scripts", () => {
    expect(imageOf("vikunja").hub).toMatch(/^vikunja\/vikunja:2\.5\.0@/);
  });
});

describe("the routes to Vikunja", () => {
  it("give its own host name the pages, everywhere else only the API", () => {
    expect(text()).toContain("@vikunjaHost host vikunja.localhost\n");
    expect(text({ host: "tasks.lan" })).toContain("@vikunjaHost host tasks.lan\n");
    expect(text()).toContain("redir http://vikunja.localhost:8000/ 302");
  });

  it("answer no page where a program asks for calendars, and send nothing but a browser's questions on", () => {
    expect(text()).toContain(
      '@vikunjaDav path /vikunja/dav /vikunja/dav/* /vikunja/.well-known/*\nhandle @vikunjaDav {\n\trespond "404: calendars are at http://vikunja.localhost:8000/dav/" 404',
    );
    expect(text().indexOf("@vikunjaDav")).toBeLessThan(text().indexOf("@vikunjaUi"));
    expect(text()).toContain("@vikunjaUi {\n\tmethod GET HEAD\n");
  });

  it("leave the developers' pages out, on both ways and in both versions", () => {
    expect(text()).toContain("@docs path /api/v1/docs* /api/v2/docs*\n\terror @docs 404");
    expect(text()).toContain("@vikunjaDocs path /vikunja/api/v1/docs* /vikunja/api/v2/docs*");
    expect(text().indexOf("@vikunjaDocs path")).toBeLessThan(text().indexOf("@vikunjaApi path"));
  });

  it("mark the cookie as one for HTTPS where there is HTTPS", () => {
    expect(text()).not.toContain("Secure");
    expect(text({ tls: true }).match(/header_down Set-Cookie \(\.\+\) "\$1; Secure"/g)).toHaveLength(2);
  });
});
