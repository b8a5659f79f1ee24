import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { secretItself, secretText, sha256, uuidFrom } from "../../../components/definition/secret.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe("uuidFrom", () => {
  it("makes UUIDs, where software insists on them: one for one secret", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(uuidFrom(one)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        expect(uuidFrom(one) === uuidFrom(other)).toBe(one === other);
      }),
    );
  });

  it("makes UUIDs, the same for the same secret", () => {
    expect(uuidFrom("some secret")).toMatch(uuid);
    expect(uuidFrom("some secret")).toBe(uuidFrom("some secret"));
    expect(uuidFrom("some secret")).not.toBe(uuidFrom("some secreu"));
  });
});

it("sha256 is the hash that other programs compute", () => {
  // FIPS 180-2, appendix B.1.
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

describe("secretText", () => {
  it("is made from the values of the secrets, in the order of their names", () => {
    const { secrets, render } = secretText(["user", "password"], (user, password) => `${user}:${password}`);
    expect(secrets).toEqual(["user", "password"]);
    expect(render("a", "b")).toBe("a:b");
    expect(secretItself("password").render("b")).toBe("b");
  });

  it("asks for as many bytes as its file needs, if any", () => {
    expect(secretItself("key", 32).minimumBytes).toBe(32);
    expect(secretItself("key")).not.toHaveProperty("minimumBytes");
  });
});
