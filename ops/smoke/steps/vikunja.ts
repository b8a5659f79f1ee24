// Task lists in Vikunja, through Caddy.
import { tasksFromJson } from "../../import/json.ts";
import { tasksFromMarkdown } from "../../import/markdown.ts";
import { importTasks } from "../../import/run.ts";
import type { ListedTask } from "../../import/task-list.ts";
import { type Bus, expectThat, type Step } from "../step.ts";

const markdown = "- [ ] read\n- [x] write\n- [ ] think\n  twice\n";
const json = JSON.stringify([{ title: "think" }, { title: "answer", due: "2030-01-01" }]);

/** The title of a project of this run, which is deleted with all that is in it when the step ends. */
export function ownProject(bus: Bus, what: string): string {
  const title = `${bus.name} ${what}`;
  bus.undo(`Vikunja project ${title}`, async () => {
    const vikunja = await bus.vikunja();
    for (const project of await vikunja.projects(title))
      if (project.title === title) await vikunja.deleteProject(project.id);
  });
  return title;
}

async function run(bus: Bus): Promise<undefined> {
  const vikunja = await bus.vikunja();
  const title = ownProject(bus, "list");
  const take = (tasks: ListedTask[]) => importTasks(vikunja, title, tasks);
  const [first, second] = [tasksFromMarkdown(markdown).tasks, tasksFromJson(json).tasks];
  const made = (await take(first)).made;
  expectThat(made === 3, `${made} tasks of a Markdown list were made instead of 3`);
  const more = (await take(second)).made;
  expectThat(more === 1, `${more} tasks of a JSON list were made instead of the 1 that was new`);
  const { made: twice, project } = await take([...first, ...second.slice(1)]);
  expectThat(twice === 0, `a second import made ${twice} tasks again`);
  const tasks = await vikunja.tasks(project?.id as number);
  const said = tasks.map((task) => `${task.title}${task.done ? "!" : ""}`).join(" ");
  expectThat(said === "read write! think answer", `Vikunja has other tasks than were imported: ${said}`);
  const id = tasks[0]?.id as number;
  await vikunja.updateTask(id, { done: true });
  expectThat((await vikunja.task(id)).done, "a task that was marked done is not");
}

export const vikunjaSteps: Step[] = [
  {
    service: "vikunja",
    title: "task lists are imported once, read back and marked done",
    needs: ["caddy"],
    doors: ["caddy.port"],
    run,
  },
];
