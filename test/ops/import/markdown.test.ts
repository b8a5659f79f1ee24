import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tasksFromMarkdown } from "../../../ops/import/markdown.ts";

function tasks(text: string) {
  const { tasks, faults } = tasksFromMarkdown(text);
  expect(faults).toEqual([]);
  return tasks;
}
const faults = (text: string) => tasksFromMarkdown(text).faults.map(({ line, message }) => `${line}: ${message}`);

describe("a check list", () => {
  it("is every item with a box, nested ones too, in order and with its line", () => {
    const text = `# Bus

- [ ] first
- [x] second
  * [X] nested
1. [ ]   third   one
- no box
> - [ ] quoted
`;
    expect(tasks(text).map(({ title, done, where }) => [title, done, where])).toEqual([
      ["first", false, "line 3"],
      ["second", true, "line 4"],
      ["nested", true, "line 5"],
      ["third one", false, "line 6"],
      ["quoted", false, "line 8"],
    ]);
  });

  it("keeps what is indented under an item as its description, code too, and nothing of a nested item", () => {
    const text = `- [ ] one
  more of it

  a paragraph

  \`\`\`
  - [ ] code
  \`\`\`
  - [ ] two
    of two
`;
    expect(tasks(text).map(({ title, description }) => [title, description])).toEqual([
      ["one", "more of it\n\na paragraph\n\n- [ ] code"],
      ["two", "of two"],
    ]);
  });

  it("takes nothing out of code and comments", () => {
    expect(tasks("```\n- [ ] code\n```\n<!--\n- [ ] comment\n-->\n")).toEqual([]);
  });

  it("has labels and a due date at the end of a title, in any order, and nowhere else", () => {
    const at = new Date(2026, 11, 1, 12).toISOString();
    expect(tasks("- [ ] see issue #12 about #redis today #bus #bus due:2026-12-01")).toMatchObject([
      { title: "see issue #12 about #redis today", labels: ["bus"], due: at },
    ]);
    expect(tasks("- [ ] go 📅 2026-12-01 #überall/x")).toMatchObject([{ title: "go", labels: ["überall/x"], due: at }]);
  });

  it("keeps any title that is one line of text", () => {
    const title = fc
      .string({ unit: "grapheme", minLength: 1 })
      .filter((text) => /^\p{L}/u.test(text) && !/[\s#📅\0\\]|due:|\p{C}/u.test(text));
    fc.assert(
      fc.property(fc.array(title, { minLength: 1 }), (titles) => {
        expect(tasks(titles.map((text) => `- [ ] ${text}\n`).join("")).map((task) => task.title)).toEqual(titles);
      }),
    );
  });
});

describe("what nobody can have meant is a fault with its line", () => {
  it.each([
    ["- [] title", '1: "[] title" is no check box: write it as `- [ ] title`, or `- [x] title` if it is done'],
    ["\n- [y] title", '2: "[y] title" is no check box'],
    ["- [x]title", '1: "[x]title" is no check box'],
    ["text\n\n-[ ] title", '3: "-[ ] title" is no list item'],
    ["- [ ]\n- [ ] a", "1: a check box without a title"],
    ["- [ ] #only", "1: a check box without a title"],
    ["- [ ] a due:2026-02-30", '1: "2026-02-30" is no day: write it as due:2026-12-01'],
    ["- [ ] a due:tomorrow", '1: "tomorrow" is no day'],
    ["text\n\n    - [ ] a", '3: "- [ ] a" is indented so far that Markdown takes it for code'],
  ])("%j", (text, fault) => {
    expect(faults(text)).toEqual([expect.stringContaining(fault)]);
  });

  it("but links, references and plain items are none", () => {
    expect(faults("- [a](b)\n- [1]: c\n- [ab] c\n- [a][b]\n- x")).toEqual([]);
  });
});
