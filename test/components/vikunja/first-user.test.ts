import { describe, expect, it } from "vitest";
import { localStack, stackInDirectories, viewOf } from "../../support/whole-stacks.ts";

const program = await localStack();
const other = await stackInDirectories();
const { inputs, env, networks, json } = viewOf(program);

describe("Vikunja's first user", () => {
  it("is made by an instance that only its own container reaches, the one place where registration is on", () => {
    expect(env("vikunja-user")).toEqual({
      ...env("vikunja"),
      PATH: "/setup/bin",
      VIKUNJA_SERVICE_ENABLEREGISTRATION: "true",
      VIKUNJA_SERVICE_INTERFACE: "127.0.0.1:3456",
    });
    expect(networks("vikunja-user")).toEqual(["xnai_db"]);
    expect(inputs("vikunja-user")).toMatchObject({
      user: "1000:1000",
      readOnly: true,
      capabilities: { adds: [], drops: ["ALL"] },
      volumes: [
        { volumeName: "xnai_vikunja_user-config", containerPath: "/setup", readOnly: true },
        { volumeName: "xnai_vikunja_config", containerPath: "/run/xnai", readOnly: true },
      ],
    });
  });

  it("keeps its data away from Vikunja's", () => {
    expect(Object.keys(inputs("vikunja-user").tmpfs)).toContain("/app/vikunja/files");
  });

  it("is renewed with passwords that are known from the seed", () => {
    const made = (file: string, from = other) => json("vikunja-user-prepare", file, from);
    expect(inputs("vikunja-user", other).command).toEqual(["xnai", "2", "1", "0"]);
    expect(made("change.0.json")).toEqual({
      old_password: made("register.json", program).password,
      new_password: made("register.json").password,
    });
    expect(made("login.2.json")).toEqual({ username: "xnai", password: made("register.json").password });
    expect(made("register.json").password).not.toBe(made("login.1.json").password);
    expect(made("register.json").password).toHaveLength(40);
  });
});
