import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readTasks } from "../../../ops/import/read.ts";

const folder = mkdtempSync(join(tmpdir(), "xnai-tasks-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it("reads Markdown and JSON by their names, with any line ends and a byte order mark", () => {
  const titles = (path: string) => readTasks(path).map(({ title }) => title);
  expect(titles(file("a.md", "\ufeff- [ ] one\r\n- [x] two\r\n"))).toEqual(["one", "two"]);
  expect(titles(file("B.JSON", '\ufeff[{"title":"one"}]'))).toEqual(["one"]);
});

it("reads a hundred thousand tasks", () => {
  expect(readTasks(file("big.md", "- [ ] a task of many #bus\n".repeat(100_000)))).toHaveLength(100_000);
});

describe("ends with 2 and says what to do", () => {
  it.each([
    ["tasks.txt", "- [ ] a", "is neither Markdown nor JSON by its name"],
    ["none.md", "# nothing\n- [a](b)", "There is no task in"],
    ["latin.md", Buffer.from("- [ ] caf\xe9", "latin1"), "is not UTF-8 text"],
    ["bad.md", "- [ ] a\n- [] b\n- [] c\n", /2 faults in bad\.md:\n.*bad\.md:2: .*\n.*bad\.md:3: /],
    ["many.md", "- [] b\n".repeat(30), "and 10 more"],
  ])("%s", (name, content, message) => {
    expect(() => readTasks(file(name, content))).toThrow(
      expect.objectContaining({ code: 2, message: expect.stringMatching(message) }),
    );
  });

  it("a file that is not there", () => {
    expect(() => readTasks(join(folder, "absent.md"))).toThrow(/absent\.md cannot be read: ENOENT/);
  });
});
