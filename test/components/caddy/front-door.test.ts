import { describe, expect, it } from "vitest";
import {
  frontDoor,
  published,
  vikunjaHost,
  vikunjaPage,
  vikunjaRedirect,
} from "../../../components/caddy/front-door.ts";
import { parseConfig } from "../../../components/config/parse.ts";
import { serviceBindings } from "../../../components/definition/binding.ts";

describe("addresses", () => {
  it("are what a browser on this host can open", () => {
    const door = (caddy: unknown) => frontDoor(parseConfig({ exposure: { caddy } }));
    expect(frontDoor(parseConfig({}))).toBe("http://localhost:8000");
    expect(door({ address: "192.168.7.7", port: 80 })).toBe("http://192.168.7.7:80");
    expect(door({ address: "fd00::7" })).toBe("http://[fd00::7]:8000");
    expect(door(false)).toBeUndefined();
    expect(frontDoor(parseConfig({ services: { caddy: false } }))).toBeUndefined();
    expect(vikunjaHost(parseConfig({ exposure: { caddy: { port: 81 } } }))).toBe("vikunja.localhost:81");
  });
});

describe("Vikunja's pages", () => {
  const of = (exposure: object, more: object = {}) => {
    const config = parseConfig({ exposure, ...more });
    const [ports] = [serviceBindings(config, published).map(({ address, port }) => `${address}:${port}`)];
    return { page: vikunjaPage(config), redirect: vikunjaRedirect(config), ports };
  };
  const lan = { caddy: { address: "192.168.7.7" } };

  it("have a host name at the front door, which this machine's browsers know", () => {
    const page = "http://vikunja.localhost:8000/";
    expect(of({})).toEqual({ page, redirect: page, ports: ["127.0.0.1:8000"] });
  });

  it("have a port of their own where the front door listens beyond loopback: no name leads there from elsewhere", () => {
    expect(of(lan)).toEqual({
      page: "http://192.168.7.7:8010/",
      redirect: "http://{http.request.host}:8010/",
      ports: ["192.168.7.7:8000", "192.168.7.7:8010"],
    });
    expect(of({ caddy: { address: "0.0.0.0", public: true } }).ports).toEqual(["0.0.0.0:8000", "0.0.0.0:8010"]);
    expect(of(lan, { services: { vikunja: false } }).ports).toEqual(["192.168.7.7:8000"]);
  });

  it("stay at the front door under a name of the user's, or when the port is declined", () => {
    const page = "http://tasks.lan:8000/";
    expect(of(lan, { vikunja: { host: "tasks.lan" } })).toEqual({ page, redirect: page, ports: ["192.168.7.7:8000"] });
    expect(of({ ...lan, vikunja: false }).ports).toEqual(["192.168.7.7:8000"]);
  });

  it("have the port that they are given, on loopback too", () => {
    expect(of({ vikunja: { port: 8200 } })).toEqual({
      page: "http://localhost:8200/",
      redirect: "http://{http.request.host}:8200/",
      ports: ["127.0.0.1:8000", "127.0.0.1:8200"],
    });
    expect(of({ vikunja: {} }, { caddy: { tls: "internal" } }).page).toBe("https://localhost:8010/");
    expect(of({ caddy: false, vikunja: {} }).ports).toEqual([]);
  });
});
