import { describe, expect, it } from "vitest";
import { tasksFromJson } from "../../../ops/import/json.ts";

const faults = (text: string) => tasksFromJson(text).faults.map(({ line, message }) => `${line}: ${message}`);

it("reads a list, or an object with one, and leaves out what is not given", () => {
  const list = [
    { title: " a  b ", done: true, labels: ["x", "x"], due: "2026-12-01T09:00:00+01:00", description: "two\nlines" },
    { title: "c" },
  ];
  const wanted = [
    { title: "a b", done: true, labels: ["x"], due: "2026-12-01T08:00:00.000Z", description: "two\nlines" },
    { title: "c", done: false, labels: [], due: undefined, description: "" },
  ];
  for (const [text, where] of [
    [JSON.stringify(list), "[1]"],
    [JSON.stringify({ tasks: list }), "tasks[1]"],
  ] as const) {
    const { tasks, faults } = tasksFromJson(text);
    expect(faults).toEqual([]);
    expect(tasks).toMatchObject(wanted);
    expect(tasks[1]?.where).toBe(where);
  }
});

describe("a fault has its line", () => {
  it.each([
    ['[\n  {"title": "a",}\n]', "2: is no valid JSON: Expected double-quoted property name"],
    ['[\n  {"title": "a"\n', "3: is no valid JSON: Expected ',' or '}' after property value"],
    ["", "1: is no valid JSON: Unexpected end of JSON input"],
    ["nonsense", "1: is no valid JSON: Unexpected token 'o'"],
    ['[\n  {"title": "a"},\n  {"titel": "b"}\n]', "3: [1].titel is not a key of a task; did you mean [1].title?"],
    ['{"tasks": [\n {"title": ""}]}', '2: tasks[0].title is ""; it must be a text that is not empty'],
    ['[\n{"title": "a",\n "done": "yes"}]', '3: [0].done is "yes"; it must be true or false'],
    ['[\n{"title": "a",\n "due": "2026-02-30"}]', '3: [0].due is "2026-02-30"; it must be a day such as 2026-12-01'],
    ['[{"title": "a", "labels": "x"}]', '1: [0].labels is "x"; it must be a list'],
    ['"a"', '1: is "a"; it must be an object'],
  ])("%j", (text, fault) => {
    expect(faults(text)).toContainEqual(expect.stringContaining(fault));
  });
});
