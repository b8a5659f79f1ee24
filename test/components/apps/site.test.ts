// A site: static files that the front door serves without a container.
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { execaSync } from "execa";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { filesOfSites, hashOfFiles, siteFiles } from "../../../components/apps/site-files.ts";
import { parseConfig } from "../../../components/config/parse.ts";
import { siteArchive } from "../../../components/engine/sites/archive.ts";
import { namesOf, taskTitles } from "../../../components/names.ts";
import { definitionsOf } from "../../../components/services.ts";
import { configProblems } from "../../support/config-problems.ts";
import { one, type Program, plainFiles, task } from "../../support/program.ts";
import { stackWithApps } from "../../support/whole-stacks.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "xnai site "));
  put("index.html", "<h1>one</h1>");
});

function put(name: string, text: string, below = folder): void {
  mkdirSync(dirname(join(below, name)), { recursive: true });
  writeFileSync(join(below, name), text);
}
const names = () => siteFiles("apps.docs.site", folder).map(({ name }) => name);
const hash = () => hashOfFiles(siteFiles("apps.docs.site", folder));

describe("its files", () => {
  it("are all but hidden ones, links that stay in it included", () => {
    put("img/a.png", "x");
    put(".git/config", "x");
    put(".nojekyll", "");
    put(".well-known/security.txt", "x");
    symlinkSync("img", join(folder, "latest"));
    expect(names()).toEqual([".well-known/security.txt", "img/a.png", "index.html", "latest/a.png"]);
  });

  it("are another site with another name or content, and no other with another time", () => {
    const before = hash();
    put("index.html", "<h1>one</h1>");
    expect(hash()).toBe(before);
    put("index.html", "<h1>two</h1>");
    expect(hash()).not.toBe(before);
    put("index.html", "<h1>one</h1>");
    put("b.html", "");
    expect(hash()).not.toBe(before);
  });

  it.each<[string, () => void, string]>([
    [
      "a link that leads outside",
      () => symlinkSync("/etc/passwd", join(folder, "x")),
      "x is a link that leads outside of it",
    ],
    [
      "a link to a directory outside",
      () => symlinkSync(tmpdir(), join(folder, "x")),
      "x is a link that leads outside of it",
    ],
    ["a link that leads nowhere", () => symlinkSync("gone", join(folder, "x")), "x is a link that leads nowhere"],
    ["a circle", () => symlinkSync(".", join(folder, "x")), "x is a link that leads in a circle"],
    ["something else", () => execaSync("mkfifo", [join(folder, "x")]), "x is neither a file nor a directory"],
    ["a name over two lines", () => put("a\nb", ""), "has a control character in its name"],
    ["no page", () => rmSync(join(folder, "index.html")), "there is no index.html in it"],
    ["nothing at all", () => rmSync(folder, { recursive: true }), "there is no such directory"],
    ["a file in its place", () => execaSync("sh", ["-c", 'rm -r "$1" && touch "$1"', "sh", folder]), "that is a file"],
    [
      "too much",
      () => execaSync("truncate", ["-s", "300M", join(folder, "big")]),
      "2 files with 301 MiB, and a site may have 20000 with 256 MiB",
    ],
  ])("cannot be %s", (_, make, said) => {
    make();
    expect(() => siteFiles("apps.docs.site", folder)).toThrow(said);
    expect(() => siteFiles("apps.docs.site", folder)).toThrow("xnai:apps.docs.site is");
  });
});

describe("the copy", () => {
  const script = join(import.meta.dirname, "../../../components/engine/sites/sites.sh");
  const place = () => join(folder, "place");
  async function copied(sites: Record<string, string>): Promise<void> {
    const files = Object.fromEntries(
      Object.entries(sites).map(([name, text]) => {
        const from = join(folder, "from", name);
        put("index.html", text, from);
        put("ünïcode/größe.html", `${text} größe`, from);
        put(`${"long/".repeat(40)}page.html`, `${text} long`, from);
        return [name, siteFiles("key", from)];
      }),
    );
    const input = await buffer(siteArchive(files));
    execaSync("sh", [script, place(), ...Object.keys(sites)], { input });
  }
  const page = (site: string, name = "index.html") => readFileSync(join(place(), site, name), "utf8");
  const there = () => execaSync("ls", ["-A", place()]).stdout.split("\n");

  it("takes the place of the one before, whatever its files are called, and nothing else is left", async () => {
    await copied({ docs: "one", other: "two" });
    expect([page("docs"), page("other")]).toEqual(["one", "two"]);
    expect(page("docs", "ünïcode/größe.html")).toBe("one größe");
    expect(page("docs", `${"long/".repeat(40)}page.html`)).toBe("one long");
    const before = readlinkSync(join(place(), "docs"));
    await copied({ docs: "three" });
    expect(page("docs")).toBe("three");
    expect(readlinkSync(join(place(), "docs"))).not.toBe(before);
    expect(there()).toHaveLength(2);
  });

  it("leaves what is served as it is when not all of it arrives", async () => {
    await copied({ docs: "one" });
    const cut = (await buffer(siteArchive({ docs: siteFiles("key", folder) }))).subarray(0, 700);
    const { exitCode, stderr } = execaSync("sh", [script, place(), "docs"], { input: cut, reject: false });
    expect(exitCode, stderr).toBe(1);
    expect(page("docs")).toBe("one");
    await copied({ docs: "two" });
    expect([page("docs"), there().length]).toEqual(["two", 2]);
  });
});

describe("in a stack", () => {
  const site = mkdtempSync(join(tmpdir(), "xnai site "));
  const apps = (route: object = { path: "/docs" }) => ({ docs: { site, route } });
  const parsed = (values: object) => parseConfig(values as Record<string, unknown>);
  const build = (values: object) => stackWithApps(parsed(values));
  let program: Program;
  let before: Program;
  beforeAll(async () => {
    put("index.html", "one", site);
    before = await build({});
    program = await build({ apps: apps() });
  }, 60_000);
  const keepers = (of: Program, name: string) => one(of, "RandomUuid", name).inputs.keepers as Record<string, string>;
  const caddyfile = (of: Program) => plainFiles(one(of, "RandomUuid", "caddy-ready")).Caddyfile ?? "";

  it("needs no container, and none is another one for it", () => {
    const containers = (of: Program) =>
      of.all.flatMap(({ kind, name, inputs }) => (kind === "Container" ? [[name, inputs]] : []));
    expect(containers(program)).toEqual(containers(before));
    expect(keepers(program, "caddy-prepare")).toEqual(keepers(before, "caddy-prepare"));
    expect(definitionsOf(parsed({ apps: apps() })).map(({ name }) => name)).not.toContain("docs");
  });

  it("is copied into the data of Caddy by a task that may do nothing else, and again when it changes", async () => {
    const { container, marker } = task(program, "caddy-setup");
    expect(container).toMatchObject({
      name: "xnai_caddy_setup",
      user: "1000:1000",
      networkMode: "none",
      capabilities: { adds: [] },
      volumes: [{ volumeName: "xnai_caddy_data", containerPath: "/prepare/data", readOnly: false }],
    });
    expect(marker.dependsOn).toContain("caddy-ready");
    expect(namesOf(parsed({ apps: apps() })).containers).toContain("xnai_caddy_setup");
    expect(namesOf(parsed({})).containers).not.toContain("xnai_caddy_setup");
    expect(taskTitles(parsed({ apps: apps() }))).toMatchObject({ "caddy-setup": "copying sites" });
    put("index.html", "two", site);
    const after = await build({ apps: apps() });
    expect(keepers(after, "caddy-setup")["site docs"]).not.toBe(keepers(program, "caddy-setup")["site docs"]);
    expect(keepers(after, "caddy-ready")).toEqual(keepers(program, "caddy-ready"));
  });

  it("is served below its path, or under a name of its own", async () => {
    expect(caddyfile(program).replaceAll("\t", "")).toMatch(
      /@route(\d) path \/docs \/docs\/\*\nhandle @route\1 \{\nredir \/docs \/docs\/ 308\nuri strip_prefix \/docs\nheader Cache-Control no-cache\nroot \* \/data\/sites\/docs\nfile_server\n\}/,
    );
    const hosted = await build({ apps: apps({ host: "docs.localhost" }) });
    expect(caddyfile(hosted)).toMatch(
      /@host0 host docs\.localhost\n\s+handle @host0 \{\n\s+header .*\n\s+root \* \/data\/sites\/docs\n\s+file_server/,
    );
    expect(caddyfile(hosted)).toMatch(/\|docs\\\.localhost\|/);
    const { "site/index.html": page = "" } = plainFiles(one(program, "RandomUuid", "caddy-ready"));
    expect(page).toContain('href="/docs/">Open docs</a>');
  });

  it("may be in a directory of the host's", async () => {
    const rooted = await build({ apps: apps(), storage: { root: "/srv/xnai" } });
    expect(task(rooted, "caddy-setup").container.volumes).toMatchObject([{ hostPath: "/srv/xnai/caddy/data" }]);
  });

  it.each<[string, object, object, string]>([
    ["image", { image: "a:1" }, {}, 'apps.docs.image is "a:1"; nothing but its route belongs to a site'],
    ["env", { env: { A: "b" } }, {}, "apps.docs.env is wrong (its value is not shown); nothing but its route"],
    ["a port", { route: { path: "/docs", port: 1 } }, {}, "apps.docs.route.port is 1; of a site, which is files"],
    ["no route", { route: undefined }, {}, "apps.docs.route is not set; it must be an object with path, or with host"],
    ["Caddy off", {}, { services: { caddy: false } }, "caddy serves it, which is off: set services.caddy to true"],
    ["a need of it", {}, {}, 'apps.a.needs[0] is "docs"; no app and no service'],
  ])("cannot have %s", (_, more, around, said) => {
    const a = { image: "a:1", health: { tcp: 1 }, needs: ["docs"] };
    expect(configProblems({ apps: { docs: { ...apps().docs, ...more }, a }, ...around }).join("\n")).toContain(said);
  });

  it("has a route without a port, which nothing else has", () => {
    const a = { image: "a:1", health: { tcp: 1 }, route: { path: "/a" } };
    expect(configProblems({ apps: { a } })).toEqual([
      "apps.a.route.port is not set; it must be a number from 1 to 65535: the port on which it listens in its container",
    ]);
    expect(Object.keys(filesOfSites(parsed({ apps: apps() })))).toEqual(["docs"]);
  });
});
