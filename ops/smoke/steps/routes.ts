// Every route of Caddy, a step each.

import { vikunjaHasPort, vikunjaHost } from "../../../components/caddy/front-door.ts";
import { caddySite } from "../../../components/caddy/site.ts";
import type { StackConfig } from "../../../components/config/keys/base.ts";
import { definitionsOf } from "../../../components/services.ts";
import type { Answer } from "../../clients/http.ts";
import { type Bus, expectThat, NotRun, type Step, Wrong } from "../step.ts";

/** What a GET has to be answered with. */
interface Wanted {
  path: string;
  status: number;
  /** What else has to be right. */
  is?: (answer: Answer) => boolean;
  /** Under another name than the front door's. */
  host?: string;
  /** At the port of Vikunja's pages. */
  ownPort?: boolean;
}

const route = (title: string, { path, status, is, host, ownPort = false }: Wanted, needs?: string[]): Step => ({
  service: "caddy",
  title,
  ...(needs && { needs }),
  doors: [ownPort ? "caddy.vikunja" : "caddy.port"],
  run: async ({ door, pages }) => {
    const headers: Record<string, string> = host === undefined ? {} : { Host: host };
    const answer = await (ownPort ? pages : door).ask("GET", path, { headers });
    expectThat(answer.status === status, `GET ${path} is answered with ${answer.status} instead of ${status}`);
    expectThat(is?.(answer) !== false, `the answer to GET ${path} is not what it should be`);
    return undefined;
  },
});

const isHtml = ({ headers }: Answer) => /^text\/html/.test(headers["content-type"] ?? "");

/** The routes of a configuration, the user's own at the end. */
export function routeSteps(config: StackConfig): Step[] {
  const page = vikunjaHost(config);
  const ownPort = vikunjaHasPort(config);
  const { routes, sites } = caddySite(config, definitionsOf(config));
  return [
    route("/ is the landing page", { path: "/", status: 200, is: isHtml }),
    route("/healthz answers", { path: "/healthz", status: 200 }),
    route("what nobody has is a 404", { path: `/xnai-smoke-${process.pid}`, status: 404 }),
    route("/vikunja/api leads to Vikunja", { path: "/vikunja/api/v1/info", status: 200, is: hasVersion }, ["vikunja"]),
    route("/vikunja/ leads to Vikunja's pages", { path: "/vikunja/", status: 302 }, ["vikunja"]),
    route(`${page} has Vikunja's pages`, { path: "/", status: 200, ...(ownPort ? { ownPort } : { host: page }) }, [
      "vikunja",
    ]),
    ...routes.map(({ path, upstream }) => ownRoute(path, upstream)),
    ...sites.map(({ name, ...at }) => {
      const [where, asked] =
        "path" in at ? [at.path, { path: `${at.path}/` }] : [at.host, { path: "/", host: at.host }];
      return route(`${where} is the site ${name}`, { ...asked, status: 200, is: isHtml });
    }),
  ];
}

const hasVersion = ({ body }: Answer) => typeof JSON.parse(body).version === "string";

/** A route to a container of the user's. Whatever it says to an unknown caller is an answer; only Caddy says 502 to 504. */
const ownRoute = (path: string, upstream: string): Step => ({
  service: "caddy",
  title: `${path} leads to ${upstream}`,
  doors: ["caddy.port"],
  run: async (bus) => {
    const { status } = await bus.door.ask("GET", `${path}/`);
    if (![502, 503, 504].includes(status)) {
      expectThat(status < 500, `GET ${path}/ is answered with ${status}`);
      return `answers ${status}`;
    }
    return unanswered(bus, upstream.replace(/:\d+$/, ""), `GET ${path}/ is answered with ${status}`);
  },
});

async function unanswered(bus: Bus, name: string, said: string): Promise<never> {
  const state = await bus.container(name);
  if (state === "absent") throw new NotRun(`no container on the stack's network has the name ${name} yet`);
  throw new Wrong(
    `${said}: the container ${name} ${state === "running" ? "runs, but does not answer there" : "has stopped"}`,
  );
}
