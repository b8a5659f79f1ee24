import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Vikunja } from "../../../ops/clients/vikunja.ts";
import { tasksFromMarkdown } from "../../../ops/import/markdown.ts";
import { summaryText } from "../../../ops/import/plan.ts";
import { asHtml, type ImportOptions, importTasks } from "../../../ops/import/run.ts";
import { FakeVikunja } from "../../support/fake-vikunja.ts";

let fake: FakeVikunja;
let vikunja: Vikunja;

beforeEach(async () => {
  fake = await FakeVikunja.start();
  vikunja = await open();
});
afterEach(async () => {
  await vikunja.close();
  await fake.stop();
});

const open = (password = fake.password) =>
  Vikunja.open({ host: "127.0.0.1", port: fake.port }, { username: "xnai", password });
const run = (text: string, options?: ImportOptions) =>
  importTasks(vikunja, "Bus", tasksFromMarkdown(text).tasks, options);
const titles = () => fake.tasks.map(({ title, done }) => `${title}${done ? " (done)" : ""}`);
const writes = () => fake.requests.filter((each) => !/^GET|login|logout|refresh/.test(each));

const list = "- [ ] one #bus #x\n  <why> & how\n\n  more\n- [x] two\n- [ ] one\n";

describe("a first import", () => {
  it("makes the project and its tasks, in order", async () => {
    expect(await run(list)).toMatchObject({ newProject: true, made: 3, unchanged: 0 });
    expect(fake.projects).toMatchObject([{ title: "Bus" }]);
    expect(titles()).toEqual(["one", "two (done)", "one"]);
    expect(fake.tasks[0]).toMatchObject({
      description: "<p>&lt;why&gt; &amp; how</p><p>more</p>",
      labels: [{ title: "bus" }, { title: "x" }],
    });
  });

  it("changes nothing as a dry run, and says what it would do", async () => {
    expect(await run(list, { dryRun: true })).toMatchObject({ newProject: true, project: undefined, made: 3 });
    expect(writes()).toEqual([]);
  });

  it("does not take a project for another whose title only contains its own", async () => {
    fake.projects = [{ id: 99, title: "Bus stops" }];
    expect((await run("- [ ] a")).newProject).toBe(true);
  });

  it("refuses to choose between two projects of that title", async () => {
    fake.projects = [7, 8].map((id) => ({ id, title: "Bus" }));
    await expect(run("- [ ] a")).rejects.toThrow('Vikunja has 2 projects with the title "Bus"');
    expect(writes()).toEqual([]);
  });
});

describe("a second import", () => {
  it("makes nothing twice, over several pages of tasks too", async () => {
    const many = Array.from({ length: 120 }, (_, index) => `- [ ] task ${index}\n`).join("");
    await run(many);
    const before = writes().length;
    expect(await run(many)).toMatchObject({ newProject: false, made: 0, unchanged: 120 });
    expect(writes()).toHaveLength(before);
  });

  it("adds what is new: tasks, labels, and that something is done; the rest of a task stays as it is", async () => {
    await run("- [ ] one\n- [ ] two\n");
    Object.assign(fake.tasks[0] as object, { description: "<p>by hand</p>", due_date: "2030-01-01T00:00:00Z" });
    const summary = await run("- [x] one due:2027-01-01\n  other\n- [ ] two #bus\n- [ ] three\n");
    expect(summary).toMatchObject({ made: 1, finished: 1, labelled: 1, unchanged: 0 });
    expect(titles()).toEqual(["one (done)", "two", "three"]);
    expect(fake.tasks[0]).toMatchObject({ description: "<p>by hand</p>", due_date: "2030-01-01T00:00:00Z" });
    expect(fake.tasks[1]?.labels).toMatchObject([{ title: "bus" }]);
  });

  it("reopens nothing, and says so", async () => {
    await run("- [ ] one\n");
    Object.assign(fake.tasks[0] as object, { done: true });
    const summary = await run("- [ ] one\n");
    expect(titles()).toEqual(["one (done)"]);
    expect(summaryText(summary, false)).toBe(
      "0 tasks made, 1 there already\n1 task done in Vikunja and open in the file: it stays done",
    );
  });

  it("finishes one that was cut off between a task and its labels", async () => {
    fake.instead = (request) =>
      request.endsWith("/labels") && request.startsWith("PUT /tasks") ? [500, {}] : undefined;
    await expect(run(list)).rejects.toThrow(
      /Vikunja answers 500 to PUT .*\nThe import ended at "one" \(line 1\): 0 of 3 tasks were done with/,
    );
    fake.instead = () => undefined;
    expect(await run(list)).toMatchObject({ made: 2, labelled: 1 });
    expect(titles()).toEqual(["one", "two (done)", "one"]);
    expect(fake.labels.map(({ title }) => title)).toEqual(["bus", "x"]);
  });
});

describe("the way in", () => {
  it("renews a token that has run out in the middle, and leaves no session", async () => {
    fake.instead = (request, times) => {
      if (request.startsWith("PUT /projects/") && times === 2) fake.expire();
      return undefined;
    };
    await run(list);
    expect(titles()).toHaveLength(3);
    await vikunja.close();
    expect(fake.sessions).toBe(0);
  });

  it("says what to do about another password, without showing the one it tried", async () => {
    const error = await open("one that is secret").catch((caught: Error & { fix: string }) => caught);
    expect(error).toMatchObject({ code: 1, message: expect.stringContaining("was changed there") });
    expect((error as { fix: string }).fix).toContain("--token-file");
    expect(JSON.stringify(error) + String(error)).not.toContain("one that is secret");
  });

  it("takes an API token, and leaves it valid", async () => {
    const other = await Vikunja.open({ host: "127.0.0.1", port: fake.port }, { token: "tk_00ff" });
    expect(await other.projects("")).toEqual([]);
    await other.close();
    expect(fake.requests).not.toContain("POST /user/logout");
  });

  it("stops between two tasks when it is told to", async () => {
    const stopping = new AbortController();
    fake.instead = (request, times) => {
      if (request.startsWith("PUT /projects/") && times === 2) stopping.abort(new Error("told to stop"));
      return undefined;
    };
    await expect(run(list, { stop: stopping.signal })).rejects.toThrow("told to stop");
    expect(titles()).toEqual(["one", "two (done)"]);
  });
});

it("descriptions are HTML in which nothing of the text is markup", () => {
  expect(asHtml("a\n<b>\n\n&c")).toBe("<p>a<br>&lt;b&gt;</p><p>&amp;c</p>");
  expect(asHtml("")).toBe("");
});
