import { describe, expect, it } from "vitest";
import { responseHeaders } from "../../../components/caddy/headers.ts";
import { parseConfig } from "../../../components/config/parse.ts";

const parse = (caddy: object = {}) => parseConfig({ caddy });

describe("responseHeaders", () => {
  const headers = (caddy: object) => responseHeaders(parse(caddy).caddy);

  it("are safe by default; HSTS only where there is HTTPS", () => {
    expect(headers({})).toMatchObject({ "X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN" });
    expect(headers({})).not.toHaveProperty("Strict-Transport-Security");
    expect(headers({ tls: "internal" })).toHaveProperty("Strict-Transport-Security");
  });

  it("are replaced and removed by name, in any case: there is one of each", () => {
    const own = headers({ securityHeaders: { "x-frame-options": "DENY", "REFERRER-POLICY": false } });
    expect(own["X-Frame-Options"]).toBe("DENY");
    expect(Object.keys(own).map((name) => name.toLowerCase())).not.toContain("referrer-policy");
    expect(Object.keys(own).filter((name) => /x-frame/i.test(name))).toHaveLength(1);
  });
});
