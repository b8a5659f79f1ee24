// The SQL of an app's database; what a server makes of it: test/e2e/long/databases.test.ts.
import { describe, expect, it } from "vitest";
import { appDatabaseSql, dropSql, listed, listSql, psql, reasonIn } from "../../../components/postgres/app-database.ts";
import { scramVerifier } from "../../../components/postgres/roles.ts";

const database = { app: "rag", name: "store", extensions: ["pg_trgm"], connections: 4 };

describe("the SQL", () => {
  const sql = appDatabaseSql(database, "correct horse");

  it("has a verifier in it and not the password, which the server's log is not told", () => {
    expect(sql).toContain(`PASSWORD '${scramVerifier("correct horse")}'`);
    expect(sql).not.toContain("horse");
    expect(sql.indexOf("log_min_error_statement = panic")).toBeLessThan(sql.indexOf("PASSWORD"));
    expect(psql.join(" ")).not.toMatch(/pass/i);
  });

  it("gives a role that may nothing else, with its share of the connections", () => {
    expect(sql).toContain("NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 4");
    expect(sql).toContain('REVOKE ALL ON DATABASE "store", postgres, template1 FROM PUBLIC;');
  });

  it("makes psql end by itself: not every engine tells it that nothing more comes", () => {
    for (const text of [sql, listSql, dropSql("store")]) expect(text).toMatch(/\n\\q\n$/);
  });

  it("is done for one app at a time", () => {
    expect(sql.indexOf("pg_advisory_lock")).toBeGreaterThan(0);
    expect(sql.indexOf("pg_advisory_lock")).toBeLessThan(sql.indexOf("CREATE ROLE"));
  });

  it("works in the app's database only where an extension has to be made", () => {
    expect(sql).toContain('\\connect "store"');
    expect(appDatabaseSql({ ...database, extensions: [] }, "x")).not.toContain("\\connect");
  });
});

describe("what psql prints", () => {
  it("is read line by line", () => {
    expect(listed("rag\tstore\nchat-ui\tchat_ui\n\nnoise\n")).toEqual([
      { app: "rag", database: "store" },
      { app: "chat-ui", database: "chat_ui" },
    ]);
  });

  it("is quoted without where it comes from", () => {
    expect(reasonIn("psql:<stdin>:5: ERROR:  the role store belongs to somebody else")).toBe(
      "the role store belongs to somebody else",
    );
    expect(reasonIn("psql: error: connection failed: FATAL:  the database system is starting up")).toBe(
      "the database system is starting up",
    );
    expect(reasonIn("out of luck")).toBe("out of luck");
  });
});
