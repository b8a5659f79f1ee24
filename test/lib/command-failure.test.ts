import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { failureLines } from "../../lib/command-failure.ts";

const shell = (script: string) => execa("sh", ["-c", script]).catch((error) => error);

describe("failureLines", () => {
  const stderr = "W: old lists\nE: no route\n\nE: no package \nsee the log\n";

  it.each([
    ["the last lines", {}, ["E: no route", "E: no package", "see the log"]],
    ["as many as asked for", { last: 1 }, ["see the log"]],
    ["those with a mark", { marked: /^E:/ }, ["E: no route", "E: no package"]],
    ["the last of those with a mark", { marked: /^E:/, last: 1 }, ["E: no package"]],
    ["any, where none has the mark", { marked: /^fatal/, last: 2 }, ["E: no package", "see the log"]],
  ])("gives %s", (_, options, lines) => {
    expect(failureLines({ stderr, shortMessage: "Command failed" }, options)).toEqual(lines);
  });

  it("gives what a real command says", async () => {
    expect(failureLines(await shell("echo one >&2; echo two >&2; exit 3"))).toEqual(["one", "two"]);
  });

  it("gives execa's own sentence for a command that says nothing, or is not there", async () => {
    expect(failureLines(await shell("exit 3"))).toEqual(["Command failed with exit code 3: sh -c 'exit 3'"]);
    const absent = await execa("xnai-no-such-command").catch((error) => error);
    expect(failureLines(absent).join()).toContain("ENOENT");
  });

  it("gives any other error's message", () => {
    expect(failureLines(new Error("it ended"))).toEqual(["it ended"]);
  });
});
