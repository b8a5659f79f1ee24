// Vikunja, tasks and projects: reachable through Caddy only, registration closed, nothing that calls out.
import { frontDoor, frontDoorInside, throughFrontDoor, vikunjaHasPort, vikunjaPage } from "../caddy/front-door.ts";
import { scratch } from "../definition/container.ts";
import { secretItself, secretText } from "../definition/secret.ts";
import type { ServiceDefinition } from "../definition/service.ts";
import { renewedEveryDays, seedName, tokenRole } from "./apps.ts";
import { vikunjaForApps, vikunjaKeys } from "./config.ts";
import { defaultMemoryMiB, vikunjaEnv, vikunjaFiles, vikunjaProgram } from "./environment.ts";
import { firstUser, passwordRotation, tokenFor, userPassword } from "./first-user.ts";

/** Vikunja takes any key, even an empty one, with which everybody could sign. */
const leastSigningKeyBytes = 32;

const apiPath = "/vikunja/api/v1";

/** The image is nothing but the program: no shell, and a health check without one. */
export const vikunja: ServiceDefinition = {
  name: "vikunja",
  type: "xnai:index:Vikunja",
  image: {
    hub: "vikunja/vikunja:2.5.0@sha256:22df4c1bc8843c28d383bc5f52b59e7b601bf5f6560b36b29c0a500833c77fa3",
    standIn: true,
  },
  keys: vikunjaKeys,
  stopsWith: { postgres: "Vikunja keeps its data there" },
  // Signs the tokens of everybody who logs in.
  secrets: {
    vikunjaSecret: { length: 64 },
    [seedName]: { seedOf: "vikunjaUserPassword", formerParent: { type: "xnai:index:FirstUser", name: "vikunja-user" } },
  },
  data: { files: vikunjaFiles },
  files: () => ({
    "database.password": secretItself("vikunjaDatabasePassword"),
    "signing.key": secretItself("vikunjaSecret", leastSigningKeyBytes),
  }),
  container: (config) => ({
    command: ["web"],
    env: vikunjaEnv(config),
    // Exports are put together here.
    tmpfs: { "/tmp": scratch(64) },
    networks: { web: "vikunja", db: "vikunja" },
    // Opens a connection to the database of its own, and takes 0.2 s of CPU.
    health: { test: [vikunjaProgram, "healthcheck"], timeoutSeconds: 10 },
    // SIGTERM would end it at once, with requests under way.
    stopSignal: "SIGINT",
    stopGraceSeconds: 20,
    limits: { memoryMiB: defaultMemoryMiB, cpus: 1 },
  }),
  tasks: { afterStart: [firstUser] },
  outputs: (config) => {
    const door = config.services.vikunja ? frontDoor(config) : undefined;
    return [
      { name: "vikunjaUrl", title: "pages", value: door && vikunjaPage(config) },
      { name: "vikunjaApi", title: "API", value: door && `${door}${apiPath}` },
      { name: "vikunjaUser", title: "first user", value: config.vikunja.user.name },
      { name: "vikunjaEmail", value: config.vikunja.user.email },
      {
        name: "vikunjaPassword",
        title: "password, unless changed there",
        value: secretText([seedName], (seed) => userPassword(seed, passwordRotation(config))),
      },
    ];
  },
  forApps: {
    keys: { vikunja: vikunjaForApps.optional() },
    secrets: { [tokenRole]: { renewedEveryDays } },
    offers: {
      url: (_, config) => `${frontDoorInside(config)}${apiPath}`,
      token: ({ secret }) => secretItself(secret(tokenRole)),
    },
    issues: { [tokenRole]: tokenFor },
  },
  card: (config) => ({
    title: "Vikunja",
    what: "Tasks and projects.",
    places: [["API", `${apiPath}/`]],
    links: [{ text: "Open Vikunja", href: vikunjaHasPort(config) ? "/vikunja/" : vikunjaPage(config) }],
    ownPages: true,
  }),
  // Reached and checked through Caddy: Consul is on one network only.
  catalogueEntry: (config) =>
    config.services.caddy ? { ...throughFrontDoor(config, `${apiPath}/info`), meta: { path: apiPath } } : undefined,
};
