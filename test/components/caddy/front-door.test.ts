import { describe, expect, it } from "vitest";
import { frontDoor, vikunjaHost } from "../../../components/caddy/front-door.ts";
import { parseConfig } from "../../../components/config/parse.ts";

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
