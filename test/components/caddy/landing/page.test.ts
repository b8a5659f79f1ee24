import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { caddy } from "../../../../components/caddy/definition.ts";
import {
  serviceCards as cardsOf,
  landingPage as pageOf,
  routeCards,
} from "../../../../components/caddy/landing/page.ts";
import type { StackConfig } from "../../../../components/config/keys/base.ts";
import { parseConfig } from "../../../../components/config/parse.ts";
import { definitionsOf } from "../../../../components/services.ts";

/** A file of the site, as Caddy is given it. */
const siteFile = (name: string) => caddy.files?.(parseConfig({}), [])[`site/${name}`] as string;

const serviceCards = (config: StackConfig) => cardsOf(config, definitionsOf(config));
const landingPage = (config: StackConfig) => pageOf(config, definitionsOf(config));

const titles = (values: Record<string, unknown>) => serviceCards(parseConfig(values)).map(({ title }) => title);
const linksOf = (title: string, values: Record<string, unknown> = {}) =>
  serviceCards(parseConfig(values))
    .find((card) => card.title === title)
    ?.links.map(({ href }) => href);

describe("the landing page", () => {
  it("lists what is on", () => {
    expect(titles({})).toEqual(["Vikunja", "Qdrant", "Consul", "Redis"]);
    expect(titles({ services: { qdrant: false, redis: false } })).toEqual(["Vikunja", "Consul"]);
  });

  it("says where programs on this machine find a service, every port of it", () => {
    const places = (config: Record<string, unknown>) =>
      serviceCards(parseConfig(config))
        .find(({ title }) => title === "Qdrant")
        ?.places.map(([, address]) => address);
    expect(places({ exposure: { qdrant: { port: 7000, grpcPort: 7001 } } })).toEqual([
      "qdrant:6333, gRPC qdrant:6334",
      "localhost:7000, gRPC localhost:7001",
    ]);
    expect(places({ exposure: { qdrant: false } })).toHaveLength(1);
  });

  it("links to pages that are served where a browser can reach them", () => {
    expect(linksOf("Vikunja")).toEqual(["http://vikunja.localhost:8000/"]);
    expect(linksOf("Vikunja", { caddy: { tls: "internal" } })).toEqual(["https://vikunja.localhost:8000/"]);
    expect(linksOf("Consul", { exposure: { consul: { port: 8600 } } })).toEqual(["http://localhost:8600/ui/"]);
    expect(linksOf("Consul", { exposure: { consul: false } })).toEqual([]);
    expect(linksOf("Consul", { consul: { ui: false } })).toEqual([]);
    expect(linksOf("Qdrant")).toEqual(["http://localhost:6333/dashboard"]);
    expect(linksOf("Qdrant", { qdrant: { dashboard: false } })).toEqual([]);
  });

  it("names the routes and their containers", () => {
    const routes = [{ path: "/notes", upstream: "notes:80" }];
    expect(routeCards(parseConfig({ caddy: { routes } }), [])).toMatchObject([
      { title: "/notes", places: [["Container", "notes:80"]], links: [{ href: "/notes/" }] },
    ]);
    expect(landingPage(parseConfig({ caddy: { routes: [] } }))).not.toContain("Your routes");
  });

  it("needs no script and nothing from elsewhere", () => {
    const page = landingPage(parseConfig({}));
    expect(page).not.toMatch(/<script|\son\w+=|style=|<style|javascript:/i);
    const loaded = [...page.matchAll(/(?:src|<link[^>]*href)="([^"]*)"/g)].map(([, url]) => url);
    expect(new Set(loaded)).toEqual(new Set(["/icon.svg", "/style.css"]));
    expect(siteFile("style.css") + siteFile("icon.svg").replace("http://www.w3.org/2000/svg", "")).not.toMatch(
      /url\(|@import|https?:/,
    );
  });

  it("stays a page whatever is configured", () => {
    const letters = [..."abcXYZ019._~-"];
    const path = fc
      .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 30 })
      .map((part) => `/${part.join("")}`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 6, selector: (item) => item.toLowerCase() }), (paths) => {
        fc.pre(!paths.some((item) => /^\/(\.{1,2}|vikunja|healthz)$/i.test(item)));
        const config = parseConfig({ caddy: { routes: paths.map((item) => ({ path: item, upstream: "a_b.c:1" })) } });
        const page = landingPage(config);
        expect(page.match(/<li class="card">/g)?.length).toBe(4 + paths.length);
        expect(page.match(/</g)?.length).toBe(page.match(/>/g)?.length);
      }),
    );
  });
});
