// What an app says of its database is held against Postgres and the other apps.
import { describe, expect, it } from "vitest";
import { ConfigError, parseConfig } from "../../../components/config/parse.ts";
import { databaseName } from "../../../components/postgres/config.ts";
import { reference } from "../../support/reference.ts";

const app = (more: object = {}) => ({ image: "localhost/rag:latest", health: { tcp: 8000 }, ...more });
const named = (name: string) => app({ database: { name } });

function problems(values: object): string[] {
  try {
    parseConfig(values as Record<string, unknown>);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, message }) => `${key} ${message}`);
  }
}

describe("the database of an app", () => {
  it("is called as the app is, in Postgres' letters, or as the app says", () => {
    expect(databaseName("chat-ui", undefined)).toBe("chat_ui");
    expect(databaseName("chat-ui", "store")).toBe("store");
  });

  it.each<[string, object, string]>([
    [
      "Vikunja's",
      { apps: { rag: named("vikunja") } },
      'apps.rag.database.name is "vikunja"; Postgres itself has that name',
    ],
    [
      "the server's",
      { apps: { template1: app({ uses: ["postgres"] }) } },
      "Postgres itself has that name: choose another",
    ],
    ["one of pg_", { apps: { rag: named("pg_mine") } }, "apps.rag.database.name"],
    ["one to be quoted", { apps: { rag: named('a"b') } }, "apps.rag.database.name"],
    [
      "that of another app",
      { apps: { a: app({ env: { URL: reference("database.url") } }), b: named("a") } },
      'apps.b.database.name is "a"; the database of a has that name',
    ],
    [
      "an extension",
      { apps: { rag: app({ database: { extensions: ["x; DROP"] } }) } },
      "apps.rag.database.extensions[0]",
    ],
    [
      "more apps than there are connections for",
      { apps: Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, app({ database: {} })])) },
      "resources.postgres.memoryMiB is not set; 5 apps need at least 320 for their connections beside Vikunja's",
    ],
    [
      "a Postgres that is off",
      { services: { postgres: false, vikunja: false }, apps: { rag: app({ database: {} }) } },
      "postgres",
    ],
  ])("is refused with %s", (_, values, said) => {
    expect(problems(values)).toContainEqual(expect.stringContaining(said));
  });

  it("is none of an app that only writes the words of a reference", () => {
    const env = { TEXT: `$${reference("database.url")}` };
    expect(problems({ apps: { template1: app({ env }) } })).toEqual([]);
    expect(problems({ apps: { template1: app({ env: { TEXT: { file: reference("database.url") } } }) } })).not.toEqual(
      [],
    );
  });

  it("is taken with enough memory, and four at the default", () => {
    const of = (...names: string[]) => ({
      apps: Object.fromEntries(names.map((name) => [name, app({ database: {} })])),
    });
    expect(problems(of("a", "b", "c", "d"))).toEqual([]);
    expect(problems({ ...of("a", "b", "c", "d", "e"), resources: { postgres: { memoryMiB: 320 } } })).toEqual([]);
  });
});
